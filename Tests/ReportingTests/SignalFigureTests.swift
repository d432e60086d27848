import Foundation
import Tables
import TestSupport
import Testing

@testable import Reporting

/// The signal of a lesion with its predictive band and residuals.
@Suite struct SignalFigureTests {
  typealias Curve = SignalFigure.Curve

  private let predictions = [
    Curve.Prediction(setting: 0, lower: 90, median: 100, upper: 110),
    Curve.Prediction(setting: 400, lower: 50, median: 60, upper: 70),
    Curve.Prediction(setting: 800, lower: 30, median: 40, upper: 50),
  ]

  private func curve(_ points: [(Double, Double, Bool)], mark: VisitMark = .after) -> Curve {
    Curve(
      mark: mark,
      measurements: points.map { Curve.Measurement(setting: $0.0, signal: $0.1, isUsed: $0.2) },
      predictions: predictions)
  }

  private func figure(_ curves: [Curve], isLogarithmic: Bool = false) -> Figure {
    SignalFigure(curves: curves, isLogarithmic: isLogarithmic)
      .figure(name: "s", title: "lesion 1", xLabel: "b (s/mm²)", yLabel: "signal", isSynthetic: false)
  }

  @Test func `A prediction between two settings lies on the line between theirs, and none lies outside`()
    throws
  {
    let curve = curve([])
    let middle = try #require(curve.prediction(at: 100))
    #expect(middle.median == 90 && middle.lower == 80 && middle.upper == 100)
    #expect(curve.prediction(at: 400)?.median == 60 && curve.prediction(at: 0)?.median == 100)
    #expect(curve.prediction(at: -1) == nil && curve.prediction(at: 801) == nil)
    #expect(Curve(mark: .after, measurements: [], predictions: []).prediction(at: 0) == nil)
  }

  @Test func `Only measurements in use count towards the band's share`() {
    let used = SignalFigure(
      curves: [curve([(0, 100, true), (400, 71, true), (800, 49, true), (800, 500, false)])],
      isLogarithmic: false)
    #expect(isClose(used.shareInside, 2.0 / 3, relative: 1e-12))
    #expect(figure([curve([(0, 100, true), (400, 71, true)])]).description.contains("1 of 2 measurements"))
    let none = SignalFigure(curves: [curve([(0, 100, false)])], isLogarithmic: false)
    #expect(none.shareInside.isNaN)
    #expect(figure([curve([(0, 100, false)])]).description == "Measured means.")
  }

  @Test func `A measurement left out is a cross, one in use the mark of its visit`() {
    let elements = DrawnElements(figure([curve([(0, 100, true), (400, 60, false)])]))
    // The one in use stands among the residuals as well.
    #expect(elements.all("circle").count == 2)
    #expect(elements.all("path").count { $0.attributes["d"]?.hasSuffix("l6,6m0,-6l-6,6") == true } == 1)
  }

  @Test func `Residuals are in standard deviations of the band, and stay inside their panel`() throws {
    // The band is 20 wide: one SD is 20 / 3.29. The second point lies far outside and stands at 4.
    let marks = DrawnElements(figure([curve([(0, 100 + 20 / 3.29, true), (400, 1e6, true)])])).all("circle")
    let residuals = marks.suffix(2)
    let scale = (50.0 - 4) / 8
    #expect(isClose(try #require(residuals.first)["cy"], 27 - scale, absolute: 0.02))
    #expect(isClose(try #require(residuals.last)["cy"], 4, absolute: 0.02))
  }

  @Test func `Without predictions there are no residuals and no room for them`() {
    let bare = Curve(
      mark: .after, measurements: [.init(setting: 0, signal: 1, isUsed: true)], predictions: [])
    #expect(figure([bare]).height + 50 < figure([curve([(0, 1, true)])]).height)
    #expect(!DrawnElements(figure([bare])).texts.contains("residual in predictive SD"))
  }

  @Test func `A logarithmic axis is given up where a signal has no logarithm`() {
    /// How much farther it is from 40 to 100 than from 100 to 250, two equal ratios.
    func excess(_ last: Double) -> Double {
      let points: [(Double, Double, Bool)] = [
        (0, 250, true), (400, 100, true), (800, 40, true), (800, last, true),
      ]
      let places = DrawnElements(figure([curve(points)], isLogarithmic: true)).all("circle").map { $0["cy"] }
      return (places[2] - places[1]) - (places[1] - places[0])
    }
    #expect(abs(excess(30)) < 0.05 && excess(-4) < -20)
  }

  @Test func `A saturation time without end stands at the end of the axis, and is written as it is`() throws {
    let saturation = Curve(
      mark: .after,
      measurements: [(0.1, 10), (1, 100), (2, 200), (Double.infinity, 250.0)].map { setting, signal in
        Curve.Measurement(setting: setting, signal: signal, isUsed: true)
      },
      predictions: [
        .init(setting: 0.1, lower: 5, median: 10, upper: 15),
        .init(setting: 2, lower: 190, median: 200, upper: 210),
        .init(setting: .infinity, lower: 240, median: 250, upper: 260),
      ])
    let figure = figure([saturation])
    let elements = DrawnElements(figure)
    let end = try #require(elements.text("∞"))
    let last = try #require(elements.all("circle").prefix(4).last)
    #expect(isClose(end["x"], last["cx"], absolute: 0.02))
    #expect(elements.all("circle").allSatisfy { $0["cx"] <= 360 })
    try #expect(figure.data.numbers("setting").filter { $0 == .infinity }.count == 2)
  }

  @Test func `The data name visits and what was used`() throws {
    let two = figure([curve([(0, 1, true)], mark: .before), curve([(0, 2, false)])]).data
    try #expect(Set(two.strings("visit")) == ["before", "after"])
    try #expect(two.strings("used").filter { $0 != "n/a" } == ["true", "false"])
    try #expect(figure([curve([(0, 1, true)])]).data.strings("visit").allSatisfy { $0 == "scan" })
  }
}
