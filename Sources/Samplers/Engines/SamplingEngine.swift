/// How draws of independent units are made: all engines draw from the same posterior.
public enum SamplingEngine: String, Sendable, CaseIterable, Codable {
  /// Markov chains with a nested Laplace proposal (`LaneGroupSampler`): fast, and right whatever the posterior's shape.
  case metropolis
  /// The no-U-turn sampler (`NoUTurnGroupSampler`): slower, shares nothing with the others but the density.
  case nuts
  /// The Laplace approximation put right by importance resampling where k̂ allows it, Markov chains elsewhere
  /// (`LaplaceGroupSampler`).
  case laplace
  /// Independent draws from the posterior on a tensor grid (`GridGroupSampler`): exact, for a few units of up to four
  /// coordinates.
  case grid
}
