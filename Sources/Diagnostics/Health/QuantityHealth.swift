internal import Foundation

/// The verdict on the sampling of one quantity, with its flags.
///
/// Pass asks for R̂ < 1.01, bulk and tail ESS ≥ 400 and MCSE ≤ 0.05 sd; fail is R̂ ≥ 1.05, ESS < 100, chains in
/// different modes, a chain that stands still, or too few draws to judge. Everything between warns.
public struct QuantityHealth: Sendable, Equatable {
  /// What a quantity is for the run: it decides the name of its flag.
  public enum Role: String, Sendable, Codable {
    case functional
    case hyperparameter
  }

  /// The quantity, as tables print it.
  public let name: String
  /// What the quantity is for the run.
  public let role: Role
  /// The numbers judged.
  public let figures: SamplingFigures
  /// What is wrong with it; empty if it passes.
  public let flags: [HealthFlag]

  /// The worst of the flags; pass without any.
  public var verdict: Verdict { flags.map(\.severity).worst }

  /// Judges chains, chains × draws.
  public init(
    _ name: String, chains: [[Double]], role: Role = .functional, scores: NormalScores? = nil,
    limits: HealthLimits = HealthLimits()
  ) {
    let diagnostics = ChainDiagnostics(chains, scores: scores)
    let figures = SamplingFigures(diagnostics)
    let judge = Judge(subject: name, role: role, limits: limits)
    var flags = judge.flags(ofDrawsIn: chains)
    if diagnostics.isAssessable {
      let modes = ChainModes(chains, diagnostics: diagnostics, limits: limits)
      flags += judge.flags(of: figures, modes: modes)
    }
    self.init(name: name, role: role, figures: figures, flags: flags)
  }

  /// Judges the figures of a summary or a table; what needs the draws themselves is not judged.
  public init(
    _ name: String, figures: SamplingFigures, role: Role = .functional, limits: HealthLimits = HealthLimits()
  ) {
    let flags = Judge(subject: name, role: role, limits: limits).flags(of: figures, modes: nil)
    self.init(name: name, role: role, figures: figures, flags: flags)
  }

  private init(name: String, role: Role, figures: SamplingFigures, flags: [HealthFlag]) {
    self.name = name
    self.role = role
    self.figures = figures
    self.flags = flags
  }
}

/// From numbers to flags.
private struct Judge {
  let subject: String
  let role: QuantityHealth.Role
  let limits: HealthLimits

  /// What can be said before any figure is computed.
  func flags(ofDrawsIn chains: [[Double]]) -> [HealthFlag] {
    let perChain = chains.first?.count ?? 0
    let total = chains.count * perChain
    var flags: [HealthFlag] = []
    if chains.contains(where: { $0.contains { !$0.isFinite } }) {
      let count = chains.reduce(0) { $0 + $1.count { !$0.isFinite } }
      flags.append(flag(.notFinite, .fail, "\(count) of \(total) draws are NaN or infinite"))
    }
    flags += standstills(in: chains)
    if perChain < limits.drawsPerChain || Double(total) < limits.effectiveSize {
      let needed = "at least \(limits.drawsPerChain) in each chain and \(Int(limits.effectiveSize)) in all"
      flags.append(flag(.tooFewDraws, .fail, "\(chains.count) chains of \(perChain) draws (\(needed))"))
    }
    if chains.count == 1 {
      flags.append(
        flag(
          .notMixed, .warn, "one chain cannot be compared with another",
          action: "run at least two chains, better four"))
    }
    return flags
  }

  /// Chains that never move, and chains that stop for a long while.
  private func standstills(in chains: [[Double]]) -> [HealthFlag] {
    var flags: [HealthFlag] = []
    // Few distinct values, as of a count, make long runs without any fault.
    let isContinuous = chains.contains { Double(Set($0).count) > limits.distinctShare * Double($0.count) }
    for (index, chain) in chains.enumerated() where chain.count > 1 {
      let run = longestRun(in: chain)
      let name = "chain \(index + 1) of \(chains.count)"
      if run == chain.count {
        flags.append(flag(.constant, .fail, "\(name) never moves"))
      } else if isContinuous, Double(run) > limits.standstillShare * Double(chain.count),
        run >= limits.drawsPerChain
      {
        flags.append(flag(.constant, .fail, "\(name) stands still for \(run) of \(chain.count) draws"))
      }
    }
    return flags
  }

  /// The largest number of equal draws in a row.
  private func longestRun(in chain: [Double]) -> Int {
    var (longest, run) = (1, 1)
    for (previous, next) in zip(chain, chain.dropFirst()) {
      run = next == previous ? run + 1 : 1
      longest = max(longest, run)
    }
    return longest
  }

  /// What the figures say.
  func flags(of figures: SamplingFigures, modes: ChainModes?) -> [HealthFlag] {
    let size = figures.effectiveSize
    let rHat = figures.rHat
    guard rHat.isFinite || rHat == .infinity, size.isFinite else {
      return [flag(.constant, .fail, "R-hat or ESS has no value: the draws do not vary, or are too few")]
    }
    var flags: [HealthFlag] = []
    let rHatSeverity: Verdict =
      rHat >= limits.failingRHat ? .fail : rHat >= limits.rHat ? .warn : .pass
    let sizeSeverity: Verdict =
      size < limits.failingEffectiveSize ? .fail : size < limits.effectiveSize ? .warn : .pass
    let rHatText = String(format: "R-hat %.3f (limit %.3f)", rHat, limits.rHat)
    if let modes, modes.areSeparate {
      flags.append(flag(.multimodal, .fail, "\(modes.evidence), \(rHatText)"))
    }
    if rHatSeverity > .pass {
      flags.append(flag(.notMixed, rHatSeverity, rHatText, action: longer(size)))
    }
    if sizeSeverity > .pass {
      let kind: HealthFlag.Kind = role == .hyperparameter ? .slowHyperparameter : .notMixed
      let text = String(
        format: "ESS bulk %.0f, tail %.0f (limit %.0f)", figures.bulkESS.rounded(.down),
        figures.tailESS.rounded(.down), limits.effectiveSize)
      flags.append(flag(kind, sizeSeverity, text, action: longer(size)))
    }
    if figures.relativeError > limits.relativeError, sizeSeverity == .pass {
      let text = String(format: "MCSE %.3f sd (limit %.3f)", figures.relativeError, limits.relativeError)
      flags.append(flag(.notMixed, .warn, text, action: longer(size)))
    }
    return flags
  }

  /// "run about 3.4 times longer …", the factor being the ESS wanted over the ESS there is, rounded up: never 1.0.
  private func longer(_ size: Double) -> String {
    let kind: HealthFlag.Kind = role == .hyperparameter ? .slowHyperparameter : .notMixed
    // Where ESS holds and R̂ does not, ESS near 1000 is what lets R̂ pass.
    let wanted = size < limits.effectiveSize ? limits.effectiveSize : max(1000, 2 * size)
    let factor = max(1.1, (10 * wanted / size).rounded(.up) / 10)
    return kind.action.replacingOccurrences(
      of: "run longer", with: String(format: "run about %.1f times longer", factor))
  }

  private func flag(
    _ kind: HealthFlag.Kind, _ severity: Verdict, _ evidence: String, action: String? = nil
  ) -> HealthFlag {
    HealthFlag(kind, subject: subject, severity: severity, evidence: evidence, action: action)
  }
}
