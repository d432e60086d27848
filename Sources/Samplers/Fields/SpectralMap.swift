public import LaneMath

/// Functions of Q̃ applied to fields, by Chebyshev polynomials: f(Q̃) x in a number of products with Q̃ that does not
/// depend on the number of sites.
///
/// Four fields are carried side by side, each with a function of its own. On the spectrum [0, bound] the functions here
/// have their nearest singularity at −b/a; the error falls like ρ⁻ⁿ, ρ = (√κ + 1)/(√κ − 1), κ = 1 + bound · a/b
/// (Trefethen 2013, theorem 8.2).
@usableFromInline
struct SpectralMap: Sendable {
  /// Coefficients of the Chebyshev polynomials, lowest first.
  @usableFromInline let coefficients: [SIMD4<Double>]
  @usableFromInline let bound: Double

  /// No polynomial of higher degree is used.
  @usableFromInline static var highestDegree: Int { 160 }

  /// The degree at which the relative error is 10⁻⁸ for a condition number κ; nil beyond `highestDegree`.
  @usableFromInline
  static func degree(condition: Double) -> Int? {
    guard condition.isFinite else { return nil }
    let root = max(condition, 1 + 1e-9).squareRoot()
    let degree = 18.4 / Double.log((root + 1) / (root - 1)) + 2
    return degree <= Double(highestDegree) ? Int(degree) : nil
  }

  /// The interpolant of `functions` on [0, bound].
  @usableFromInline
  init(degree: Int, bound: Double, _ functions: (Double) -> SIMD4<Double>) {
    self.bound = bound
    let n = degree + 1
    var coefficients = [SIMD4<Double>](repeating: .zero, count: n)
    for k in 0..<n {
      let u = Double.cosineAndSine(turns: Double(2 * k + 1) / Double(4 * n)).cosine
      let value = functions(0.5 * bound * (u + 1)) * (2 / Double(n))
      var (previous, current) = (1.0, u)
      coefficients[0] += 0.5 * value
      for j in 1..<max(1, n) {
        coefficients[j] += current * value
        (previous, current) = (current, 2 * u * current - previous)
      }
    }
    self.coefficients = coefficients
  }

  /// The sum over the four fields of f(Q̃) x, to `result`; `fields` and `other` are used up.
  @inlinable
  func apply<L: Lane>(
    _ layout: SiteLayout<L>, _ fields: inout [SIMD4<Double>], _ other: inout [SIMD4<Double>],
    _ sums: inout [SIMD4<Double>], into result: inout [Double]
  ) {
    let scale = 2 / bound
    let count = layout.slotCount
    let (starts, neighbours, weights) = (layout.starts, layout.neighbours, layout.weights)
    let diagonal = layout.slotDiagonal
    for slot in 0..<count { sums[slot] = coefficients[0] * fields[slot] }
    if coefficients.count > 1 {
      for slot in 0..<count {
        var product = diagonal[slot] * fields[slot]
        for entry in starts[slot]..<starts[slot + 1] { product -= weights[entry] * fields[neighbours[entry]] }
        let next = scale * product - fields[slot]
        other[slot] = next
        sums[slot] += coefficients[1] * next
      }
    }
    for j in 2..<max(2, coefficients.count) {
      // fields holds T_(j−2) x, other T_(j−1) x.
      let coefficient = coefficients[j]
      for slot in 0..<count {
        var product = diagonal[slot] * other[slot]
        for entry in starts[slot]..<starts[slot + 1] { product -= weights[entry] * other[neighbours[entry]] }
        let next = 2 * (scale * product - other[slot]) - fields[slot]
        fields[slot] = next
        sums[slot] += coefficient * next
      }
      swap(&fields, &other)
    }
    for slot in 0..<count { result[slot] = sums[slot].sum() }
  }
}
