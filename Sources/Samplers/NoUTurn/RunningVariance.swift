/// Means and variances of positions that come one at a time (Welford 1962, doi:10.2307/1266577).
struct RunningVariance: Sendable {
  private(set) var count = 0
  private var means: [Double]
  private var squares: [Double]

  init(dimension: Int) {
    means = [Double](repeating: 0, count: dimension)
    squares = means
  }

  mutating func add(_ position: [Double]) {
    count += 1
    for i in position.indices {
      let before = position[i] - means[i]
      means[i] += before / Double(count)
      squares[i] += before * (position[i] - means[i])
    }
  }

  /// Sample variances, drawn to 10⁻³ with the weight of five draws, so that a short window cannot give zero.
  ///
  /// n/(n + 5) s² + 5/(n + 5) 10⁻³: Stan Reference Manual, "HMC algorithm parameters", regularised diagonal.
  var regularised: [Double] {
    let n = Double(count)
    return squares.map { square in
      let variance = count > 1 ? square / (n - 1) : 0
      return (n * variance + 5 * 1e-3) / (n + 5)
    }
  }
}
