internal import GSLSupport
internal import LaneMath

/// What determinants need of a graph: log det(a Q̃ + b I) for every a ≥ 0 and b > 0.
///
///     log det(a Q̃ + b I) = V log b + Σᵢ log(1 + (a/b) dᵢ)
///
/// dᵢ the eigenvalues of Q̃. In graphs of up to `denseLimit` sites they are computed. In larger ones the sum is a band
/// Cholesky determinant at Chebyshev points of t = log(a/b), and the polynomial through them between: the sum is
/// analytic for |Im t| < π, so that the error falls like 1.41⁻ᵏ (below 10⁻³ of a log density at the number of points used).
public struct FieldSpectrum: Sendable {
  /// Up to this many sites the eigenvalues are computed.
  public static let denseLimit = 256
  private static let pointCount = 48
  private static let reach = 9.0

  /// V.
  public let siteCount: Int
  /// The rank of Q.
  public let rank: Int
  /// Sites without neighbours, whose eigenvalue is 1.
  public let isolatedCount: Int
  /// No eigenvalue is larger (Gershgorin).
  public let bound: Double
  /// Σᵢ dᵢ.
  public let trace: Double
  private var eigenvalues: [Double] = []
  private var coefficients: [Double] = []
  /// The derivative of the polynomial at the largest t.
  private var endSlope = 0.0

  /// The spectrum of `graph`.
  public init(_ graph: SiteGraph) {
    siteCount = graph.siteCount
    rank = graph.rank
    isolatedCount = graph.isolatedCount
    var degrees = [Double](repeating: 0, count: graph.siteCount)
    for edge in graph.edges {
      degrees[edge.first] += graph.scaledWeight(edge)
      degrees[edge.second] += graph.scaledWeight(edge)
    }
    bound = max(2 * (degrees.max() ?? 0), 1)
    trace = degrees.reduce(0, +) + Double(graph.isolatedCount)
    if graph.edges.isEmpty {
      eigenvalues = [Double](repeating: 1, count: siteCount)
    } else if graph.siteCount <= Self.denseLimit {
      eigenvalues = SymmetricEigenvalues.of(graph.scaledPrecision(), order: siteCount).map { max(0, $0) }
    } else {
      coefficients = Self.fit(graph)
      // T_j'(1) = j².
      endSlope = coefficients.indices.reduce(0) { $0 + Double($1 * $1) * coefficients[$1] } / Self.reach
    }
  }

  /// log det(`a` Q̃ + `b` I).
  public func logDeterminant(_ a: Double, _ b: Double) -> Double {
    let count = Double(siteCount)
    guard a > 0 else { return count * Double.log(b) }
    if !eigenvalues.isEmpty {
      // Products of a few factors stay in range and cost one logarithm.
      var (sum, product) = (0.0, 1.0)
      for (index, eigenvalue) in eigenvalues.enumerated() {
        product *= a * eigenvalue + b
        if index % 16 == 15 {
          sum += Double.log(product)
          product = 1
        }
      }
      return sum + Double.log(product)
    }
    let t = Double.log(a / b)
    let isolated = Double(isolatedCount)
    if t < -Self.reach { return count * Double.log(b) + (a / b) * trace }
    let inside = min(t, Self.reach)
    var sum = chebyshev(inside / Self.reach) + Double(rank) * (t - inside)
    // Beyond: r t + log pdet + S e⁻ᵗ with S e⁻ᵀ = r − slope at the end T.
    if t > inside { sum -= (Double(rank) - endSlope) * (1 - Double.exp(inside - t)) }
    return count * Double.log(b) + sum + isolated * Double.log(1 + a / b)
  }

  /// ½ log det P of the Leroux precision P = λ Q̃ + (1 − λ) I.
  public func halfLogDeterminant(dependence: Double) -> Double {
    0.5 * logDeterminant(dependence, 1 - dependence)
  }

  /// Clenshaw's sum of the series at u in [−1, 1].
  private func chebyshev(_ u: Double) -> Double {
    var (b1, b2) = (0.0, 0.0)
    for coefficient in coefficients.dropFirst().reversed() { (b1, b2) = (coefficient + 2 * u * b1 - b2, b1) }
    return coefficients[0] + u * b1 - b2
  }

  private static func fit(_ graph: SiteGraph) -> [Double] {
    var place = [Int](repeating: 0, count: graph.siteCount)
    for (index, site) in graph.bandOrder.enumerated() { place[site] = index }
    let band = SiteBand(
      graph.edges.map { (place[$0.first], place[$0.second], graph.scaledWeight($0)) }, count: graph.siteCount)
    let n = pointCount
    let values = (0..<n).map { k in
      let u = Double.cosineAndSine(turns: Double(2 * k + 1) / Double(4 * n)).cosine
      return band.regularized(weight: Double.exp(reach * u))?.logDeterminant ?? .nan
    }
    return (0..<n).map { j in
      let sum = values.indices.reduce(0) { sum, k in
        let turns = Double(j * (2 * k + 1)) / Double(4 * n)
        return sum + values[k] * Double.cosineAndSine(turns: turns - turns.rounded(.down)).cosine
      }
      return (j == 0 ? 1 : 2) * sum / Double(n)
    }
  }
}
