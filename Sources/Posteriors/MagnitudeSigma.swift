public import LaneMath

/// What is assumed of the noise σ of a magnitude likelihood, which cannot be integrated out in closed form.
public enum MagnitudeSigma<L: Lane>: Sendable {
  /// σ is known: measured in a region without signal, or from a map.
  case known(L)

  /// log σ is a coordinate, with σ² ~ IG(ν₀/2, ν₀ s²/2): drawn to the level s² of the lesion by ν₀ pseudo-observations.
  ///
  /// ν₀ = 0 is flat in log σ; there must then be more values than other coordinates.
  case pooled(pseudoObservations: L, variance: L)

  /// The number of coordinates that σ takes.
  @inlinable
  public var coordinateCount: Int { if case .pooled = self { 1 } else { 0 } }
}
