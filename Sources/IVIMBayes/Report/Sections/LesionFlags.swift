internal import Diagnostics
internal import Reporting

/// The lines of a card, each behind its glyph.
struct LesionFlags {
  let contents: ReportContents
  let subject: ReportContents.Subject
  let rows: [ReportedChange]

  /// Which changes are beyond scan-to-scan variation, and which are not to be read.
  var ofChanges: [LesionCard.Flag] {
    func names(_ chosen: [ReportedChange]) -> String {
      chosen.map { ParameterName.text($0.parameter) }.joined(separator: ", ")
    }
    var flags: [LesionCard.Flag] = []
    let readable = rows.filter(\.isReadable)
    let (beyond, within) = (readable.filter { $0.isBeyond == true }, readable.filter { $0.isBeyond == false })
    let unknown = readable.filter { $0.isBeyond == nil }
    if !beyond.isEmpty { flags.append(.init(.beyond, "<b>Yes:</b> \(names(beyond))")) }
    if !within.isEmpty {
      let tail = beyond.isEmpty ? "; these changes may be repeat-scan variation" : ""
      flags.append(.init(.within, "<b>No:</b> \(names(within))\(tail)"))
    }
    if !unknown.isEmpty {
      flags.append(.init(.open, "<b>Not known:</b> \(names(unknown))"))
    }
    let failed = rows.filter { $0.status == "fail" && !$0.isSilent }
    if !failed.isEmpty {
      flags.append(.init(.failure, "<b>Not to be used:</b> \(names(failed)), sampling failed"))
    }
    let silent = rows.filter(\.isSilent)
    if !silent.isEmpty {
      flags.append(.init(.hatched, "<b>Not interpretable:</b> \(names(silent)), prior-dominated"))
    }
    return flags
  }

  /// Which parameters the data determine.
  var ofGrades: [LesionCard.Flag] {
    let values = contents.mainParameters.compactMap {
      contents.values($0, of: subject).compactMap { $0 }.first
    }
    func names(_ grade: Grade) -> String {
      values.filter { $0.grade == grade }.map { ParameterName.text($0.parameter) }.joined(separator: ", ")
    }
    var flags: [LesionCard.Flag] = []
    let marks: [(Grade, Glyph, Markup)] = [
      (.dataDominated, .filled, "<b>Data-dominated:</b>"), (.mixed, .half, "<b>Data and prior:</b>"),
      (.priorDominated, .hatched, "<b>Do not interpret</b> (prior-dominated):"),
    ]
    for (grade, glyph, words) in marks where !names(grade).isEmpty {
      flags.append(.init(glyph, "\(words) \(names(grade))"))
    }
    let failed = values.filter { $0.status == .fail }.map { ParameterName.text($0.parameter) }
    if !failed.isEmpty {
      flags.append(
        .init(.failure, "<b>Not to be used:</b> \(failed.joined(separator: ", ")), sampling failed"))
    }
    return flags
  }
}
