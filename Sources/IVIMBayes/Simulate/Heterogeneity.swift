internal import GSLSupport
internal import LaneMath

/// How tissue varies between the voxels of a lesion.
public struct Heterogeneity: Codable, Sendable, Equatable {
  /// The forms of variation.
  public enum Pattern: String, Codable, Sendable, CaseIterable {
    /// One tissue in every voxel.
    case homogeneous
    /// A smooth random field for each parameter.
    case correlated
    /// A slope from one side to the other, one direction for all parameters.
    case gradient
    /// A core of higher D and T1 and lower perfusion, as of necrosis, in a rim.
    case rimCore = "rim-core"
  }

  /// homogeneous, correlated, gradient or rim-core.
  public var pattern = Pattern.correlated
  /// SDs between the voxels.
  public var sd = TissueAxes(d: 0.12, f: 0.3, dstar: 0.15, t1: 0.05)
  /// The width at half maximum of the smoothing of `correlated`, mm.
  public var smoothness = 8.0

  /// A correlated lesion.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case pattern, sd
    case smoothness = "smoothness_mm"
  }

  /// The signs with which `gradient` and `rim-core` move the parameters.
  private static let signs = TissueAxes(d: 1, f: -1, dstar: -1, t1: 1)

  /// The deviation of every voxel from the lesion's centre of gravity on the axes: mean 0 and the SDs of the plan.
  ///
  /// - Parameters:
  ///   - positions: mm, one for each voxel of the lesion.
  ///   - depths: distance of each voxel from the lesion's centre, 1 at its surface.
  ///   - random: Drawn from for the fields and the direction.
  /// - Returns: One step on the axes for each voxel.
  func deviations(
    at positions: [SIMD3<Double>], depths: [Double], using random: inout RandomStream
  ) -> [TissueAxes] {
    switch pattern {
    case .homogeneous:
      return positions.map { _ in TissueAxes() }
    case .correlated:
      let fields = (0..<4).map { _ in Self.standardized(smooth(at: positions, using: &random)) }
      return positions.indices.map { voxel in sd * TissueAxes(values: fields.map { $0[voxel] }) }
    case .gradient:
      let direction = SIMD3(random.normal(), random.normal(), random.normal())
      let slope = Self.standardized(positions.map { ($0 * direction).sum() })
      return slope.map { $0 * (Self.signs * sd) }
    case .rimCore:
      let core = Self.standardized(depths.map { Double.logistic((0.65 - $0) / 0.05) })
      return core.map { $0 * (Self.signs * sd) }
    }
  }

  /// White noise at every voxel, seen through a Gaussian of the plan's width.
  private func smooth(at positions: [SIMD3<Double>], using random: inout RandomStream) -> [Double] {
    let white = positions.map { _ in random.normal() }
    let deviation = smoothness / 2.354_820
    guard deviation > 0 else { return white }
    return positions.map { here in
      zip(positions, white).reduce(0.0) { sum, other in
        let apart = other.0 - here
        return sum + other.1 * Double.exp(-(apart * apart).sum() / (2 * deviation * deviation))
      }
    }
  }

  /// `values` with mean 0 and SD 1; all 0 if they are equal.
  private static func standardized(_ values: [Double]) -> [Double] {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    return values.map { deviation > 1e-12 ? ($0 - mean) / deviation : 0 }
  }

  var complaint: String? {
    sd.areDeviations && smoothness >= 0 ? nil : "the SDs and the smoothness of a lesion must not be negative"
  }
}
