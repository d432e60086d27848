import Diagnostics
import Foundation
import InferenceCore
import TestSupport
import Testing

struct ChainDiagnosticsTests {
  static let good = SyntheticChains.autoregressive(0.5, chains: 4, draws: 500, seed: 11)

  @Test func `a monotone map of the draws leaves every rank figure as it is`() {
    let original = ChainDiagnostics(Self.good)
    let mapped = ChainDiagnostics(Self.good.map { $0.map { exp(3 * $0) } })
    #expect(mapped.bulkRHat == original.bulkRHat)
    #expect(mapped.bulkESS == original.bulkESS)
    // Quantiles of the map lie between the same two draws.
    #expect(mapped.tailESS == original.tailESS)
    // The plain figures do change: the test would notice if ranks were not used.
    #expect(!isClose(mapped.meanESS, original.meanESS, relative: 1e-3))
  }

  @Test func `the order of the chains does not matter, and the order of the draws does`() {
    let original = ChainDiagnostics(Self.good)
    let reversed = ChainDiagnostics(Self.good.reversed())
    #expect(isClose(reversed.rHat, original.rHat, relative: 1e-12))
    #expect(isClose(reversed.bulkESS, original.bulkESS, relative: 1e-12))
    let sorted = ChainDiagnostics(Self.good.map { $0.sorted() })
    #expect(sorted.bulkESS < original.bulkESS / 10)
  }

  @Test(arguments: [-0.3, 0.0, 0.5, 0.9])
  func `ESS of an AR(1) chain is near S (1 − φ) ÷ (1 + φ)`(phi: Double) {
    // Twenty replicates: the mean ESS has a relative SE below 2 % at φ = 0.9 and below 1 % else;
    // 10 % is at least five of them, a false-alarm rate below 1e-6.
    let draws = 2000
    let sizes = (0..<20).map { replicate in
      let chains = SyntheticChains.autoregressive(phi, chains: 4, draws: draws, seed: 100 + UInt64(replicate))
      return ChainDiagnostics(chains).meanESS
    }
    let theory = Double(4 * draws) * (1 - phi) / (1 + phi)
    #expect(isClose(sizes.reduce(0, +) / 20, theory, relative: 0.1))
    // The planted fault: the theory of another φ.
    let wrong = Double(4 * draws) * (1 - phi - 0.1) / (1 + phi + 0.1)
    #expect(!isClose(sizes.reduce(0, +) / 20, wrong, relative: 0.1))
  }

  @Test func `R-hat of good chains stays below 1.01, and rises for a shift and for a spread`() {
    let good = ChainDiagnostics(SyntheticChains.independent(chains: 4, draws: 1000, seed: 3))
    #expect(good.rHat < 1.01)
    var shifted = Self.good
    shifted[2] = shifted[2].map { $0 + 1 }
    #expect(ChainDiagnostics(shifted).bulkRHat > 1.05)
    var wide = Self.good
    wide[2] = wide[2].map { $0 * 4 }
    let diagnostics = ChainDiagnostics(wide)
    #expect(diagnostics.bulkRHat < 1.02)
    #expect(diagnostics.foldedRHat > 1.05)
    #expect(diagnostics.rHat == diagnostics.foldedRHat)
  }

  @Test func `a chain that drifts is seen although there is only one`() {
    let drift = (0..<1000).map { Double($0) / 300 }
    let noise = SyntheticChains.independent(chains: 1, draws: 1000, seed: 5)[0]
    #expect(ChainDiagnostics([zip(drift, noise).map { $0 + $1 }]).rHat > 1.2)
    #expect(ChainDiagnostics([noise]).rHat < 1.02)
  }

  @Test(arguments: [
    [[Double]](repeating: [Double](repeating: 2, count: 100), count: 4),
    [[1, 2, .nan, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
    [[1, 2, .infinity, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
    [[1, 2, 3], [3, 2, 1]],
    [],
  ])
  func `constant, not finite, too few or no draws give NaN everywhere`(chains: [[Double]]) {
    let diagnostics = ChainDiagnostics(chains)
    #expect(!diagnostics.isAssessable)
    for figure in [
      diagnostics.rHat, diagnostics.bulkRHat, diagnostics.foldedRHat, diagnostics.splitRHat,
      diagnostics.bulkESS,
      diagnostics.tailESS, diagnostics.meanESS, diagnostics.standardDeviationESS, diagnostics.medianESS,
      diagnostics.meanMCSE, diagnostics.standardDeviationMCSE, diagnostics.medianMCSE, diagnostics.mean,
    ] {
      #expect(figure.isNaN)
    }
  }

  @Test func `R-hat of chains that each stand still at their own value is infinite`() {
    let chains = (0..<4).map { [Double](repeating: Double($0), count: 100) }
    #expect(ChainDiagnostics(chains).rHat == .infinity)
  }

  @Test func `ties share their mean rank, so that two values give a finite R-hat`() {
    let coins = SyntheticChains.independent(chains: 4, draws: 400, seed: 8).map {
      $0.map { $0 > 0 ? 1.0 : 0 }
    }
    let diagnostics = ChainDiagnostics(coins)
    #expect(diagnostics.bulkRHat < 1.02)
    #expect(diagnostics.bulkESS > 1000)
    // z of the two groups of ties: (n₀ + 1)/2 and n₀ + (n₁ + 1)/2.
    let zeros = Double(coins.flatMap { $0 }.count { $0 == 0 })
    let scores = NormalScores(count: 1600)
    #expect(scores[(zeros + 1) / 2] < 0 && scores[zeros + (1600 - zeros + 1) / 2] > 0)
  }

  @Test func `normal scores are antisymmetric and match the formula`() {
    let scores = NormalScores(count: 7)
    #expect(scores[4] == 0)
    #expect(scores[1] == -scores[7])
    // Φ⁻¹(0.625 / 7.25), by scipy.stats.norm.ppf.
    #expect(isClose(scores[1], -1.3644887481703285, relative: 1e-12))
    #expect(scores[1] < scores[1.5] && scores[1.5] < scores[2])
    #expect(NormalScores(chainCount: 4, drawCount: 125).count == 496)
  }

  @Test func `an odd draw in the middle belongs to neither half`() {
    var chains = SyntheticChains.independent(chains: 2, draws: 201, seed: 21)
    let before = ChainDiagnostics(chains).splitRHat
    chains[0][100] = 50
    #expect(ChainDiagnostics(chains).splitRHat == before)
    chains[0][99] = 50
    #expect(ChainDiagnostics(chains).splitRHat != before)
  }

  @Test func `MCSE of the mean is the spread of means over repeated runs`() {
    // 200 runs of AR(0.7): the SD of their means has a relative SE of 5 %, the mean MCSE far less;
    // 20 % is four of them, a false-alarm rate of 6e-5.
    let runs = (0..<200).map { run in
      ChainDiagnostics(SyntheticChains.autoregressive(0.7, chains: 4, draws: 250, seed: 4000 + UInt64(run)))
    }
    let means = runs.map(\.mean)
    let centre = means.reduce(0, +) / 200
    let spread = (means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 199).squareRoot()
    let typical = runs.map(\.meanMCSE).reduce(0, +) / 200
    #expect(isClose(spread, typical, relative: 0.2))
    // The planted fault: draws taken for independent ones.
    #expect(!isClose(spread, 1 / (1000.0).squareRoot(), relative: 0.2))
  }

  @Test func `draws answer for their parameters by index`() {
    let other = SyntheticChains.independent(chains: 4, draws: 500, seed: 2)
    let chains = zip(Self.good, other).map { zip($0, $1).map { [$0, $1] } }
    let draws = Draws(parameters: [Parameter("a"), Parameter("b", unit: "ms")], chains: chains)
    #expect(draws.rHat(0) == ChainDiagnostics(Self.good).rHat)
    #expect(draws.bulkESS(1) == ChainDiagnostics(other).bulkESS)
    #expect(draws.tailESS(1) == ChainDiagnostics(other).tailESS)
    #expect(draws.summary().map(\.parameter.name) == ["a", "b"])
    #expect(draws.summary()[1].rHat == draws.rHat(1))
  }
}
