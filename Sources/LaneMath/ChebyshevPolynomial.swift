/// Polynomial interpolation at Chebyshev points.
enum ChebyshevPolynomial {
  /// The coefficients of powers of u, lowest first, of the polynomial of `degree` that interpolates `function` on
  /// [−1, 1] (truncated series of 2 · degree + 2 Chebyshev points).
  ///
  /// The change from Chebyshev polynomials to powers costs two or three digits of the highest coefficients and none of
  /// the value where the series converges faster than (1 + √2)^(−k).
  static func powers(degree: Int, of function: (Double) -> Double) -> [Double] {
    let count = 2 * degree + 2
    // cos((2k + 1)π/(2 count)) as the cosine of a quarter of turns.
    let points = (0..<count).map {
      Double.cosineAndSine(turns: Double(2 * $0 + 1) / Double(4 * count)).cosine
    }
    let values = points.map(function)
    var result = [Double](repeating: 0, count: degree + 1)
    // T_k at the points, and T_k as powers, both by T_(k+1) = 2u T_k − T_(k−1).
    var (at, atPrevious) = ([Double](repeating: 1, count: count), points)
    var (powers, powersPrevious): ([Double], [Double]) = ([1], [0, 1])
    for k in 0...degree {
      let mean = zip(values, at).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
      let coefficient = k == 0 ? mean : 2 * mean
      for (power, number) in powers.enumerated() { result[power] += coefficient * number }
      let next = points.indices.map { 2 * points[$0] * at[$0] - atPrevious[$0] }
      (atPrevious, at) = (at, next)
      var nextPowers = [0] + powers.map { 2 * $0 }
      for (power, number) in powersPrevious.enumerated() where power < nextPowers.count {
        nextPowers[power] -= number
      }
      (powersPrevious, powers) = (powers, nextPowers)
    }
    return result
  }
}
