import Foundation

/// A page as its reader sees it, and its parts.
struct PageText {
  let html: String

  /// Line after line, without tags, drawings and styles.
  var text: String {
    var text = html.replacing(#/<style>[\s\S]*?</style>/#, with: "").replacing(
      #/<svg[\s\S]*?</svg>/#, with: "")
    text = text.replacing(#/</(?:p|h1|h2|h3|li|tr|caption|div|figcaption|dd|title)>/#, with: "\n")
      .replacing(#/</(?:td|th|dt|span)>/#, with: " ")
    text = Self.plain(text)
    return text.split(separator: "\n").map { line in
      line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }

  /// The rows of the tables of a section: the group they stand under, their head and their cells.
  func rows(ofSection id: String) -> [(group: String, head: String, cells: [String])] {
    guard let start = html.range(of: "<section id=\"\(id)\""),
      let end = html.range(of: "</section>", range: start.upperBound..<html.endIndex)
    else { return [] }
    let section = String(html[start.lowerBound..<end.lowerBound])
    var group = ""
    var rows: [(group: String, head: String, cells: [String])] = []
    for row in section.matches(of: #/<tr[\s\S]*?</tr>/#) {
      let text = String(row.output)
      let heads = text.matches(of: #/<th[\s\S]*?</th>/#).map { Self.plain(String($0.output)) }
      let cells = text.matches(of: #/<td[\s\S]*?</td>/#).map { Self.plain(String($0.output)) }
      if text.contains("class=\"grp\"") {
        group = heads.first ?? ""
      } else if !cells.isEmpty, !text.contains("class=\"ax\"") {
        rows.append((group, heads.first ?? "", cells))
      }
    }
    return rows
  }

  /// The numbers of a text: value and decimals, "−" read as minus.
  static func numbers(_ text: String) -> [(value: Double, decimals: Int)] {
    text.matches(of: #/[−+-]?[0-9]+(?:\.[0-9]+)?/#).compactMap { match in
      let digits = String(match.output).replacing("−", with: "-").replacing("+", with: "")
      return Double(digits).map { ($0, digits.split(separator: ".").dropFirst().first?.count ?? 0) }
    }
  }

  /// Without tags, entities resolved, breaks and hard spaces as spaces.
  static func plain(_ html: String) -> String {
    html.replacing(#/<svg[\s\S]*?</svg>/#, with: "").replacing(#/<[^>]*>/#, with: "")
      .replacing("&nbsp;", with: " ").replacing("\u{a0}", with: " ").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
      .replacing("&amp;", with: "&").trimmingCharacters(in: .whitespaces)
  }
}
