internal import Foundation

/// A square matrix over `count` features, kept in place; most are symmetric.
///
/// One generic body for one, two or more features: specialised, the Cholesky steps of two features are their
/// closed forms. Larger systems go to `CholeskyFactor`.
struct FeatureMatrix<let count: Int>: Sendable {
  private var rows: InlineArray<count, InlineArray<count, Double>>

  /// The zero matrix.
  init() { rows = InlineArray(repeating: InlineArray(repeating: 0)) }

  /// `value` times the identity.
  init(diagonal value: Double) {
    self.init()
    for i in 0..<count { self[i, i] = value }
  }

  /// The matrix of `array`, row-major.
  init(_ array: [Double]) {
    precondition(array.count == count * count, "\(array.count) numbers are no \(count) × \(count) matrix")
    self.init()
    for i in 0..<count { for j in 0..<count { self[i, j] = array[i * count + j] } }
  }

  subscript(row: Int, column: Int) -> Double {
    get { rows[row][column] }
    set { rows[row][column] = newValue }
  }

  /// The elements, row-major.
  var array: [Double] { (0..<count * count).map { self[$0 / count, $0 % count] } }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    for i in 0..<count { for j in 0..<count { sum[i, j] += right[i, j] } }
    return sum
  }

  static func += (left: inout Self, right: Self) { left = left + right }

  static func * (left: Self, right: Self) -> Self {
    var product = Self()
    for i in 0..<count {
      for j in 0..<count {
        var sum = 0.0
        for k in 0..<count { sum += left[i, k] * right[k, j] }
        product[i, j] = sum
      }
    }
    return product
  }

  static func * (matrix: Self, vector: FeatureVector<count>) -> FeatureVector<count> {
    var product = FeatureVector<count>()
    for i in 0..<count {
      var sum = 0.0
      for j in 0..<count { sum += matrix[i, j] * vector[j] }
      product[i] = sum
    }
    return product
  }

  /// The transposed matrix.
  var transposed: Self {
    var result = Self()
    for i in 0..<count { for j in 0..<count { result[i, j] = self[j, i] } }
    return result
  }

  /// (A + Aᵀ)/2: takes the rounding out of a product that is symmetric on paper.
  var symmetrised: Self {
    var result = self
    for i in 0..<count { for j in 0..<count { result[i, j] = (self[i, j] + self[j, i]) / 2 } }
    return result
  }

  /// Adds `weight` · v vᵀ.
  mutating func addOuterProduct(_ v: FeatureVector<count>, weight: Double = 1) {
    for i in 0..<count { for j in 0..<count { self[i, j] += weight * v[i] * v[j] } }
  }

  /// xᵀ A x.
  func quadraticForm(_ x: FeatureVector<count>) -> Double { x.dot(self * x) }
}
