import Foundation
import GSLSupport
import Tables
import TestSupport
import Testing

@testable import Reporting

/// Smoothed densities, and the curves drawn of them.
@Suite struct DensityFigureTests {
  private static func normal(_ mean: Double, _ sd: Double, count: Int = 1000) -> [Double] {
    (0..<count).map { mean + sd * SpecialFunctions.normalQuantile((Double($0) + 0.5) / Double(count)) }
  }

  /// Silverman's estimate without bins: every draw has its own kernel.
  private static func reference(_ draws: [Double], at places: [Double]) -> [Double] {
    let sorted = draws.sorted()
    let count = Double(draws.count)
    let mean = draws.reduce(0, +) / count
    let sd = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    func quantile(_ p: Double) -> Double {
      let place = p * (count - 1)
      let low = Int(place)
      return sorted[low] + (place - Double(low)) * (sorted[min(low + 1, draws.count - 1)] - sorted[low])
    }
    let width = 0.9 * min(sd, (quantile(0.75) - quantile(0.25)) / 1.34) * pow(count, -0.2)
    let norm = 1 / (count * width * (2 * Double.pi).squareRoot())
    return places.map { place in
      let kernels = draws.map { draw -> Double in
        let distance = (place - draw) / width
        return exp(-distance * distance / 2)
      }
      return norm * kernels.reduce(0, +)
    }
  }

  @Test(arguments: ["normal", "two peaks", "skewed"])
  func `Binned draws give the density of every draw for itself`(shape: String) {
    let draws =
      switch shape {
      case "normal": Self.normal(3, 0.5)
      case "two peaks": Self.normal(1, 0.2, count: 300) + Self.normal(4, 0.4, count: 700)
      default: Self.normal(0, 0.6).map(exp)
      }
    let estimate = DensityEstimate(draws, from: -1, to: 8, count: 91)
    let exact = Self.reference(draws, at: estimate.places)
    let peak = exact.max() ?? 0
    for (binned, whole) in zip(estimate.density, exact) { #expect(abs(binned - whole) < 0.01 * peak) }
  }

  @Test func `Draws that are all equal, too few or not finite have no density`() {
    for draws in [[], [1], [2, 2, 2], [.nan, .infinity]] as [[Double]] {
      let estimate = DensityEstimate(draws, from: 0, to: 3, count: 4)
      #expect(estimate.places == [0, 1, 2, 3] && estimate.density == [0, 0, 0, 0])
    }
    let some = DensityEstimate([1, 2, .nan, 3, .infinity], from: 0, to: 4)
    #expect(some == DensityEstimate([1, 2, 3], from: 0, to: 4))
  }

  private func figure(
    _ curves: [DensityFigure.Curve], prior: [Double] = [], isLogarithmic: Bool = false
  ) -> Figure {
    DensityFigure(curves: curves, prior: prior, isLogarithmic: isLogarithmic)
      .figure(name: "d", title: "D", axisLabel: "D (10⁻³ mm²/s)", isSynthetic: false)
  }

  private func curve(_ mark: VisitMark, _ draws: [Double], isPriorDominated: Bool = false)
    -> DensityFigure.Curve
  {
    .init(
      mark: mark, label: mark == .before ? "pre" : "post", draws: draws, isPriorDominated: isPriorDominated)
  }

  @Test func `The labels stand above the peaks, and apart where the peaks are close`() throws {
    let far = DrawnElements(
      figure([curve(.before, Self.normal(1, 0.1)), curve(.after, Self.normal(3, 0.1))]))
    let near = DrawnElements(
      figure([curve(.before, Self.normal(1, 0.1)), curve(.after, Self.normal(1.02, 0.1))]))
    func labels(_ elements: DrawnElements) throws -> (DrawnElements.Element, DrawnElements.Element) {
      (try #require(elements.text("pre")), try #require(elements.text("post")))
    }
    let (one, other) = try labels(far)
    #expect(one["x"] + 100 < other["x"] && abs(one["y"] - other["y"]) < 2)
    let (left, right) = try labels(near)
    #expect(left.attributes["text-anchor"] == "end" && right.attributes["text-anchor"] == nil)
    #expect(left["x"] < right["x"] && left["y"] == right["y"])
  }

  @Test func `The data hold each curve by its visit, and the prior`() throws {
    let both = figure(
      [curve(.before, Self.normal(1, 0.1)), curve(.after, Self.normal(2, 0.1))], prior: Self.normal(1.5, 0.5))
    let names = try both.data.strings("curve")
    #expect(Set(names) == ["before", "after", "prior"] && names.count { $0 == "prior" } == 121)
    #expect(
      both.description == "Posterior densities before (dashed, grey) and after (blue); dotted: the prior.")
    let one = figure([curve(.after, Self.normal(1, 0.1))])
    try #expect(Set(one.data.strings("curve")) == ["posterior"])
    #expect(one.description == "Posterior density.")
  }

  @Test func `A posterior that is the prior's is hatched, and its description says so`() {
    let silent = figure([curve(.after, Self.normal(1, 0.1), isPriorDominated: true)])
    #expect(
      DrawnElements(silent).isHatched && silent.description.hasSuffix("Hatched: not informed by these data."))
    #expect(!DrawnElements(figure([curve(.after, Self.normal(1, 0.1))])).isHatched)
  }

  @Test func `A logarithmic axis says so, holds positive values only, and is given up for zero`() throws {
    let wide = Self.normal(0, 1).map(exp)
    let logarithmic = figure([curve(.after, wide)], isLogarithmic: true)
    #expect(DrawnElements(logarithmic).texts.contains("D (10⁻³ mm²/s) (log scale)"))
    try #expect(logarithmic.data.numbers("value").allSatisfy { $0 > 0 })
    let linear = figure([curve(.after, wide + [Double](repeating: 0, count: 100))], isLogarithmic: true)
    #expect(!DrawnElements(linear).texts.contains { $0.hasSuffix("(log scale)") })
    // Values that cannot be negative have no axis below zero.
    try #expect(linear.data.numbers("value").allSatisfy { $0 >= 0 })
  }
}
