/// The verdict on the ranks of one quantity, with the path that a figure shows.
public struct RankVerdict: Sendable, Equatable {
  /// What the ranks say about the draws, where they are not uniform.
  public enum Reading: String, Sendable {
    /// Truths lie too often above the draws.
    case drawsTooLow = "draws too low"
    /// Truths lie too often below the draws.
    case drawsTooHigh = "draws too high"
    /// Truths lie too often beyond the draws, on either side.
    case intervalsTooNarrow = "intervals too narrow"
    /// Truths lie too often among the middle draws.
    case intervalsTooWide = "intervals too wide"
    /// A truth or a draw was not finite.
    case notFinite = "not finite"
  }

  /// The quantity.
  public let name: String
  /// True if the distribution function of the ranks stays inside the band.
  public let holds: Bool
  /// The likeliest meaning of what is seen; a verdict only where ``holds`` is false.
  public let reading: Reading
  /// P of the χ² test with as many cells as points: a number for a text.
  public let pValue: Double
  /// z of the mean rank: positive if draws are too low.
  public let locationZ: Double
  /// z of the variance of the ranks: positive if intervals are too narrow.
  public let spreadZ: Double
  /// F̂(z_k) − z_k at z_k = k/K, k = 1 … K.
  public let differences: [Double]
  /// The lower limit of ``differences``.
  public let lowerLimits: [Double]
  /// The upper limit of ``differences``.
  public let upperLimits: [Double]

  init(_ name: String, ranks: [Int], maximumRank: Int, band: UniformityBand, unusableCount: Int) {
    let points = band.lowerCounts.count
    let (n, cell) = (Double(ranks.count), (maximumRank + 1) / points)
    func difference(_ count: Int, _ k: Int) -> Double { Double(count) / n - Double(k + 1) / Double(points) }
    self.name = name
    holds = unusableCount == 0 && band.holds(ranks: ranks, maximumRank: maximumRank)
    pValue = RankUniformityTest(ranks: ranks, maximumRank: maximumRank, cells: points).pValue
    differences = (0..<points).map { k in difference(ranks.count { $0 < (k + 1) * cell }, k) }
    lowerLimits = (0..<points).map { difference(band.lowerCounts[$0], $0) }
    upperLimits = (0..<points).map { difference(band.upperCounts[$0], $0) }
    // Mid-ranks (r + ½)/(L + 1) have mean ½, variance ≈ 1/12, and fourth central moment 1/80.
    let middle = ranks.map { (Double($0) + 0.5) / Double(maximumRank + 1) - 0.5 }
    locationZ = middle.reduce(0, +) * (12 / n).squareRoot()
    spreadZ = middle.reduce(0) { $0 + ($1 * $1 - 1.0 / 12) } * (180 / n).squareRoot()
    if unusableCount > 0 {
      reading = .notFinite
    } else if abs(locationZ) >= abs(spreadZ) {
      reading = locationZ > 0 ? .drawsTooLow : .drawsTooHigh
    } else {
      reading = spreadZ > 0 ? .intervalsTooNarrow : .intervalsTooWide
    }
  }
}
