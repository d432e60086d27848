internal import Diagnostics
internal import Foundation
internal import Reporting

/// The page of one patient: of one visit, or of two with what changed between them.
struct PatientPage {
  let contents: ReportContents

  func page() throws(RunError) -> Page {
    let answer = AnswerSection(contents: contents)
    var sections: [PageSection?] = [answer.section]
    if let changes = contents.changes {
      sections.append(ChangeSection(contents: contents, changes: changes).section)
    }
    sections.append(PosteriorSection(contents: contents).section)
    sections.append(GradeSection(contents: contents).section)
    sections.append(SignalSection(contents: contents).section)
    sections.append(try MapSection(contents: contents).section())
    sections.append(EfficacySection(contents: contents).section)
    sections.append(ComputationSection(contents: contents).section)
    if let changes = contents.changes {
      sections.append(ScanSection(contents: contents, changes: changes).section)
    }
    sections.append(MethodsSection(contents: contents).section)
    sections.append(ProvenanceSection(contents: contents).section)
    let isPair = contents.visits.count == 2
    return Page(
      name: isPair ? "Lesion change report" : "Scan report",
      brand: "IVIMBayes · " + (isPair ? "lesion change report" : "report of one visit"),
      headline: answer.headline,
      facts: facts, banner: ComputationSection(contents: contents).banner,
      sections: sections.compactMap { $0 },
      isSynthetic: contents.isSynthetic, maker: "IVIMBayes \(IVIMBayesVersion.current)")
  }

  private var facts: [Fact] {
    var facts: [Fact] = []
    if let changes = contents.changes { facts.append(Fact("Patient key", Markup(changes.patient))) }
    for visit in contents.visits {
      let stems = visit.runs.map(\.folder.stem).reduce(into: [String]()) {
        if !$0.contains($1) { $0.append($1) }
      }
      facts.append(
        Fact(
          visit.label.isEmpty ? "Scan" : visit.label.prefix(1).uppercased() + visit.label.dropFirst(),
          Markup(stems.joined(separator: ", "))))
    }
    facts.append(Fact("Lesions", "\(contents.subjects.count)"))
    facts.append(
      Fact("Parameters", Markup(contents.parameters.map(ParameterName.text).joined(separator: ", "))))
    let priors = contents.visits.flatMap(\.runs).map { run in
      "\(PriorWords.name(run.record.configuration)), \(run.record.priorsName)"
    }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    facts.append(Fact("Prior", Markup(priors.joined(separator: "; "))))
    if let patient = contents.changes?.patient,
      let cohort = contents.efficacy?.rows(ofPatient: patient).first?.cohortName
    {
      facts.append(Fact("Cohort", Markup(cohort)))
    }
    return facts
  }
}
