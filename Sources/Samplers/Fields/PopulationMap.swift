internal import GSLSupport
internal import InferenceCore
public import LaneMath

/// How whitened fields follow their population from φ to φ', under one curvature H̄ of all sites.
///
/// At the eigenvalue x of Q̃ the p fields have the precision and mean
///
///     M(x) = Lᵀ H̄ L + diag(λ x + 1 − λ) = C Cᵀ,   m(x) = M⁻¹ Lᵀ(s − H̄μ)
///
/// C lower triangular, and w = Cᵀ(z − m) stays:
///
///     z' = A z + B s + c,  A = C'⁻ᵀCᵀ,  B = C'⁻ᵀ(C'⁻¹L'ᵀ − C⁻¹Lᵀ),  c = −C'⁻ᵀ(C'⁻¹L'ᵀH̄μ' − C⁻¹LᵀH̄μ)
///
/// A and B are functions of Q̃, applied as Chebyshev polynomials (`degree` as in `SpectralMap`); c is constant over the
/// sites, on which Q̃ is 0, or 1 where a site stands alone. det M(Q̃) follows from the eigenvalues β of
/// F⁻¹ diag(λ) F⁻ᵀ, S = F Fᵀ = M(0): det M(x) = det S Π(1 + β x). The inverse of the map from φ to φ' is that from φ' to φ.
@usableFromInline
struct PopulationMap: Sendable {
  /// Chebyshev coefficients, lowest first: for each degree p columns of A and p of B.
  @usableFromInline let coefficients: [SIMD4<Double>]
  @usableFromInline let degree: Int
  /// c at sites with neighbours, and at sites alone.
  @usableFromInline let constant: SIMD4<Double>
  @usableFromInline let constantAlone: SIMD4<Double>
  /// log |dz'/dz|.
  @usableFromInline let logJacobian: Double
  @usableFromInline let dimension: Int
  @usableFromInline let bound: Double

  /// The map between two populations; nil if its degree would be beyond `SpectralMap.highestDegree`, which does not depend
  /// on their order.
  @usableFromInline
  init?(
    from old: FieldHyperparameters, to new: FieldHyperparameters, curvature: [Double],
    spectrum: FieldSpectrum,
    structure: FieldPrior.Structure
  ) {
    let p = old.dimension
    let (before, after) = (Precision(old, curvature), Precision(new, curvature))
    let (growth, newGrowth) = (before.growth, after.growth)
    guard
      let degree = structure == .exchangeable
        ? 0 : SpectralMap.degree(condition: 1 + spectrum.bound * max(growth.max() ?? 0, newGrowth.max() ?? 0))
    else { return nil }
    var logJacobian = Double(spectrum.siteCount) * (before.halfLogDeterminant - after.halfLogDeterminant)
    for (a, b) in zip(growth, newGrowth) where structure != .exchangeable {
      logJacobian +=
        0.5
        * (spectrum.transportDeterminant(a, 1, structure) - spectrum.transportDeterminant(b, 1, structure))
    }
    var room = Room(dimension: p)
    let n = degree + 1
    var values = [SIMD4<Double>](repeating: .zero, count: n * 2 * p)
    for node in 0..<n {
      let u = Double.cosineAndSine(turns: Double(2 * node + 1) / Double(4 * n)).cosine
      room.evaluate(before, after, at: 0.5 * spectrum.bound * (u + 1), into: &values, from: node * 2 * p)
    }
    coefficients = Self.interpolate(values, width: 2 * p, count: n)
    constant = room.constant(before, after, at: 0)
    constantAlone = room.constant(before, after, at: structure == .leroux ? 1 : 0)
    (self.degree, self.logJacobian, dimension, bound) = (degree, logJacobian, p, spectrum.bound)
  }

  /// Chebyshev coefficients of functions known at the Chebyshev points.
  private static func interpolate(_ values: [SIMD4<Double>], width: Int, count n: Int) -> [SIMD4<Double>] {
    var coefficients = [SIMD4<Double>](repeating: .zero, count: n * width)
    for k in 0..<n {
      let u = Double.cosineAndSine(turns: Double(2 * k + 1) / Double(4 * n)).cosine
      var (previous, current) = (u, 1.0)
      for j in 0..<n {
        let weight = current * ((j == 0 ? 1 : 2) / Double(n))
        for column in 0..<width { coefficients[j * width + column] += weight * values[k * width + column] }
        (previous, current) = (current, 2 * u * current - previous)
      }
    }
    return coefficients
  }

  /// z' of the sites from `fields` z and `slopes` s by Clenshaw's recurrence; `one` and `two` are room.
  @inlinable
  func apply<L: Lane>(
    _ layout: SiteLayout<L>, fields: [SIMD4<Double>], slopes: [SIMD4<Double>], _ one: inout [SIMD4<Double>],
    _ two: inout [SIMD4<Double>]
  ) {
    let (scale, count, p) = (2 / bound, layout.slotCount, dimension)
    let (starts, neighbours, weights, diagonal) = (
      layout.starts, layout.neighbours, layout.weights, layout.slotDiagonal
    )
    for slot in 0..<count {
      one[slot] = .zero
      two[slot] = .zero
    }
    var (a, b) = (
      [SIMD4<Double>](repeating: .zero, count: 4), [SIMD4<Double>](repeating: .zero, count: 4)
    )
    for j in stride(from: degree, through: 0, by: -1) {
      for k in 0..<p {
        a[k] = coefficients[j * 2 * p + k]
        b[k] = coefficients[j * 2 * p + p + k]
      }
      let (a0, a1, a2, a3, b0, b1, b2, b3) = (a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3])
      let factor: Double = j == 0 ? 1 : 2
      for slot in 0..<count {
        let (z, s, here) = (fields[slot], slopes[slot], one[slot])
        var next = a0 * z[0] + b0 * s[0]
        if p > 1 { next += a1 * z[1] + b1 * s[1] }
        if p > 2 { next += a2 * z[2] + b2 * s[2] }
        if p > 3 { next += a3 * z[3] + b3 * s[3] }
        if j < degree {
          var product = diagonal[slot] * here
          for entry in starts[slot]..<starts[slot + 1] { product -= weights[entry] * one[neighbours[entry]] }
          next += factor * (scale * product - here) - two[slot]
        }
        two[slot] = next
      }
      swap(&one, &two)
    }
    for slot in 0..<count {
      one[slot] += starts[slot] < starts[slot + 1] ? constant : constantAlone
    }
  }

  /// M(x) of one population.
  struct Precision {
    let dimension: Int
    /// L, packed.
    let factor: [Double]
    /// M(0), packed.
    let base: [Double]
    let dependence: [Double]
    /// Lᵀ H̄ μ.
    let level: [Double]

    init(_ hyper: FieldHyperparameters, _ curvature: [Double]) {
      let p = hyper.dimension
      let factor = hyper.factor
      func bar(_ i: Int, _ j: Int) -> Double { curvature[packedIndex(max(i, j), min(i, j))] }
      // H̄ L, row-major.
      var product = [Double](repeating: 0, count: p * p)
      for i in 0..<p {
        for k in 0..<p { for j in k..<p { product[i * p + k] += bar(i, j) * factor[packedIndex(j, k)] } }
      }
      var base = factor
      var level = [Double](repeating: 0, count: p)
      for k in 0..<p {
        for l in 0...k {
          var sum = k == l ? 1 - hyper.dependence[k] : 0
          for i in k..<p { sum += factor[packedIndex(i, k)] * product[i * p + l] }
          base[packedIndex(k, l)] = sum
        }
        for i in 0..<p { level[k] += product[i * p + k] * hyper.mean[i] }
      }
      (dimension, self.factor, self.base, dependence, self.level) = (p, factor, base, hyper.dependence, level)
    }

    /// The Cholesky factor of M(0).
    var root: [Double] {
      var root = base
      LaneCholesky.factor(&root, dimension: dimension)
      return root
    }

    /// ½ log det M(0).
    var halfLogDeterminant: Double {
      let root = root
      return (0..<dimension).reduce(0) { $0 + Double.log(root[packedIndex($1, $1)]) }
    }

    /// β: the eigenvalues of F⁻¹ diag(λ) F⁻ᵀ.
    var growth: [Double] {
      let inverse = packedInverse(root, dimension: dimension)
      var matrix = [Double](repeating: 0, count: dimension * dimension)
      for i in 0..<dimension {
        for j in 0...i {
          for k in 0...j {
            matrix[i * dimension + j] +=
              inverse[packedIndex(i, k)] * dependence[k] * inverse[packedIndex(j, k)]
          }
          matrix[j * dimension + i] = matrix[i * dimension + j]
        }
      }
      guard dimension > 1 else { return [max(0, matrix[0])] }
      return SymmetricEigenvalues.of(matrix, order: dimension).map { max(0, $0) }
    }
  }

  /// Room for A, B and c at one x.
  struct Room {
    let dimension: Int
    var old: [Double]
    var new: [Double]
    var vector: [Double]
    var other: [Double]

    init(dimension p: Int) {
      dimension = p
      old = [Double](repeating: 0, count: packedIndex(p, 0))
      new = old
      vector = [Double](repeating: 0, count: p)
      other = vector
    }

    private mutating func factor(_ before: Precision, _ after: Precision, at x: Double) {
      for k in old.indices {
        old[k] = before.base[k]
        new[k] = after.base[k]
      }
      for k in 0..<dimension {
        old[packedIndex(k, k)] += before.dependence[k] * x
        new[packedIndex(k, k)] += after.dependence[k] * x
      }
      LaneCholesky.factor(&old, dimension: dimension)
      LaneCholesky.factor(&new, dimension: dimension)
    }

    private func forward(_ factor: [Double], _ vector: inout [Double]) {
      for row in 0..<dimension {
        var sum = vector[row]
        for k in 0..<row { sum -= factor[packedIndex(row, k)] * vector[k] }
        vector[row] = sum / factor[packedIndex(row, row)]
      }
    }

    /// The columns of A and B at `x`, from index `start` on.
    mutating func evaluate(
      _ before: Precision, _ after: Precision, at x: Double, into values: inout [SIMD4<Double>],
      from start: Int
    ) {
      factor(before, after, at: x)
      for column in 0..<dimension {
        for row in 0..<dimension { vector[row] = row <= column ? old[packedIndex(column, row)] : 0 }
        LaneCholesky.solveTransposed(factor: new, &vector, dimension: dimension)
        for row in 0..<dimension { values[start + column][row] = vector[row] }
        for row in 0..<dimension {
          vector[row] = row <= column ? after.factor[packedIndex(column, row)] : 0
          other[row] = row <= column ? before.factor[packedIndex(column, row)] : 0
        }
        difference()
        for row in 0..<dimension { values[start + dimension + column][row] = vector[row] }
      }
    }

    /// c at `x`.
    mutating func constant(_ before: Precision, _ after: Precision, at x: Double) -> SIMD4<Double> {
      factor(before, after, at: x)
      for row in 0..<dimension {
        vector[row] = after.level[row]
        other[row] = before.level[row]
      }
      difference()
      var result = SIMD4<Double>.zero
      for row in 0..<dimension { result[row] = -vector[row] }
      return result
    }

    /// C'⁻ᵀ(C'⁻¹ vector − C⁻¹ other), to `vector`.
    private mutating func difference() {
      forward(new, &vector)
      forward(old, &other)
      for row in 0..<dimension { vector[row] -= other[row] }
      LaneCholesky.solveTransposed(factor: new, &vector, dimension: dimension)
    }
  }
}
