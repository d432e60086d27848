/// A vector of `count` features, kept in place: no allocation, and loops that the compiler unrolls.
struct FeatureVector<let count: Int>: Sendable {
  private var elements: InlineArray<count, Double>

  /// The zero vector.
  init() { elements = InlineArray(repeating: 0) }

  /// The vector of the numbers in `array`.
  init(_ array: [Double]) {
    precondition(array.count == count, "\(array.count) numbers for \(count) features")
    elements = InlineArray { array[$0] }
  }

  /// The vector of the `count` numbers of `array` that begin at `first`.
  init(_ array: [Double], from first: Int) {
    elements = InlineArray { array[first + $0] }
  }

  subscript(index: Int) -> Double {
    get { elements[index] }
    set { elements[index] = newValue }
  }

  /// Appends the elements to `array`.
  func append(to array: inout [Double]) {
    for i in 0..<count { array.append(elements[i]) }
  }

  /// The elements as an array.
  var array: [Double] { (0..<count).map { elements[$0] } }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    for i in 0..<count { sum[i] += right[i] }
    return sum
  }

  static func - (left: Self, right: Self) -> Self {
    var difference = left
    for i in 0..<count { difference[i] -= right[i] }
    return difference
  }

  static func * (factor: Double, vector: Self) -> Self {
    var product = vector
    for i in 0..<count { product[i] *= factor }
    return product
  }

  static func += (left: inout Self, right: Self) { left = left + right }

  /// xᵀy.
  func dot(_ other: Self) -> Double {
    var sum = 0.0
    for i in 0..<count { sum += self[i] * other[i] }
    return sum
  }
}
