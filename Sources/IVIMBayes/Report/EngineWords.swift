internal import Samplers
internal import Tables

/// How a fit got its posterior, in words.
enum EngineWords {
  /// A sentence for a methods paragraph: the engine that ran, and how long.
  static func sentence(_ configuration: FitConfiguration, version: String, subject: String) -> String {
    let program = "(IVIMBayes \(version), seed \(configuration.seed))"
    let target =
      configuration.draws.map { "\($0) draws of each chain" }
      ?? {
        let most = configuration.maxDraws ?? (configuration.lesionStructure == nil ? 4000 : 32_000)
        return "sampling until the effective sample size reached "
          + "\(TabSeparatedTable.field(configuration.minEss)) (at most \(most) draws of each chain)"
      }()
    let judged = "and judged by rank-normalised split R-hat and effective sample sizes \(program)."
    let chains = "\(configuration.chains) chains and \(target), \(judged)"
    switch SamplingEngine(rawValue: configuration.engine) {
    case .metropolis?:
      return "\(subject) were sampled by Markov chain Monte Carlo (Metropolis\u{2013}Hastings) with \(chains)"
    case .nuts?:
      return "\(subject) were sampled by the no-U-turn sampler with \(chains)"
    case .laplace?:
      return
        "\(subject) were drawn from normal approximations at the mode with Pareto-smoothed importance weights, "
        + "and by Markov chain Monte Carlo where the weights were unreliable (k-hat of 0.7 or more), as "
        + "\(configuration.chains) sets of draws, \(judged)"
    case .grid?:
      return "\(subject) were integrated over a tensor grid, without Markov chains, and drawn from it as "
        + "\(configuration.chains) sets of draws, \(judged)"
    case nil:
      return "Point estimates were computed by least squares; there is no posterior \(program)."
    }
  }
}
