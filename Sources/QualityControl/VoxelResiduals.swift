internal import GSLSupport

/// Residuals of a lesion's voxels against curves near the lesion's own.
///
/// Each voxel is projected on the tangent of the curve at the lesion's fit: yᵢ ≈ Σⱼ Jᵢⱼ θⱼ with J = ∂(A g)/∂(A, η). One
/// small linear problem, whose matrix all voxels share, in place of one non-linear fit for each voxel.
struct VoxelResiduals {
  /// Noise SD of one average of one voxel: robust over the lesion; NaN if the kept settings leave no freedom.
  let noise: Double
  /// For each setting, the share of voxels beyond the threshold.
  let outlyingShares: [Double]

  /// - Parameters:
  ///   - signals: voxels × settings, settings fastest.
  ///   - fit: The lesion's curve; its kept settings determine each voxel's.
  ///   - averages: n of each setting.
  ///   - threshold: |standardised residual| of an outlier.
  init(_ signals: [[Double]], around fit: CurveFit, averages: [Double], threshold: Double) {
    let n = averages.count
    let p = fit.slopes.count / n
    let freedom = fit.kept.count - p
    guard freedom > 0, let projection = Self.projection(fit, averages: averages, parameterCount: p) else {
      noise = .nan
      outlyingShares = [Double](repeating: .nan, count: n)
      return
    }
    var variances: [Double] = []
    var residuals: [[Double]] = []
    for y in signals {
      let e = (0..<n).map { i in
        y[i] - zip(projection[i], fit.kept).reduce(0) { $0 + $1.0 * y[$1.1] }
      }
      residuals.append(e)
      variances.append(fit.kept.reduce(0) { $0 + averages[$1] * e[$1] * e[$1] } / Double(freedom))
    }
    // The median of χ²/ν is known: a few moving voxels do not raise the noise of all.
    let median = SpecialFunctions.chiSquaredQuantile(0.5, degreesOfFreedom: Double(freedom)) / Double(freedom)
    let sigma = (Self.median(variances) / median).squareRoot()
    let variancesOfResiduals = (0..<n).map { i -> Double in
      // Var e = σ²/n (1 − 2 hᵢᵢ) + Σ pᵢₖ² σ²/nₖ; the middle term only where i itself was fitted.
      let own = fit.kept.firstIndex(of: i).map { projection[i][$0] } ?? 0
      let spread = zip(projection[i], fit.kept).reduce(0) { $0 + $1.0 * $1.0 / averages[$1.1] }
      return max((1 - 2 * own) / averages[i] + spread, 1e-6)
    }
    noise = sigma
    outlyingShares = (0..<n).map { i in
      let limit = threshold * sigma * variancesOfResiduals[i].squareRoot()
      return Double(residuals.count { abs($0[i]) > limit }) / Double(max(residuals.count, 1))
    }
  }

  /// Rows of J (JᵀWJ)⁻¹ JᵀW: what each setting's prediction takes from each kept setting.
  private static func projection(
    _ fit: CurveFit, averages: [Double], parameterCount p: Int
  ) -> [[Double]]? {
    func slope(_ i: Int, _ j: Int) -> Double { fit.slopes[i * p + j] }
    // Columns of very different size would make the normal equations worse than they are.
    let sizes = (0..<p).map { j in fit.kept.reduce(0) { $0 + slope($1, j) * slope($1, j) }.squareRoot() }
    guard sizes.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    func column(_ i: Int, _ j: Int) -> Double { slope(i, j) / sizes[j] }
    var normal = [Double](repeating: 0, count: p * p)
    for j in 0..<p {
      for k in 0..<p {
        normal[j * p + k] = fit.kept.reduce(0) { $0 + averages[$1] * column($1, j) * column($1, k) }
      }
      normal[j * p + j] *= 1 + 1e-9
    }
    guard let factor = CholeskyFactor(normal, order: p) else { return nil }
    let fromKept = fit.kept.map { k in factor.solve((0..<p).map { averages[k] * column(k, $0) }) }
    return averages.indices.map { i in
      fromKept.map { weights in (0..<p).reduce(0) { $0 + column(i, $1) * weights[$1] } }
    }
  }

  static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
