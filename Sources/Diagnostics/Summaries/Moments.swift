extension Array where Element == Double {
  /// The arithmetic mean; NaN of nothing.
  package var mean: Double { reduce(0, +) / Double(count) }

  /// The variance with n − 1, by deviations from the mean; NaN of fewer than two values, exactly 0 of equal ones.
  package var sampleVariance: Double {
    guard count > 1 else { return .nan }
    // The mean as an offset from the first value: equal values then have no rounding.
    let origin = self[0]
    let mean = origin + reduce(0) { $0 + ($1 - origin) } / Double(count)
    return reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
  }
}
