internal import Diagnostics
internal import Reporting

/// The first section: a card for each lesion, then computation, what not to interpret, and limits.
struct AnswerSection {
  /// More lesions than this are counted in the title and listed in the tables.
  static let mostCards = 3

  let contents: ReportContents

  var section: PageSection {
    let cards = contents.subjects.count <= Self.mostCards ? contents.subjects.map(card) : []
    let boxes = [ComputationSection(contents: contents).box, silence, limits]
    return PageSection(
      "answer", label: cards.isEmpty ? "Summary" : "Per lesion", place: .first, isQuick: true,
      (cards.isEmpty ? [] : [.cards(cards)]) + [.boxes(boxes)])
  }

  /// The title, line by line.
  var headline: [Markup] {
    let subjects = contents.subjects
    if subjects.isEmpty { return ["Parameter maps without lesions: posterior of every voxel."] }
    guard contents.changes != nil else { return singleHeadline(subjects) }
    if subjects.count <= Self.mostCards {
      return subjects.map { "\($0.title): \(changeSummary($0))" }
    }
    let changed = subjects.filter { !beyond($0).isEmpty }.count
    let known = subjects.contains { subject in rows(subject).contains { $0.isBeyond != nil } }
    if !known { return ["\(subjects.count) lesions compared; scan-to-scan variation is not known."] }
    return ["\(changed) of \(subjects.count) lesions changed beyond scan-to-scan variation."]
  }

  private func singleHeadline(_ subjects: [ReportContents.Subject]) -> [Markup] {
    if subjects.count <= Self.mostCards {
      return subjects.map { subject in
        let found = contents.mainParameters.compactMap { parameter in
          contents.values(parameter, of: subject).compactMap { $0 }.first.map { (parameter, $0) }
        }
        let told = found.filter { !$0.1.isSilent && $0.1.status != .fail }.prefix(3)
        let parts = told.map { parameter, value in
          "\(ParameterName.text(parameter)) \(value.text(value.places())) \(value.display.symbol)"
            .trimmingSuffix(" ")
        }
        if parts.isEmpty { return "\(subject.title): no parameter can be interpreted." }
        return "\(subject.title): \(parts.joined(separator: ", "))."
      }
    }
    let silent = contents.silent.map {
      "\(ParameterName.text($0.parameter)) not informed by the data in \($0.lesions.count)"
    }
    return [
      "\(subjects.count) lesions measured; \(silent.isEmpty ? "every parameter informed by the data" : silent.joined(separator: ", "))."
    ]
  }

  private func rows(_ subject: ReportContents.Subject) -> [ReportedChange] {
    contents.mainParameters.compactMap { contents.changes?.row($0, of: subject.lesion.label) }
  }

  private func beyond(_ subject: ReportContents.Subject) -> [ReportedChange] {
    rows(subject).filter { $0.isReadable && $0.isBeyond == true }
  }

  /// "ADC and T1 changed beyond scan-to-scan variation."
  private func changeSummary(_ subject: ReportContents.Subject) -> String {
    let rows = rows(subject)
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

  private func card(_ subject: ReportContents.Subject) -> LesionCard {
    LesionCard(
      id: "card-\(subject.slug)", title: subject.title, subtitle: subtitle(subject),
      sentence: sentence(subject),
      question: contents.changes == nil ? "What the data determine" : "Beyond scan-to-scan variation?",
      flags: contents.changes == nil ? gradeFlags(subject) : changeFlags(subject),
      efficacy: EfficacySection(contents: contents).card(subject))
  }

  private func subtitle(_ subject: ReportContents.Subject) -> String {
    let counts = zip(contents.visits, subject.labels).map { visit, label in
      label.flatMap { label in visit.lesions.first { $0.label == label }?.voxels }
    }
    func text(_ count: Int?) -> String { count.map { $0 == 1 ? "1 voxel" : "\($0) voxels" } ?? "not found" }
    if counts.count == 2, let before = counts[0], let after = counts[1] {
      return "label \(subject.lesion.label) · \(before) → \(after) voxels"
    }
    return "label \(subject.lesion.label) · " + counts.map(text).joined(separator: " → ")
  }

  private func sentence(_ subject: ReportContents.Subject) -> Markup {
    guard contents.changes != nil else { return valueSentence(subject) }
    let rows = rows(subject)
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

  private func valueSentence(_ subject: ReportContents.Subject) -> Markup {
    let parts = contents.mainParameters.compactMap { parameter -> Markup? in
      guard let value = contents.values(parameter, of: subject).compactMap({ $0 }).first, !value.isSilent,
        value.status != .fail
      else { return nil }
      let places = value.places()
      return
        "<b>\(ParameterName.text(parameter)) \(value.text(places))\(value.display.symbol.isEmpty ? "" : " \(value.display.symbol)")</b> (\(value.interval(places)))"
    }
    return parts.isEmpty
      ? "<b>No parameter can be interpreted.</b>" : "\(parts.joined("; ")). In brackets: 90 % intervals."
  }

  private func changeFlags(_ subject: ReportContents.Subject) -> [LesionCard.Flag] {
    let rows = rows(subject)
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
      flags.append(.init(.open, "<b>Not known</b> (within-scan only): \(names(unknown))"))
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

  private func gradeFlags(_ subject: ReportContents.Subject) -> [LesionCard.Flag] {
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

  /// What must not be interpreted, with the reason.
  private var silence: NoteBox {
    var points: [Markup] = contents.silent.map { entry in
      let everywhere = entry.lesions.count == contents.subjects.count && entry.lesions.count > 1
      let place =
        everywhere
        ? "every lesion"
        : entry.lesions.count > 4
          ? "\(entry.lesions.count) lesions" : ParameterName.list(entry.lesions.map(Self.lowered))
      return "<b>\(ParameterName.text(entry.parameter)) of \(place)</b>: \(Statements.notInformed)."
    }
    if contents.visits.flatMap(\.runs).contains(where: { !$0.folder.mappedParameters().isEmpty }) {
      points.append("<b>Hatched voxels</b> in any map: prior-dominated.")
    }
    let mixed = contents.mainParameters.filter { parameter in
      contents.subjects.contains { contents.values(parameter, of: $0).contains { $0?.grade == .mixed } }
    }
    if !mixed.isEmpty {
      points.append(
        "Only partly determined by the data (mixed): \(mixed.map(ParameterName.text).joined(separator: ", "))."
      )
    }
    if points.isEmpty { points.append("Nothing: every parameter is informed by the data.") }
    return NoteBox("Do not interpret", glyph: .hatched, points: points)
  }

  private static func lowered(_ title: String) -> String {
    title.hasPrefix("Lesion") ? "l" + title.dropFirst() : title
  }

  private var limits: NoteBox {
    var points: [Markup] = []
    if contents.changes != nil {
      points += [Markup(Statements.otherCauses), Markup(Statements.pseudoprogression)]
      points += (contents.changes?.protocolDifferences ?? []).map { "The visits differ: \($0)." }
    } else {
      points.append("One visit: no change can be read from this page.")
      points.append("Differences between lesions may be due to the contour.")
    }
    if contents.efficacy != nil { points.append(Markup(Statements.concurrent)) }
    points.append("Intervals hold for the model, the noise and the priors named below.")
    return NoteBox("Limits of this page", points: points)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
