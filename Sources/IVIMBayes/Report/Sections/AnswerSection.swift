internal import Diagnostics
internal import Reporting

/// The first section: a card for each lesion, then computation, what not to interpret, and limits.
struct AnswerSection {
  /// More lesions than this are counted in the title and listed in the tables.
  static let mostCards = 3

  let contents: ReportContents

  var section: PageSection {
    let cards =
      contents.subjects.count <= Self.mostCards
      ? contents.subjects.map { LesionAnswer(contents: contents, subject: $0).card } : []
    let boxes = [
      ComputationSection(contents: contents).box, SilenceBox(contents: contents).box, limits,
    ]
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
      return subjects.map { "\($0.title): \(LesionAnswer(contents: contents, subject: $0).changeSummary)" }
    }
    let changed = subjects.filter { !LesionAnswer(contents: contents, subject: $0).beyond.isEmpty }.count
    let known = subjects.contains { subject in
      LesionAnswer(contents: contents, subject: subject).rows.contains { $0.isBeyond != nil }
    }
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
