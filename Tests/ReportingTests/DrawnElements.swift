import Reporting

/// The elements of a drawing, read back from its text: what a browser would be told to draw.
struct DrawnElements {
  /// One element with its attributes and the text that follows its tag.
  struct Element {
    let name: String
    let attributes: [String: String]
    let text: String

    /// A number among the attributes; NaN if it is not there.
    subscript(_ attribute: String) -> Double { attributes[attribute].flatMap(Double.init) ?? .nan }

    /// The corners of a path of straight lines.
    var corners: [(x: Double, y: Double)] {
      (attributes["d"] ?? "").matches(of: /[ML](-?[\d.]+),(-?[\d.]+)/).compactMap { match in
        guard let x = Double(match.output.1), let y = Double(match.output.2) else { return nil }
        return (x, y)
      }
    }
  }

  let elements: [Element]

  init(_ canvas: SVGCanvas) {
    elements = canvas.elements.matches(of: /<(\w+)((?: [\w-]+="[^"]*")*)\/?>([^<]*)/).map { match in
      let pairs = match.output.2.matches(of: /([\w-]+)="([^"]*)"/).map {
        (String($0.output.1), String($0.output.2))
      }
      return Element(
        name: String(match.output.1), attributes: Dictionary(pairs) { first, _ in first },
        text: String(match.output.3).replacing("\u{a0}", with: " "))
    }
  }

  init(_ figure: Figure) { self.init(figure.canvas) }

  /// The elements of one kind, in the order drawn.
  func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// What is written, in the order drawn; spaces that do not break are plain here.
  var texts: [String] { all("text").map(\.text) }

  /// The element that writes `text`.
  func text(_ text: String) -> Element? { all("text").first { $0.text == text } }

  /// True if something is filled with hatching.
  var isHatched: Bool { elements.contains { $0.attributes["fill"] == "url(#hatch)" } }
}
