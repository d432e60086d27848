internal import Foundation
internal import Posteriors
internal import Reporting
internal import Tables

/// A paragraph for a paper, made from what the runs record.
struct MethodsSection {
  let contents: ReportContents

  var section: PageSection {
    PageSection(
      "methods", label: "Methods", heading: "Methods, ready for a paper", place: .together,
      [.quotation([Markup(paragraph)])])
  }

  private var paragraph: String {
    var sentences = contents.visits.first?.runs.map(Self.sentence) ?? []
    sentences += Self.engineSentences(contents.visits.first?.runs ?? [])
    sentences.append(
      "Lesion values are functionals of joint draws over the voxels of the lesion (geometric means for D, D*, ADC and T1); intervals are central 90 % posterior intervals. Parameters whose posterior variance exceeded three quarters of the prior variance were called prior-dominated and are not reported."
    )
    if let changes = contents.changes {
      let sources = Set(changes.rows.map(\.wsdSource)).filter { !$0.isEmpty && $0 != "n/a" }.sorted()
      sentences.append(
        "Changes between visits were computed from independently paired draws of both posteriors, widened by the scan-to-scan variation of each parameter\(sources.isEmpty ? "" : " (\(sources.joined(separator: "; ")))"); observed changes were compared with the repeatability coefficient separately."
      )
    }
    if contents.isSynthetic { sentences.append("All data reported here are simulated.") }
    return sentences.joined(separator: " ")
  }

  /// How posteriors were got: one sentence for each engine and plan among the fits.
  private static func engineSentences(_ runs: [ReportedRun]) -> [String] {
    var sentences: [String] = []
    for run in runs {
      let subject =
        runs.count > 1 ? (run.isT1 ? "Posteriors of T1" : "Posteriors of diffusion") : "Posteriors"
      let text = EngineWords.sentence(run.record.configuration, version: run.record.version, subject: subject)
      if !sentences.contains(text) { sentences.append(text) }
    }
    return sentences
  }

  private static func sentence(_ run: ReportedRun) -> String {
    let configuration = run.record.configuration
    let prior = PriorWords.clause(configuration)
    if let method = configuration.method {
      return
        "T1 was estimated from a \(methodName(method)) series of \(run.record.settings.count) images under \(configuration.noiseModel.words) noise, with \(prior) (“\(run.record.priorsName)”)."
    }
    let settings = run.record.settings
    let range = "\(PlotScale.label(settings.min() ?? 0)) to \(PlotScale.label(settings.max() ?? 0)) s/mm²"
    let model =
      configuration.model == "monoexponential"
      ? "The apparent diffusion coefficient (ADC) was"
      : "D, f and D* of the biexponential IVIM model, and the apparent diffusion coefficient (ADC), were"
    return
      "\(model) estimated from \(settings.count) diffusion measurements (b = \(range)) under \(configuration.noiseModel.words) noise, with \(prior) (“\(run.record.priorsName)”)."
  }

  private static func methodName(_ method: String) -> String {
    switch method {
    case "ir": "inversion-recovery"
    case "look-locker": "Look-Locker"
    case "molli": "MOLLI"
    case "sasha": "SASHA"
    case "vfa": "variable-flip-angle"
    default: method
    }
  }
}
