public import LaneMath

extension MagnitudePosterior {
  /// The coordinates of η with the S₀ and σ that least squares gives it: v = u = 0.
  @inlinable
  public func completed(_ eta: [L]) -> [L] {
    eta + [L](repeating: 0, count: dimension - eta.count)
  }

  /// The coordinates (η, v, u) of η, log S₀ and, if it is sampled, log σ.
  @inlinable
  public mutating func position(_ eta: [L], logAmplitude: L, logSigma: L) -> [L] {
    _ = logDensity(at: completed(eta))
    var position = completed(eta)
    position[amplitudeIndex] = logAmplitude - natural[amplitudeIndex]
    guard case .pooled = sigma else { return position }
    _ = logDensity(at: position)
    position[amplitudeIndex + 1] = logSigma - natural[amplitudeIndex + 1]
    return position
  }

  /// The best, in every lane, of the candidates for the shape's coordinates, completed.
  ///
  /// With T1 on a grid and the others at their prior means this visits every polarity of an inversion recovery, as g
  /// changes sign where it must at each T1.
  @inlinable
  public mutating func start(among candidates: [[L]]) -> [L] {
    best(of: candidates.map { completed($0) })
  }
}
