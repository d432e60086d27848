import Diagnostics
import InferenceCore
import Testing

/// Runs made good or bad on purpose.
struct RunHealthTests {
  static func draws(_ chains: [[Double]], name: String = "mean of d") -> Draws {
    Draws(parameters: [Parameter(name)], chains: chains.map { $0.map { [$0] } })
  }
  static let good = SyntheticChains.independent(chains: 4, draws: 1000, seed: 41)

  @Test func `a good run passes without a flag`() {
    let health = RunHealth(of: Self.draws(Self.good))
    #expect(health.verdict == .pass && health.flags.isEmpty)
    #expect(health.verdict.exitCode == 0 && health.verdict.word == "pass")
  }

  @Test func `a run of 50 draws fails`() {
    let health = RunHealth(of: Self.draws(SyntheticChains.independent(chains: 4, draws: 50, seed: 1)))
    #expect(health.verdict == .fail && health.verdict.exitCode == 2)
    #expect(health.flags.contains { $0.kind == .tooFewDraws && $0.evidence.contains("4 chains of 50 draws") })
    let single = RunHealth(of: Self.draws(SyntheticChains.independent(chains: 1, draws: 50, seed: 1)))
    #expect(single.verdict == .fail)
  }

  @Test func `a stuck chain fails wherever it stands, the median included`() {
    for value in [3.0, 0.0, -0.5] {
      var chains = Self.good
      chains[1] = [Double](repeating: value, count: 1000)
      let health = RunHealth(of: Self.draws(chains))
      #expect(health.verdict == .fail)
      #expect(health.flags.contains { $0.kind == .constant && $0.evidence == "chain 2 of 4 never moves" })
    }
  }

  @Test func `a chain that is stuck from the middle on fails`() {
    var chains = Self.good
    chains[3] = chains[3].prefix(500) + [Double](repeating: chains[3][500], count: 500)
    let health = RunHealth(of: Self.draws(chains))
    #expect(health.verdict == .fail)
    #expect(health.flags.contains { $0.evidence == "chain 4 of 4 stands still for 500 of 1000 draws" })
  }

  @Test func `a count that keeps its value for long is not called stuck`() {
    let counts = Self.good.map { $0.map { $0 > 2.5 ? 1.0 : 0 } }
    #expect(!QuantityHealth("n", chains: counts).flags.contains { $0.kind == .constant })
  }

  @Test func `one chain in a wrong mode fails as multimodal, and is named`() {
    var chains = Self.good
    chains[2] = chains[2].map { 6 + $0 }
    let health = RunHealth(of: Self.draws(chains))
    #expect(health.verdict == .fail)
    let flag = health.flags.first { $0.kind == .multimodal }
    #expect(flag?.evidence.hasPrefix("chain 3 lies") == true)
    // A chain in a mode of the same centre but another spread.
    var spread = Self.good
    spread[0] = spread[0].map { 5 * $0 }
    let other = RunHealth(of: Self.draws(spread))
    #expect(other.verdict == .fail)
    #expect(other.flags.contains { $0.kind == .multimodal && $0.evidence.contains("not on spread") })
  }

  @Test func `slow chains are told how much longer to run`() {
    let slow = SyntheticChains.autoregressive(0.9, chains: 4, draws: 1000, seed: 17)
    let functional = QuantityHealth("x", chains: slow)
    #expect(functional.verdict == .warn)
    let flag = functional.flags.first { $0.evidence.hasPrefix("ESS") }
    let factor = 400 / functional.figures.effectiveSize
    #expect(flag?.action.hasPrefix("run about \((factor * 10).rounded(.up) / 10) times longer") == true)
    #expect(!functional.flags.contains { $0.kind == .multimodal })
    let hyper = QuantityHealth("tau", chains: slow, role: .hyperparameter)
    #expect(hyper.flags.contains { $0.kind == .slowHyperparameter && $0.action.contains("field moves") })
    let slower = SyntheticChains.autoregressive(0.99, chains: 4, draws: 1000, seed: 17)
    #expect(QuantityHealth("tau", chains: slower, role: .hyperparameter).verdict == .fail)
  }

  @Test func `figures of a table are judged like those of chains`() {
    let chains = SyntheticChains.autoregressive(0.9, chains: 4, draws: 1000, seed: 17)
    let figures = SamplingFigures(PosteriorSummary(Parameter("x"), chains: chains))
    #expect(QuantityHealth("x", figures: figures).verdict == QuantityHealth("x", chains: chains).verdict)
    var missing = figures
    missing.tailESS = .nan
    let health = QuantityHealth("x", figures: missing)
    #expect(health.verdict == .fail && health.flags.map(\.kind) == [.constant])
    var loose = figures
    (loose.bulkRHat, loose.foldedRHat, loose.bulkESS, loose.tailESS) = (1.005, 1, 800, 800)
    loose.relativeError = 0.2
    #expect(QuantityHealth("x", figures: loose).flags.first?.evidence == "MCSE 0.200 sd (limit 0.050)")
  }

  @Test func `one chain warns, NaN fails, a constant fails`() {
    let one = QuantityHealth("x", chains: SyntheticChains.independent(chains: 1, draws: 2000, seed: 2))
    #expect(one.verdict == .warn)
    var broken = Self.good
    broken[0][7] = .nan
    #expect(QuantityHealth("x", chains: broken).flags.map(\.kind) == [.notFinite])
    #expect(
      QuantityHealth("x", chains: broken).flags.first?.evidence == "1 of 4000 draws are NaN or infinite")
    let constant = QuantityHealth(
      "x", chains: [[Double]](repeating: [Double](repeating: 1, count: 500), count: 4))
    #expect(constant.verdict == .fail && Set(constant.flags.map(\.kind)) == [.constant])
  }

  @Test func `divergences and acceptance outside 0.1 to 0.6 warn`() {
    let health = RunHealth(of: Self.draws(Self.good), divergences: 3, acceptanceRates: [0.3, 0.05, 0.2, 0.9])
    #expect(health.verdict == .warn)
    #expect(health.flags.map(\.kind) == [.divergence, .frozenAdaptation, .frozenAdaptation])
    #expect(health.flags.map(\.subject) == ["sampler", "chain 2", "chain 4"])
  }

  @Test func `steps that are accepted too seldom or, as walks, too often warn; few steps say nothing`() {
    func flag(_ accepted: Double, of tried: Double, isWalk: Bool) -> HealthFlag? {
      StepAcceptance("shift of all sites", accepted: accepted, tried: tried, isWalk: isWalk)
        .flag(subject: "chain 1 of upper")
    }
    for accepted in [100.0, 250, 600] { #expect(flag(accepted, of: 1000, isWalk: true) == nil) }
    #expect(flag(950, of: 1000, isWalk: false) == nil)
    for (accepted, isWalk) in [(0.0, true), (99, true), (601, true), (99, false)] {
      let found = flag(accepted, of: 1000, isWalk: isWalk)
      #expect(found?.kind == .frozenAdaptation && found?.severity == .warn)
      #expect(found?.action == "use a longer warm-up")
    }
    #expect(
      flag(20, of: 1000, isWalk: true)?.evidence == "shift of all sites: acceptance 0.02 (0.1 to 0.6)")
    #expect(flag(0, of: 99, isWalk: true) == nil)
  }

  @Test func `a map that has not mixed is told how much longer to run`() {
    let action = SiteHealth("d", rHat: [1.2, 1.2], effectiveSize: [160, 160]).flags.first?.action
    #expect(action?.hasPrefix("run about 2.5 times longer") == true)
    // Enough draws, but chains apart: no factor helps.
    let apart = SiteHealth("d", rHat: [1.2, 1.2], effectiveSize: [500, 500]).flags.first?.action
    #expect(apart == HealthFlag.Kind.notMixed.action)
    #expect(
      SiteHealth("d", rHat: [.nan], effectiveSize: [.nan]).flags.first?.action
        == HealthFlag.Kind.notMixed.action)
  }

  @Test func `a map is judged by the share of its sites`() {
    func health(bad: Int) -> SiteHealth {
      let rHat = (0..<1000).map { $0 < bad ? 1.2 : 1.005 }
      let sizes = (0..<1000).map { Double(400 + $0) }
      return SiteHealth("d", rHat: rHat, effectiveSize: sizes) { "(\($0), 0, 0)" }
    }
    #expect(health(bad: 9).verdict == .pass)
    #expect(health(bad: 10).verdict == .warn)
    #expect(health(bad: 50).verdict == .warn)
    #expect(health(bad: 51).verdict == .fail)
    let failing = health(bad: 60)
    #expect(failing.shareAboveFailing == 0.06 && failing.shareAboveWarning == 0.06)
    #expect(failing.worstSite.map { $0 < 60 } == true && failing.worstRHat == 1.2)
    #expect(failing.flags.first?.evidence.contains("at 6.0 % of 1000 sites, worst 1.200 at (") == true)
    #expect(
      abs(failing.firstPercentileESS - 409.99) < 1e-9 && abs(failing.fifthPercentileESS - 449.95) < 1e-9)
  }

  @Test func `a site without R-hat counts as the worst`() {
    let health = SiteHealth("d", rHat: [1.0, .nan, 1.3, 1.0], effectiveSize: [500, .nan, 80, 500])
    #expect(health.worstSite == 1 && health.worstRHat.isNaN)
    #expect(health.shareAboveFailing == 0.5 && health.verdict == .fail)
    #expect(SiteHealth("d", rHat: [], effectiveSize: []).worstSite == nil)
  }

  @Test func `the run is as healthy as its worst part, and one without parts fails`() {
    let sick = SiteHealth("d", rHat: [2, 2], effectiveSize: [5, 5])
    let health = RunHealth(quantities: RunHealth(of: Self.draws(Self.good)).quantities, sites: [sick])
    #expect(health.verdict == .fail)
    #expect(RunHealth().verdict == .fail)
    let misfit = HealthFlag(.misfit, subject: "lesion 2", severity: .warn, evidence: "p 0.001 (limit 0.005)")
    let both = RunHealth(quantities: health.quantities, sites: [sick], flags: [misfit])
    #expect(both.flags.map(\.severity) == [.fail, .warn])
  }

  @Test func `a flag reads as one sentence, and every kind has an action`() {
    let flag = HealthFlag(
      .divergence, subject: "sampler", severity: .warn, evidence: "3 after warm-up (limit 0)")
    #expect(
      flag.sentence
        == "warn: sampler: divergence: 3 after warm-up (limit 0): use a smaller step or a non-centred parameterisation"
    )
    for kind in HealthFlag.Kind.allCases { #expect(!kind.action.isEmpty) }
    #expect([Verdict.warn, .fail, .pass].worst == .fail && [Verdict]().worst == .pass)
  }
}
