internal import CGSL
internal import Foundation

/// The Cholesky factor of a symmetric positive definite matrix whose entries lie near its diagonal: A = L Lᵀ.
///
/// Band storage: row i holds A(i, i), A(i + 1, i), …, A(i + b, i), b the bandwidth. `order` × (b + 1) numbers.
/// - Complexity: O(order · b²) to factor and to find the diagonal of the inverse, O(order · b) to solve.
public struct BandCholeskyFactor: Sendable {
  /// The number of rows.
  public let order: Int
  /// b: the number of subdiagonals.
  public let bandwidth: Int
  private var factor: [Double]

  /// The factor of the band matrix `band`; nil unless it is positive definite.
  public init?(_ band: [Double], order: Int, bandwidth: Int) {
    precondition(band.count == order * (bandwidth + 1), "\(band.count) numbers are no such band")
    _ = GSL.quiet
    self.order = order
    self.bandwidth = bandwidth
    factor = band
    guard order > 0, band.allSatisfy(\.isFinite) else { return nil }
    if bandwidth == 0 {
      guard band.allSatisfy({ $0 > 0 }) else { return nil }
      factor = band.map { $0.squareRoot() }
      return
    }
    let status = unsafe factor.withUnsafeMutableBufferPointer { buffer in
      var view = unsafe gsl_matrix_view_array(buffer.baseAddress, order, bandwidth + 1)
      return unsafe gsl_linalg_cholesky_band_decomp(&view.matrix)
    }
    guard status == GSL_SUCCESS else { return nil }
  }

  /// log det A = 2 Σ log L(i, i).
  public var logDeterminant: Double {
    (0..<order).reduce(0) { $0 + 2 * log(factor[$1 * (bandwidth + 1)]) }
  }

  /// A⁻¹ `vector`.
  public func solve(_ vector: [Double]) -> [Double] {
    precondition(vector.count == order, "a vector of \(vector.count) for a matrix of order \(order)")
    var x = vector
    solveLower(&x, from: 0)
    solveUpper(&x, from: 0)
    return x
  }

  /// Replaces the `order` numbers of `x` from index `start` on by L⁻¹ times them.
  public func solveLower(_ x: inout [Double], from start: Int) {
    precondition(start >= 0 && start + order <= x.count, "no \(order) numbers from \(start) on")
    let stride = bandwidth + 1
    unsafe x.withUnsafeMutableBufferPointer { x in
      unsafe factor.withUnsafeBufferPointer { factor in
        for column in 0..<order {
          let value = unsafe x[start + column] / factor[column * stride]
          unsafe x[start + column] = value
          let end = min(stride, order - column)
          let (row, place) = (column * stride, start + column)
          var k = 1
          while k + 8 <= end {
            let next = unsafe eight(x, place + k) - eight(factor, row + k) * value
            for lane in 0..<8 { unsafe x[place + k + lane] = next[lane] }
            k += 8
          }
          while k < end {
            unsafe x[place + k] -= factor[row + k] * value
            k += 1
          }
        }
      }
    }
  }

  /// Replaces the `order` numbers of `x` from index `start` on by L⁻ᵀ times them.
  public func solveUpper(_ x: inout [Double], from start: Int) {
    precondition(start >= 0 && start + order <= x.count, "no \(order) numbers from \(start) on")
    let stride = bandwidth + 1
    unsafe x.withUnsafeMutableBufferPointer { x in
      unsafe factor.withUnsafeBufferPointer { factor in
        for column in Swift.stride(from: order - 1, through: 0, by: -1) {
          let end = min(stride, order - column)
          let (row, place) = (column * stride, start + column)
          // Eight sums side by side: one after the other would wait for each addition.
          var sums = SIMD8<Double>.zero
          var k = 1
          while k + 8 <= end {
            unsafe sums += eight(factor, row + k) * eight(x, place + k)
            k += 8
          }
          var sum = unsafe x[place] - sums.sum()
          while k < end {
            unsafe sum -= factor[row + k] * x[place + k]
            k += 1
          }
          unsafe x[place] = sum / factor[row]
        }
      }
    }
  }

  /// Eight numbers from index `start` on.
  @inline(__always)
  private func eight<Numbers: RandomAccessCollection<Double>>(_ numbers: Numbers, _ start: Int) -> SIMD8<
    Double
  >
  where Numbers.Index == Int {
    var eight = SIMD8<Double>.zero
    for lane in 0..<8 { eight[lane] = numbers[start + lane] }
    return eight
  }

  /// Replaces the `order` numbers of `x` from index `start` on by Lᵀ times them.
  public func multiplyUpper(_ x: inout [Double], from start: Int) {
    precondition(start >= 0 && start + order <= x.count, "no \(order) numbers from \(start) on")
    let stride = bandwidth + 1
    for row in 0..<order {
      var sum = 0.0
      for k in 0..<min(stride, order - row) { sum += factor[row * stride + k] * x[start + row + k] }
      x[start + row] = sum
    }
  }

  /// The diagonal of A⁻¹, from the entries of the inverse inside the band alone (Takahashi, Fagan and Chen 1973).
  public var inverseDiagonal: [Double] {
    let stride = bandwidth + 1
    // Entry (i + k, i) of the inverse at i · stride + k; the last rows first.
    var inverse = [Double](repeating: 0, count: order * stride)
    for i in Swift.stride(from: order - 1, through: 0, by: -1) {
      let pivot = factor[i * stride]
      let reach = min(bandwidth, order - 1 - i)
      for k in Swift.stride(from: reach, through: 0, by: -1) {
        var sum = k == 0 ? 1 / pivot : 0
        for m in 1..<max(1, reach + 1) {
          let (low, high) = (min(m, k), max(m, k))
          let entry = k == 0 ? inverse[i * stride + m] : inverse[(i + low) * stride + high - low]
          sum -= factor[i * stride + m] * entry
        }
        inverse[i * stride + k] = sum / pivot
      }
    }
    return (0..<order).map { inverse[$0 * stride] }
  }
}
