/// The overlap of two sets of draws, Σ_bins min(p, q), for quantities that are far from normal.
///
/// Bins of equal width span both sets. The noise of the counts makes the figure too small by about
/// √(bins / draws): use some thousand draws.
public enum HistogramOverlap {
  /// ∫ min of the two densities, by a histogram of `bins` cells: 0 disjoint, 1 the same counts.
  ///
  /// - An empty set, or a NaN or infinity: NaN. All draws of both sets equal: 1.
  public static func overlap(_ first: [Double], _ second: [Double], bins: Int = 50) -> Double {
    precondition(bins > 0, "a histogram has at least one bin")
    let all = first + second
    guard !first.isEmpty, !second.isEmpty, all.allSatisfy(\.isFinite), let low = all.min(),
      let high = all.max()
    else { return .nan }
    guard high > low else { return 1 }
    func shares(_ draws: [Double]) -> [Double] {
      var counts = [Double](repeating: 0, count: bins)
      for draw in draws {
        counts[min(bins - 1, Int((draw - low) / (high - low) * Double(bins)))] += 1 / Double(draws.count)
      }
      return counts
    }
    return zip(shares(first), shares(second)).reduce(0) { $0 + min($1.0, $1.1) }
  }
}
