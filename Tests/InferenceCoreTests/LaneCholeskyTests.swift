import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

@Suite struct LaneCholeskyTests {
  /// B Bᵀ + I as a packed lower triangle, for a random B.
  private func matrix(_ dimension: Int, seed: UInt64) -> [Double] {
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    let b = (0..<dimension).map { _ in (0..<dimension).map { _ in random.normal() } }
    return (0..<dimension).flatMap { row in
      (0...row).map { column in
        (row == column ? 1 : 0) + (0..<dimension).reduce(0) { $0 + b[row][$1] * b[column][$1] }
      }
    }
  }

  private func entry(_ matrix: [Double], _ row: Int, _ column: Int) -> Double {
    matrix[packedIndex(max(row, column), min(row, column))]
  }

  @Test(arguments: 1...6)
  func `The factor times its transpose is the matrix, and solutions satisfy the equations`(n: Int) {
    let original = matrix(n, seed: UInt64(n))
    var factor = original
    LaneCholesky.factor(&factor, dimension: n)
    for row in 0..<n {
      for column in 0...row {
        let product = (0...column).reduce(0) {
          $0 + factor[packedIndex(row, $1)] * factor[packedIndex(column, $1)]
        }
        #expect(isClose(product, original[packedIndex(row, column)], relative: 1e-13, absolute: 1e-13))
      }
    }
    let right = (0..<n).map { Double($0) - 1.5 }
    var solution = right
    LaneCholesky.solve(factor: factor, &solution, dimension: n)
    var transposed = right
    LaneCholesky.solveTransposed(factor: factor, &transposed, dimension: n)
    for row in 0..<n {
      let product = (0..<n).reduce(0) { $0 + entry(original, row, $1) * solution[$1] }
      #expect(isClose(product, right[row], relative: 1e-12, absolute: 1e-12))
      let upper = (row..<n).reduce(0) { $0 + factor[packedIndex($1, row)] * transposed[$1] }
      #expect(isClose(upper, right[row], relative: 1e-12, absolute: 1e-12))
    }
  }

  @Test func `A lane with a singular matrix stays finite and leaves its neighbours alone`() {
    let good = matrix(2, seed: 9)
    var alone = good
    LaneCholesky.factor(&alone, dimension: 2)
    var lanes = good.map { Lane8($0) }
    for (k, value) in [1.0, 1, 1].enumerated() { lanes[k][5] = value }
    LaneCholesky.factor(&lanes, dimension: 2)
    #expect(lanes.map { $0[5] } == [1, 1, 1e-6])
    #expect(lanes.map { $0[4] } == alone)
  }
}
