import GSLSupport
import TestSupport
import Testing

@Suite struct SymmetricEigensystemTests {
  @Test func `Vectors and values rebuild the matrix`() {
    let matrix = [4.0, 1, -2, 1, 3, 0.5, -2, 0.5, 5]
    let system = SymmetricEigensystem(of: matrix, order: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        let sum = (0..<3).reduce(0.0) {
          $0 + system.vectors[i * 3 + $1] * system.values[$1] * system.vectors[j * 3 + $1]
        }
        #expect(isClose(sum, matrix[i * 3 + j], absolute: 1e-12))
      }
    }
    #expect(
      system.values.sorted() == SymmetricEigenvalues.of(matrix, order: 3)
        || zip(
          system.values.sorted(), SymmetricEigenvalues.of(matrix, order: 3)
        ).allSatisfy { isClose($0, $1, absolute: 1e-12) })
    #expect(SymmetricEigensystem(of: [], order: 0).values.isEmpty)
  }
}
