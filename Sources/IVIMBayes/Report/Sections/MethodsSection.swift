internal import Foundation
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
    if let run = contents.visits.first?.runs.first {
      let configuration = run.record.configuration
      let target =
        configuration.draws.map { "\($0) draws of each chain" }
        ?? "sampling until the effective sample size reached \(TabSeparatedTable.field(configuration.minEss)) (at most \(configuration.maxDraws ?? (configuration.lesionStructure == nil ? 4000 : 32_000)) draws of each chain)"
      sentences.append(
        "Posteriors were sampled by Markov chain Monte Carlo with \(configuration.chains) chains and \(target), and judged by rank-normalised split R-hat and effective sample sizes (IVIMBayes \(run.record.version), seed \(configuration.seed))."
      )
    }
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

  private static func sentence(_ run: ReportedRun) -> String {
    let configuration = run.record.configuration
    let prior = PriorWords.clause(configuration)
    if let method = configuration.method {
      let noise = configuration.noise ?? (["vfa", "sasha"].contains(method) ? "gaussian" : "rician")
      return
        "T1 was estimated from a \(methodName(method)) series of \(run.record.settings.count) images under \(noiseName(noise)) noise, with \(prior) (“\(run.record.priorsName)”)."
    }
    let settings = run.record.settings
    let range = "\(PlotScale.label(settings.min() ?? 0)) to \(PlotScale.label(settings.max() ?? 0)) s/mm²"
    let model =
      configuration.model == "monoexponential"
      ? "The apparent diffusion coefficient (ADC) was"
      : "D, f and D* of the biexponential IVIM model, and the apparent diffusion coefficient (ADC), were"
    return
      "\(model) estimated from \(settings.count) diffusion measurements (b = \(range)) under \(noiseName(configuration.noise ?? "gaussian")) noise, with \(prior) (“\(run.record.priorsName)”)."
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

  private static func noiseName(_ noise: String) -> String {
    switch noise {
    case "rician": "Rician"
    case "gaussian": "Gaussian"
    default: noise
    }
  }
}
