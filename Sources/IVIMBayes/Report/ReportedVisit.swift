internal import Diagnostics
internal import Reporting

/// One visit: the runs of its scans, diffusion and T1.
struct ReportedVisit: Sendable {
  let mark: VisitMark
  /// "before", "after", or empty for the only visit.
  let label: String
  let runs: [ReportedRun]

  /// Lesions over all runs, in their order.
  var lesions: [ReportedLesion] {
    runs.flatMap(\.lesions).reduce(into: []) { found, lesion in
      if !found.contains(where: { $0.label == lesion.label }) { found.append(lesion) }
    }
  }

  /// The run that has `parameter`.
  func run(of parameter: String) -> ReportedRun? {
    runs.first { run in run.values.contains { $0.parameter == parameter } }
      ?? runs.first { $0.folder.mappedParameters().contains(parameter) }
  }

  func value(_ parameter: String, of lesion: String) -> ReportedValue? {
    runs.lazy.compactMap { $0.value(parameter, of: lesion) }.first
  }

  func draws(_ parameter: String, of lesion: String) -> [Double] {
    (runs.lazy.compactMap { $0.chains(parameter, of: lesion) }.first ?? []).flatMap { $0 }
  }

  func priorDraws(_ parameter: String, of lesion: String) -> [Double] {
    runs.lazy.map { $0.priorDraws(parameter, of: lesion) }.first { !$0.isEmpty } ?? []
  }

  /// The parameters that pages show, in their order.
  var parameters: [String] { ParameterName.ordered(runs.flatMap(\.values).map(\.parameter)) }

  var verdict: Verdict { runs.map(\.record.verdict).worst }
}
