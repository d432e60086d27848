internal import Foundation
public import InferenceCore

/// The verdict on a whole run: its quantities, its maps, and what the sampler itself reported.
///
/// The verdict is that of the worst flag. A run is not healthier than its sickest functional,
/// hyperparameter or chain; maps are judged by shares (``SiteHealth``).
public struct RunHealth: Sendable, Equatable {
  /// One verdict for each quantity of the run.
  public var quantities: [QuantityHealth]
  /// One verdict for each map.
  public var sites: [SiteHealth]
  /// Flags of the run itself: divergences, acceptance, and those that other modules found (misfit, low signal).
  public var ownFlags: [HealthFlag]

  /// The health of quantities and maps that were judged one by one.
  public init(quantities: [QuantityHealth] = [], sites: [SiteHealth] = [], flags: [HealthFlag] = []) {
    self.quantities = quantities
    self.sites = sites
    self.ownFlags = flags
  }

  /// Judges every parameter of `draws`; those named in `hyperparameters` are judged as such.
  ///
  /// `divergences` is the number after warm-up, `acceptanceRates` one rate for each chain of a random walk.
  public init(
    of draws: Draws, hyperparameters: Set<String> = [], divergences: Int = 0, acceptanceRates: [Double] = [],
    limits: HealthLimits = HealthLimits()
  ) {
    let scores = NormalScores(chainCount: draws.chainCount, drawCount: draws.drawCount)
    let quantities = draws.parameters.indices.map { index in
      let name = draws.parameters[index].name
      return QuantityHealth(
        name, chains: draws.chains(of: index),
        role: hyperparameters.contains(name) ? .hyperparameter : .functional,
        scores: scores, limits: limits)
    }
    self.init(
      quantities: quantities,
      flags: Self.samplerFlags(divergences: divergences, acceptanceRates: acceptanceRates, limits: limits))
  }

  /// Everything that is wrong, worst first; equals in the order of the quantities.
  public var flags: [HealthFlag] {
    let all = ownFlags + quantities.flatMap(\.flags) + sites.flatMap(\.flags)
    return [Verdict.fail, .warn, .pass].flatMap { severity in all.filter { $0.severity == severity } }
  }

  /// The worst of the flags; a run in which nothing was judged fails.
  public var verdict: Verdict {
    quantities.isEmpty && sites.isEmpty ? .fail : flags.map(\.severity).worst
  }

  /// The flags that a sampler's own counts raise: any divergence after warm-up warns, and so does an acceptance
  /// rate outside the limits, NaN included.
  public static func samplerFlags(
    divergences: Int, acceptanceRates: [Double], subject: String = "sampler",
    limits: HealthLimits = HealthLimits()
  ) -> [HealthFlag] {
    var flags: [HealthFlag] = []
    if divergences > 0 {
      flags.append(
        HealthFlag(
          .divergence, subject: subject, severity: .warn, evidence: "\(divergences) after warm-up (limit 0)"))
    }
    for (chain, rate) in acceptanceRates.enumerated() where !limits.acceptance.contains(rate) {
      let text = String(
        format: "acceptance %.2f (%.1f to %.1f)", rate, limits.acceptance.lowerBound,
        limits.acceptance.upperBound)
      flags.append(
        HealthFlag(.frozenAdaptation, subject: "chain \(chain + 1)", severity: .warn, evidence: text))
    }
    return flags
  }
}
