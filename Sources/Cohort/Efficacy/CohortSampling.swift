/// How long the Gibbs samplers of the efficacy models run.
public struct CohortSampling: Sendable, Equatable, Codable {
  /// Independent chains.
  public var chains: Int
  /// Steps of each chain that are thrown away.
  public var warmup: Int
  /// Steps of each chain that are kept.
  public var draws: Int

  /// A plan of `chains` chains of `warmup` + `draws` steps.
  public init(chains: Int = 4, warmup: Int = 500, draws: Int = 1000) {
    precondition(chains > 0 && warmup >= 0 && draws > 0, "a plan has chains and draws")
    self.chains = chains
    self.warmup = warmup
    self.draws = draws
  }

  /// For a model whose draws are printed and stored.
  public static let standard = CohortSampling()

  /// For the refits of leave-one-patient-out, where each fold predicts one patient.
  public static let fold = CohortSampling(chains: 1, warmup: 300, draws: 2000)
}

/// The share of effective treatment among patients like those to be judged.
public enum Prevalence: Sendable, Equatable, Codable {
  /// Learned from the cohort under a uniform prior, Beta(1, 1).
  case learned
  /// Given by the user, strictly between 0 and 1.
  case fixed(Double)
}
