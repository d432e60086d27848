public import InferenceCore
public import LaneMath

extension LaneMode {
  /// The standard deviations of the Laplace approximation: the roots of the diagonal of (A Aᵀ)⁻¹.
  @inlinable
  public var standardDeviations: [L] {
    position.indices.map { k in
      var axis = [L](repeating: 0, count: position.count)
      axis[k] = 1
      LaneCholesky.solve(factor: factor, &axis, dimension: position.count)
      return axis[k].squareRoot()
    }
  }
}
