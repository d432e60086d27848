import InferenceCore
import LaneMath
import TestSupport
import Testing

@testable import Posteriors

@Suite struct NormalPriorTests {
  private let prior: NormalPrior<Double> = {
    var prior = NormalPrior<Double>(means: [0.5, -1, 2], standardDeviations: [1, 1, 1])
    prior.precision = [3, 0.5, 2, -0.4, 0.3, 1.5]
    return prior
  }()
  private let eta = [0.9, -0.2, 1.1]

  @Test func `Independent coordinates have one over the variance on the diagonal`() {
    let prior = NormalPrior<Double>(means: [0, 1], standardDeviations: [0.5, 2])
    #expect(prior.precision == [4, 0, 0.25])
    #expect(isClose(prior.logDensity(at: [1, 0]), -0.5 * (4 + 0.25), relative: 1e-15))
  }

  @Test func `The log density is the quadratic form of the full matrix`() {
    let matrix = [[3, 0.5, -0.4], [0.5, 2, 0.3], [-0.4, 0.3, 1.5]]
    let deviation = zip(eta, prior.mean).map { $0 - $1 }
    let form = (0..<3).reduce(0.0) { sum, row in
      sum + (0..<3).reduce(0.0) { $0 + deviation[row] * matrix[row][$1] * deviation[$1] }
    }
    #expect(isClose(prior.logDensity(at: eta), -0.5 * form, relative: 1e-14))
  }

  @Test func `The expansion adds the gradient and the precision to what is there`() {
    var gradient = [10.0, 20, 30]
    var information = [1.0, 1, 1, 1, 1, 1]
    prior.addExpansion(at: eta, gradient: &gradient, information: &information)
    for (entry, exact) in zip(information, prior.precision) {
      #expect(isClose(entry, 1 + exact, relative: 1e-15))
    }
    for k in 0..<3 {
      let slope = centralDifference(step: 1e-3) { move in
        var moved = eta
        moved[k] += move
        return prior.logDensity(at: moved)
      }
      #expect(isClose(gradient[k] - 10 * Double(k + 1), slope, absolute: 1e-9))
    }
  }
}
