public import InferenceCore
public import LaneMath

extension NormalPrior {
  /// One draw of the coordinates in every lane: μ + A⁻ᵀ z, with A Aᵀ = P.
  ///
  /// - Precondition: every coordinate has a finite standard deviation.
  @inlinable
  public func draw(using random: inout LaneRandom<L>) -> [L] {
    var factor = precision
    LaneCholesky.factor(&factor, dimension: mean.count)
    var draw = mean.map { _ in random.normalPair().0 }
    LaneCholesky.solveTransposed(factor: factor, &draw, dimension: mean.count)
    return zip(mean, draw).map { $0 + $1 }
  }
}
