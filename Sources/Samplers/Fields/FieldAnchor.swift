public import InferenceCore
public import LaneMath

/// The surrogates as `FieldChain.transport` sees them: one curvature for all sites, and slopes that agree with every site's
/// own surrogate at the place where it was expanded.
///
/// Coordinates o that are a site's own follow its field: o' = o + G(η' − η), G = −H_oo⁻¹ H_op. The slope and curvature of η
/// are then those of the surrogate with o at its best, b_p + Gᵀb_o and H_pp + H_po G. With H̄ the mean of the latter over
/// the sites, ℓ̃(η) = sᵀη − ½ ηᵀH̄η with s = g + H̄η₀, g the slope at η₀.
@usableFromInline
struct FieldAnchor<L: Lane>: Sendable {
  /// H̄, packed p × p.
  @usableFromInline var curvature: [Double] = []
  /// s of every slot; zero in copies.
  @usableFromInline var slopes: [SIMD4<Double>] = []
  /// G: group × (d − p) × p, p fastest.
  @usableFromInline var response: [L] = []

  @usableFromInline
  init() {}

  /// The anchor of surrogates that were expanded at `positions` (group × d, d fastest).
  @inlinable
  init(
    _ surrogate: SiteSurrogate<L>, at positions: [L], layout: SiteLayout<L>, siteCount: Int,
    fieldDimension p: Int
  ) {
    let d = surrogate.dimension
    let (own, size) = (d - p, packedIndex(d, 0))
    var totals = [Double](repeating: 0, count: packedIndex(p, 0))
    var slopeLanes = [L](repeating: 0, count: layout.groupCount * p)
    var matrix = [L](repeating: 0, count: packedIndex(own, 0))
    var column = [L](repeating: 0, count: own)
    response = [L](repeating: 0, count: layout.groupCount * own * p)
    for group in 0..<layout.groupCount {
      func information(_ i: Int, _ j: Int) -> L {
        surrogate.information[group * size + packedIndex(max(i, j), min(i, j))]
      }
      func slope(_ i: Int) -> L {
        (0..<d).reduce(surrogate.slopes[group * d + i]) {
          $0 - information(i, $1) * positions[group * d + $1]
        }
      }
      for i in 0..<own { for j in 0...i { matrix[packedIndex(i, j)] = information(p + i, p + j) } }
      LaneCholesky.factor(&matrix, dimension: own)
      for k in 0..<p {
        for i in 0..<own { column[i] = -information(p + i, k) }
        LaneCholesky.solve(factor: matrix, &column, dimension: own)
        var sum = slope(k)
        for i in 0..<own {
          response[(group * own + i) * p + k] = column[i]
          sum += column[i] * slope(p + i)
        }
        slopeLanes[group * p + k] = sum
        for j in 0...k {
          var entry = information(k, j)
          for i in 0..<own { entry += column[i] * information(p + i, j) }
          let counted = L.select(entry.areFinite, layout.own[group] * entry, 0)
          for lane in 0..<L.count { totals[packedIndex(k, j)] += counted[lane] / Double(siteCount) }
        }
      }
    }
    curvature = Self.positive(totals, dimension: p)
    slopes = [SIMD4<Double>](repeating: .zero, count: layout.slotCount)
    for group in 0..<layout.groupCount {
      for k in 0..<p {
        var sum = slopeLanes[group * p + k]
        for j in 0..<p {
          sum += curvature[packedIndex(max(k, j), min(k, j))] * positions[group * d + j]
        }
        let counted = L.select(sum.areFinite, layout.own[group] * sum, 0)
        for lane in 0..<L.count { slopes[group * L.count + lane][k] = counted[lane] }
      }
    }
  }

  /// `matrix` if it is positive semidefinite, else its diagonal without what is negative.
  @usableFromInline
  static func positive(_ matrix: [Double], dimension p: Int) -> [Double] {
    var factor = matrix
    let scale = (0..<p).reduce(0) { max($0, abs(matrix[packedIndex($1, $1)])) }
    LaneCholesky.factor(&factor, dimension: p, floor: 0)
    let isPositive = (0..<p).allSatisfy { factor[packedIndex($0, $0)] > 1e-7 * scale.squareRoot() }
    guard !isPositive else { return matrix }
    var diagonal = [Double](repeating: 0, count: matrix.count)
    for k in 0..<p { diagonal[packedIndex(k, k)] = max(0, matrix[packedIndex(k, k)]) }
    return diagonal
  }
}
