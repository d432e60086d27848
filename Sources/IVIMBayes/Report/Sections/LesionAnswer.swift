internal import Diagnostics
internal import Reporting

/// What is said of one lesion on the first screen.
struct LesionAnswer {
  let contents: ReportContents
  let subject: ReportContents.Subject

  /// The changes that sentences speak of.
  var rows: [ReportedChange] {
    contents.mainParameters.compactMap { contents.changes?.row($0, of: subject.lesion) }
  }

  /// Those beyond scan-to-scan variation.
  var beyond: [ReportedChange] {
    rows.filter { $0.isReadable && $0.isBeyond == true }
  }

  /// "ADC and T1 changed beyond scan-to-scan variation."
  var changeSummary: String {
    let rows = rows
    if rows.isEmpty || rows.allSatisfy(\.isMissing) {
      return subject.labels.first.flatMap { $0 } == nil ? "no value before." : "no value after."
    }
    let readable = rows.filter(\.isReadable)
    if readable.isEmpty { return "no change can be interpreted." }
    let changed = readable.filter { $0.isBeyond == true }.map { ParameterName.text($0.parameter) }
    if !changed.isEmpty { return "\(ParameterName.list(changed)) changed beyond scan-to-scan variation." }
    if readable.allSatisfy({ $0.isBeyond == nil }) { return "scan-to-scan variation is not known." }
    return "no change beyond scan-to-scan variation."
  }

  var card: LesionCard {
    let flags = LesionFlags(contents: contents, subject: subject, rows: rows)
    return LesionCard(
      id: "card-\(subject.slug)", title: subject.title, subtitle: subtitle,
      sentence: sentence,
      question: contents.changes == nil ? "What the data determine" : "Beyond scan-to-scan variation?",
      flags: contents.changes == nil ? flags.ofGrades : flags.ofChanges,
      efficacy: EfficacySection(contents: contents).card(subject))
  }

  private var subtitle: String {
    let counts = zip(contents.visits, subject.labels).map { visit, label in
      label.flatMap { label in visit.lesions.first { $0.label == label }?.voxels }
    }
    func text(_ count: Int?) -> String { count.map { NumberText.count($0, "voxel") } ?? "not found" }
    if counts.count == 2, let before = counts[0], let after = counts[1] {
      return "label \(subject.lesion.label) · \(before) → \(after) voxels"
    }
    return "label \(subject.lesion.label) · " + counts.map(text).joined(separator: " → ")
  }

  private var sentence: Markup {
    guard contents.changes != nil else { return valueSentence }
    let rows = rows
    if rows.isEmpty || rows.allSatisfy(\.isMissing) {
      let isBefore = subject.labels.first.flatMap { $0 } == nil
      return
        "<b>No \(isBefore ? "value before" : "value after").</b> The lesion was found at one visit only; no change is computed, and none is zero."
    }
    let words = rows.filter(\.isReadable).map(\.words)
    if words.isEmpty { return "<b>No change can be interpreted.</b>" }
    let resolved = words.filter { $0.direction == .resolved }.map { word -> Markup in
      "<b>\(word.claim)</b> \(word.support)"
    }
    let likely = words.filter { $0.direction == .likely }.map { word -> Markup in "\(word.sentence)." }
    let open = words.filter { $0.direction == .unresolved }
    if words.allSatisfy({ $0.direction == .unknown }) {
      let parts = words.prefix(3).map { Markup("\($0.parameter) \($0.median)") }
      return
        "<b>Scan-to-scan variation is not known.</b> \(parts.joined("; ")): no interval and no probability can be given."
    }
    if resolved.isEmpty && likely.isEmpty {
      let parts = open.prefix(3).map { Markup("\($0.parameter) \($0.median) \($0.support)") }
      return "<b>No change of resolved direction.</b> \(parts.joined("; "))."
    }
    var sentences = resolved.isEmpty ? [] : ["\(resolved.joined("; "))." as Markup]
    sentences += likely
    if !open.isEmpty {
      sentences.append("\(ParameterName.list(open.map(\.parameter))): direction unresolved.")
    }
    return sentences.joined(" ")
  }

  private var valueSentence: Markup {
    let parts = contents.mainParameters.compactMap { parameter -> Markup? in
      guard let value = contents.values(parameter, of: subject).compactMap({ $0 }).first, !value.isSilent,
        value.status != .fail
      else { return nil }
      let places = value.places()
      return
        "<b class=\"nw\">\(ParameterName.text(parameter)) \(value.text(places))\(value.display.symbol.isEmpty ? "" : " \(value.display.symbol)")</b> (\(value.interval(places)))"
    }
    return parts.isEmpty
      ? "<b>No parameter can be interpreted.</b>" : "\(parts.joined("; ")). In brackets: 90 % intervals."
  }
}
