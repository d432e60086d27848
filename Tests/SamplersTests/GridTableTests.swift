import Foundation
import GSLSupport
import TestSupport
import Testing

@testable import Samplers

/// Tables of a density over a grid against sums written out.
@Suite struct GridTableTests {
  private static func density(_ x: [Double]) -> Double {
    -0.5 * (x[0] * x[0] + 2 * (x[1] - 0.3) * (x[1] - 0.3) + 0.7 * x[0] * x[2] + x[2] * x[2])
  }

  private let axes = [
    GridAxis(from: -3, to: 3, count: 7), GridAxis(from: -2, to: 2, count: 5),
    GridAxis(from: -4, to: 4, count: 6),
  ]

  @Test func `An axis has its ends, and places of equal distance between them`() {
    let axis = GridAxis(from: -1, to: 2, count: 4)
    #expect(axis[0] == -1 && axis.last == 2 && axis.step == 1 && axis[2] == 1)
  }

  @Test func `The last axis runs fastest, the peak is one, and what is not finite counts nothing`() {
    let table = GridTable(axes, of: Self.density)
    #expect(table.densities.count == 7 * 5 * 6 && table.densities.max() == 1)
    let node = (3 * 5 + 1) * 6 + 4
    let place = [axes[0][3], axes[1][1], axes[2][4]]
    #expect(isClose(table.densities[node], exp(Self.density(place) - table.peak), relative: 1e-12))
    let holed = GridTable(axes) { $0[0] > 0 ? .nan : Self.density($0) }
    #expect(holed.densities[(5 * 5 + 1) * 6] == 0 && holed.peak <= table.peak)
    #expect(GridTable([axes[0]]) { _ in -.infinity }.peak == -.infinity)
  }

  @Test(arguments: 0..<3)
  func `Marginals and profiles are sums and largest values over the other axes`(k: Int) {
    let table = GridTable(axes, of: Self.density)
    var sums = [Double](repeating: 0, count: axes[k].count), largest = sums
    for i in 0..<7 {
      for j in 0..<5 {
        for l in 0..<6 {
          let value = exp(Self.density([axes[0][i], axes[1][j], axes[2][l]]) - table.peak)
          let place = [i, j, l][k]
          sums[place] += value
          largest[place] = max(largest[place], value)
        }
      }
    }
    for (one, other) in zip(table.reduced(to: k, +), sums) { #expect(isClose(one, other, relative: 1e-12)) }
    for (one, other) in zip(table.reduced(to: k, max), largest) {
      #expect(isClose(one, other, relative: 1e-12))
    }
    #expect(isClose(table.cell, 1 * 1 * 1.6, relative: 1e-12))
  }

  @Test(arguments: [0.0, 0.4, 2.5, 3, 6.999, 7])
  func `Weights of the cardinal series are those of its definition`(position: Double) {
    for (j, weight) in CardinalKernel.weights(at: position, count: 8).enumerated() {
      let x = Double.pi * (position - Double(j))
      #expect(isClose(weight, x == 0 ? 1 : sin(x) / x, absolute: 1e-12))
    }
  }

  @Test func `The slope of the series is that of central differences, its integral that of a fine sum`() {
    let values = (0..<21).map { exp(-0.5 * pow((Double($0) - 10) / 2, 2)) }
    let kernel = CardinalKernel(count: 21)
    func series(_ x: Double) -> Double {
      zip(values, CardinalKernel.weights(at: x, count: 21)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for k in [6, 9, 10, 13] {
      let difference = (series(Double(k) + 1e-4) - series(Double(k) - 1e-4)) / 2e-4
      #expect(isClose(kernel.slope(of: values, at: k), difference, absolute: 1e-6))
      // The series of a normal density is the density: F(k) − F(10) from its distribution function.
      let exact =
        2 * (2 * Double.pi).squareRoot()
        * (SpecialFunctions.normalCDF((Double(k) - 10) / 2) - SpecialFunctions.normalCDF(0))
      let found = kernel.integral(of: values, to: k) - kernel.integral(of: values, to: 10)
      #expect(isClose(found, exact, absolute: 1e-5))
    }
  }

  @Test(arguments: [0, 1])
  func `A marginal at half the step is that of the density itself`(k: Int) {
    // Two independent normal coordinates: N(0.5, 1) and N(−1, 0.5²).
    let axes = [GridAxis(from: -6, to: 7, count: 27), GridAxis(from: -4, to: 2, count: 25)]
    func log(_ x: [Double]) -> Double { -0.5 * pow(x[0] - 0.5, 2) - 2 * pow(x[1] + 1, 2) }
    let marginal = GridTable(axes, of: log).halvedMarginal(k, kernel: CardinalKernel(count: 60), of: log)
    let (mean, deviation) = k == 0 ? (0.5, 1.0) : (-1, 0.5)
    #expect(isClose(marginal.mean, mean, absolute: 1e-6))
    #expect(isClose(marginal.standardDeviation, deviation, relative: 1e-5))
    for p in [0.01, 0.25, 0.5, 0.9] {
      let exact = mean + deviation * SpecialFunctions.normalQuantile(p)
      #expect(isClose(marginal.quantile(p), exact, absolute: 1e-4 * deviation))
      #expect(isClose(marginal.probability(below: exact), p, absolute: 1e-5))
    }
  }
}
