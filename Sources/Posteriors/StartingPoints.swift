public import InferenceCore
public import LaneMath

extension LaneLogDensity {
  /// The position of highest density in every lane; NaN counts as −∞.
  @inlinable
  public mutating func best(of candidates: [[L]]) -> [L] {
    precondition(!candidates.isEmpty, "at least one candidate")
    var best = candidates[0]
    var highest = L(-Double.infinity)
    for candidate in candidates {
      let value = logDensity(at: candidate)
      let isHigher = highest < value
      highest = L.select(isHigher, value, highest)
      for k in best.indices { best[k] = L.select(isHigher, candidate[k], best[k]) }
    }
    return best
  }
}

extension NormalPrior {
  /// Places on a line through the prior mean along coordinate `axis`: `count` of them, evenly from `lower` to `upper`.
  @inlinable
  public func line(along axis: Int, from lower: Double, to upper: Double, count: Int, dimension: Int) -> [[L]]
  {
    (0..<count).map { step in
      var place = Array(mean.prefix(dimension))
      place[axis] = L(lower + (upper - lower) * Double(step) / Double(count - 1))
      return place
    }
  }
}
