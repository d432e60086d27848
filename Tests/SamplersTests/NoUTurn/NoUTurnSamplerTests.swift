import Diagnostics
import Foundation
import GSLSupport
import InferenceCore
import Testing

@testable import Samplers

struct NoUTurnSamplerTests {
  static let scales = [0.1, 1, 10, 3, 0.5]
  static let starts = (0..<4).map { chain in scales.map { $0 * Double(chain - 1) } }

  private func parameters(_ count: Int) -> [Parameter] { (0..<count).map { Parameter("x\($0)") } }

  @Test func `correlated normals of scales 0.1 to 10 are recovered, with errors as large as stated`()
    async throws
  {
    let target = CorrelatedNormal(scales: Self.scales, phi: 0.8)
    let run = try await NoUTurnSampler().sample(
      target, parameters: parameters(5), from: Self.starts, warmup: 400, draws: 600, seed: 3)
    #expect(run.divergenceCount == 0)
    for (index, scale) in Self.scales.enumerated() {
      let diagnostics = run.draws.diagnostics(of: index)
      #expect(diagnostics.rHat < 1.02 && diagnostics.bulkESS > 400)
      // Ten comparisons at 4.5 standard errors: a false alarm in 7e-5 of seeds.
      #expect(abs(diagnostics.mean) < 4.5 * diagnostics.meanMCSE)
      #expect(abs(diagnostics.standardDeviation - scale) < 4.5 * diagnostics.standardDeviationMCSE)
    }
    let (a, b) = (run.draws.pooled(1), run.draws.pooled(2))
    let correlation = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / 2400 / 10
    #expect(abs(correlation - 0.8) < 0.1)
    #expect(run.acceptanceRates.allSatisfy { $0 > 0.7 && $0 < 0.95 })
  }

  /// One transition from exact draws must leave them exact draws: the test of any kernel.
  ///
  /// z of the mean, mean square and mean fourth power of one coordinate over 4000 independent transitions.
  private func worstZ(_ density: CorrelatedNormal, stepSize: Double) throws -> Double {
    var random = RandomStream(StreamKey(seed: 21, purpose: .prior))
    var powers = [[Double]](repeating: [], count: 3)
    for replicate in 0..<4000 {
      // An exact draw of the AR(1) vector.
      var z = random.normal()
      var start: [Double] = []
      for scale in density.scales {
        start.append(scale * z)
        z = density.phi * z + (1 - density.phi * density.phi).squareRoot() * random.normal()
      }
      let key = StreamKey(seed: 22, unit: replicate, purpose: .sampling)
      var chain = try NoUTurnChain(on: density, from: start, random: RandomStream(key))
      chain.stepSize = stepSize
      try chain.step()
      let x = chain.position[1] / density.scales[1]
      for (power, value) in [x, x * x, x * x * x * x].enumerated() { powers[power].append(value) }
    }
    // Moments of N(0, 1): 0, 1, 3 with variances 1, 2, 96.
    return zip(powers, [(0.0, 1.0), (1, 2), (3, 96)]).map { values, moment in
      let mean = values.reduce(0, +) / 4000
      return abs(mean - moment.0) / (moment.1 / 4000).squareRoot()
    }.max() ?? .infinity
  }

  @Test(arguments: [0.25, 0.9, 1.4])
  func `one transition leaves exact draws exact, at any step size`(stepSize: Double) throws {
    // Three moments at 4.5 standard errors, three step sizes: a false alarm in 6e-5 of seeds.
    let right = CorrelatedNormal(scales: [1, 1, 1], phi: 0.4)
    #expect(try worstZ(right, stepSize: stepSize) < 4.5)
  }

  @Test func `draws of another density are noticed by the same test`() throws {
    // The planted fault: draws of N(0, 1) handed to a sampler of N(0, 1.3²).
    struct Wider: DifferentiableLogDensity {
      var dimension: Int { 3 }
      func logDensity(at x: [Double]) throws(LogDensityError) -> Double {
        x.reduce(0) { $0 - $1 * $1 / (2 * 1.69) }
      }
      func logDensity(at x: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double {
        gradient = x.map { -$0 / 1.69 }
        return try logDensity(at: x)
      }
    }
    var random = RandomStream(StreamKey(seed: 23, purpose: .prior))
    var sum = 0.0
    for replicate in 0..<4000 {
      let start = (0..<3).map { _ in random.normal() }
      let key = StreamKey(seed: 24, unit: replicate, purpose: .sampling)
      var chain = try NoUTurnChain(on: Wider(), from: start, random: RandomStream(key))
      chain.stepSize = 0.9
      try chain.step()
      sum += chain.position[1] * chain.position[1]
    }
    #expect(abs(sum / 4000 - 1) / (2.0 / 4000).squareRoot() > 4.5)
  }

  @Test func `a wrong gradient costs acceptance and not correctness`() throws {
    // Any gradient gives a reversible, volume-preserving map: the energy decides.
    var wrong = CorrelatedNormal(scales: [1, 1, 1], phi: 0.4)
    wrong.gradientFactor = 0.6
    #expect(try worstZ(wrong, stepSize: 0.9) < 4.5)
  }

  @Test func `the funnel is flagged by divergences, and its non-centred form is not`() async throws {
    let starts = (0..<4).map { chain in [Double(chain) - 1.5] + [Double](repeating: 0.5, count: 9) }
    let funnel = try await NoUTurnSampler(maximumTreeDepth: 7).sample(
      Funnel(), parameters: parameters(10), from: starts, warmup: 300, draws: 300, seed: 5)
    #expect(funnel.divergenceCount > 0)
    let health = RunHealth(of: funnel.draws, divergences: funnel.divergenceCount)
    #expect(health.verdict > .pass && health.flags.contains { $0.kind == .divergence })
    // x_i = e^(v/2) z_i with z standard normal: (v, z) is a normal of scales 3 and 1.
    let free = CorrelatedNormal(scales: [3] + [Double](repeating: 1, count: 9), phi: 0)
    let easy = try await NoUTurnSampler().sample(
      free, parameters: parameters(10), from: starts, warmup: 300, draws: 300, seed: 5)
    #expect(easy.divergenceCount == 0)
  }

  @Test func `the edge of a support is a divergence, and the draws stay inside and right`() async throws {
    let run = try await NoUTurnSampler().sample(
      Exponential(), parameters: parameters(1), from: [[0.5], [1], [2], [3]], warmup: 500, draws: 2000,
      seed: 8)
    let diagnostics = run.draws.diagnostics(of: 0)
    #expect((diagnostics.sortedDraws.first ?? -1) >= 0)
    // Exp(1): mean 1, at 4.5 standard errors (7e-6).
    #expect(abs(diagnostics.mean - 1) < 4.5 * diagnostics.meanMCSE)
    #expect(run.divergenceCount > 0)
  }

  @Test func `warm-up learns the variances, and a step size for its target`() throws {
    let target = CorrelatedNormal(scales: [0.1, 1, 10], phi: 0)
    let key = StreamKey(seed: 6, purpose: .sampling)
    var chain = try NoUTurnChain(on: target, from: [0.1, -1, 5], random: RandomStream(key))
    try chain.warmUp(1000)
    for (variance, scale) in zip(chain.variances, target.scales) {
      // The last window has 500 draws: the ratio of variances has an SE below 0.1.
      #expect(variance / (scale * scale) > 0.6 && variance / (scale * scale) < 1.6)
    }
    var total = 0.0
    for _ in 0..<500 { total += try chain.step().acceptance }
    // The averaged step size is smaller than those tried, so more is accepted than was aimed at.
    #expect(total / 500 > 0.75 && total / 500 < 0.96)
    var strict = try NoUTurnChain(
      on: target, from: [0.1, -1, 5], sampler: NoUTurnSampler(targetAcceptance: 0.95),
      random: RandomStream(key))
    try strict.warmUp(1000)
    #expect(strict.stepSize < chain.stepSize)
  }

  @Test func `the statistics of a transition agree with each other`() throws {
    let target = CorrelatedNormal(scales: [1, 1], phi: 0.5)
    let key = StreamKey(seed: 12, purpose: .sampling)
    var chain = try NoUTurnChain(
      on: target, from: [0, 0], sampler: NoUTurnSampler(maximumTreeDepth: 3), random: RandomStream(key))
    chain.stepSize = 0.01
    let short = try chain.step()
    // Too small a step never turns within 2³ points: the depth limit ends it.
    #expect(short.treeDepth == 3 && short.leapfrogCount == 7 && !short.isDivergent)
    #expect(short.acceptance > 0.99 && short.stepSize == 0.01)
    #expect(short.logDensity == (try target.logDensity(at: chain.position)))
    #expect(short.energy >= -short.logDensity - 1)
    chain.stepSize = 1000
    let before = chain.position
    let wild = try chain.step()
    #expect(wild.isDivergent && chain.position == before && wild.acceptance < 1e-6)
  }

  @Test func `the draws do not depend on the order of the chains, and do on the seed`() async throws {
    let target = CorrelatedNormal(scales: [1, 2], phi: 0.3)
    func draws(seed: UInt64, starts: [[Double]]) async throws -> Draws {
      try await NoUTurnSampler().sample(
        target, parameters: parameters(2), from: starts, warmup: 100, draws: 50, seed: seed
      ).draws
    }
    let four = try await draws(seed: 1, starts: [[0, 0], [1, 1], [-1, 0], [0, 2]])
    #expect(try await draws(seed: 1, starts: [[0, 0], [1, 1], [-1, 0], [0, 2]]) == four)
    // A chain alone is the chain among others.
    #expect(try await draws(seed: 1, starts: [[0, 0]]).chains(of: 1)[0] == four.chains(of: 1)[0])
    #expect(try await draws(seed: 2, starts: [[0, 0]]).chains(of: 1)[0] != four.chains(of: 1)[0])
  }

  @Test func `a start outside the support and a density that breaks are errors with their chain`()
    async throws
  {
    await #expect(throws: SamplingError.impossibleStart(chain: 1, position: [-1])) {
      try await NoUTurnSampler().sample(
        Exponential(), parameters: parameters(1), from: [[1], [-1]], warmup: 50, draws: 10, seed: 1)
    }
    await #expect(throws: SamplingError.unusable(chain: 0, reason: "no table beyond 2.0")) {
      try await NoUTurnSampler().sample(
        Breaking(limit: 2), parameters: parameters(1), from: [[0]], warmup: 500, draws: 1000, seed: 1)
    }
  }

  @Test func `a cancelled task ends with its own error`() async throws {
    let task = Task {
      try await NoUTurnSampler().sample(
        CorrelatedNormal(scales: [1, 1], phi: 0), parameters: parameters(2), from: [[0, 0]], warmup: 0,
        draws: 100_000_000, seed: 1)
    }
    task.cancel()
    await #expect(throws: SamplingError.cancelled(chain: 0)) { try await task.value }
  }

  @Test func `every error says what is wrong, where, and what to do`() {
    let cases: [(SamplingError, [String])] = [
      (
        .impossibleStart(chain: 1, position: [3]),
        ["zero or not finite", "chain 2, position [3.0]", "Start inside"]
      ),
      (
        .unusable(chain: 0, reason: "NaN"),
        ["cannot be evaluated (NaN)", "chain 1", "Check the measurements"]
      ),
      (.cancelled(chain: 3), ["cancelled", "chain 4", "Run it again"]),
    ]
    for (error, parts) in cases {
      for part in parts { #expect(error.description.contains(part)) }
    }
  }
}
