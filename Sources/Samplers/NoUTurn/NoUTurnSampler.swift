public import GSLSupport
public import InferenceCore

/// The no-U-turn sampler: Hamiltonian Monte Carlo that chooses its own path length, metric and step size.
///
/// Hoffman and Gelman 2014 (Journal of Machine Learning Research 15:1593) with multinomial trajectories (Betancourt 2017,
/// arXiv:1701.02434), a diagonal metric and the windowed warm-up of Stan. Use it for models of up to some hundred
/// coordinates with gradients, and to check faster samplers.
///
/// - A divergence is data: it is counted in the statistics, and a run that has any should not be trusted near the place.
/// - Deliberately without dense metrics: correlations cost longer trajectories, not wrong answers.
public struct NoUTurnSampler: Sendable, Equatable {
  /// δ, the mean acceptance that warm-up aims at: 0.8 (Stan); closer to 1 for funnels.
  public var targetAcceptance: Double
  /// Trajectories have at most 2^depth steps: 10 (Hoffman and Gelman 2014, section 4).
  public var maximumTreeDepth: Int
  /// Energy error at which a trajectory counts as divergent: 1000 (Hoffman and Gelman 2014, section 3.1.1).
  public var energyLimit: Double

  /// A sampler with these settings.
  public init(targetAcceptance: Double = 0.8, maximumTreeDepth: Int = 10, energyLimit: Double = 1000) {
    precondition(
      (0..<1).contains(targetAcceptance) && targetAcceptance > 0, "the target lies between 0 and 1")
    precondition(maximumTreeDepth > 0 && energyLimit > 0, "depth and energy limit are positive")
    self.targetAcceptance = targetAcceptance
    self.maximumTreeDepth = maximumTreeDepth
    self.energyLimit = energyLimit
  }

  /// Draws from `density`: one chain from each of `starts`, in parallel.
  ///
  /// The streams are keyed by (`seed`, chain, `unit`), so the draws do not depend on the number of threads.
  ///
  /// - Throws: `.impossibleStart` if a chain cannot begin, `.unusable` if the density fails in one, `.cancelled` if the
  ///   task is.
  public func sample<Density: DifferentiableLogDensity>(
    _ density: Density, parameters: [Parameter], from starts: [[Double]], warmup: Int = 1000,
    draws: Int = 1000,
    seed: UInt64, unit: Int = 0, generator: Generator = .xoshiro256pp
  ) async throws(SamplingError) -> NoUTurnRun {
    precondition(parameters.count == density.dimension, "one parameter for each coordinate")
    precondition(warmup >= 0 && draws >= 0, "numbers of steps are not negative")
    let chains = await withTaskGroup(of: (Int, Result<NoUTurnRun.Chain, SamplingError>).self) { tasks in
      for (index, start) in starts.enumerated() {
        tasks.addTask {
          let key = StreamKey(seed: seed, chain: index, unit: unit, purpose: .sampling)
          let result = Result<NoUTurnRun.Chain, SamplingError> { () throws(SamplingError) in
            try chain(
              index, on: density, from: start, warmup: warmup, draws: draws,
              random: RandomStream(key, generator: generator))
          }
          return (index, result)
        }
      }
      var results: [Int: Result<NoUTurnRun.Chain, SamplingError>] = [:]
      for await (index, result) in tasks { results[index] = result }
      return starts.indices.compactMap { results[$0] }
    }
    var finished: [NoUTurnRun.Chain] = []
    for chain in chains { finished.append(try chain.get()) }
    return NoUTurnRun(parameters: parameters, chains: finished)
  }

  private func chain<Density: DifferentiableLogDensity>(
    _ index: Int, on density: Density, from start: [Double], warmup: Int, draws: Int,
    random: consuming RandomStream
  ) throws(SamplingError) -> NoUTurnRun.Chain {
    do throws(LogDensityError) {
      var chain = try NoUTurnChain(on: density, from: start, sampler: self, random: random)
      try chain.warmUp(warmup)
      var positions: [[Double]] = []
      var statistics: [NoUTurnStatistics] = []
      while positions.count < draws, !Task.isCancelled {
        statistics.append(try chain.step())
        positions.append(chain.position)
      }
      if positions.count == draws { return NoUTurnRun.Chain(positions: positions, statistics: statistics) }
    } catch {
      switch error {
      case .outsideSupport: throw .impossibleStart(chain: index, position: start)
      case .unusable(let reason): throw .unusable(chain: index, reason: reason)
      }
    }
    throw .cancelled(chain: index)
  }
}
