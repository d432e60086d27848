import Foundation
import Tables
import TestSupport
import Testing

@testable import Reporting

/// The strip of a change: where its marks stand on the axis from a halving to a doubling.
@Suite struct ForestStripTests {
  /// Units of the view box for each unit of the logarithm.
  private let unit = 380 / (2 * log(2.0))

  private func change(
    median: Double = 0.2, lower: Double = -0.1, upper: Double = 0.5, observed: Double = 0.25,
    repeatability: Double = 0.3, isBeyond: Bool? = false
  ) -> ForestStrip.Change {
    ForestStrip.Change(
      median: median, lower: lower, upper: upper, observed: observed, withinSD: 0.05,
      equivalence: (-0.1, 0.1), repeatability: repeatability, isBeyond: isBeyond)
  }

  private func drawn(_ change: ForestStrip.Change) -> DrawnElements {
    DrawnElements(ForestStrip.figure(change, name: "c", title: "ADC", description: "d"))
  }

  private func place(_ value: Double) -> Double { 200 + unit * value }

  @Test func `Median, interval, scans alone and equivalence stand at their places`() {
    let elements = drawn(change())
    let circle = elements.all("circle")
    #expect(circle.count == 1 && isClose(circle[0]["cx"], place(0.2), absolute: 0.01))
    let interval = elements.all("line").first { $0["y1"] == 12 }
    #expect(isClose(interval?["x1"] ?? .nan, place(-0.1), absolute: 0.01))
    #expect(isClose(interval?["x2"] ?? .nan, place(0.5), absolute: 0.01))
    let rectangles = elements.all("rect")
    #expect(isClose(rectangles[0]["x"], place(-0.1), absolute: 0.01))
    #expect(isClose(rectangles[0]["width"], 0.2 * unit, absolute: 0.01))
    // 90 % of a normal law lie within 1.645 standard deviations.
    #expect(isClose(rectangles[1]["x"], place(0.25 - 1.645 * 0.05), absolute: 0.01))
    #expect(isClose(rectangles[1]["width"], 3.29 * 0.05 * unit, absolute: 0.02))
  }

  @Test func `What lies beyond the axis is an arrow at its end, and a median there is no circle`() {
    let inside = drawn(change())
    #expect(!inside.all("path").contains { $0.attributes["d"]?.hasPrefix("M1,12") == true })
    let outside = drawn(change(median: 0.8, lower: -0.9, upper: 1.2))
    #expect(outside.all("circle").isEmpty)
    let arrows = outside.all("path").compactMap { $0.attributes["d"] }
    #expect(arrows.contains("M1,12l9,-5v10Z") && arrows.contains("M399,12l-9,-5v10Z"))
    let interval = outside.all("line").first { $0["y1"] == 12 }
    #expect(interval?["x1"] == 10 && interval?["x2"] == 390)
  }

  @Test func `The diamond is filled only if the observed change passed the coefficient`() {
    for (isBeyond, filling) in [(true, Palette.ink), (false, "#fff"), (nil, "#fff")] as [(Bool?, String)] {
      let diamond = drawn(change(isBeyond: isBeyond)).all("path").last
      #expect(diamond?.attributes["fill"] == filling)
      #expect(isClose(diamond?.corners.first?.x ?? .nan, place(0.25), absolute: 0.01))
    }
  }

  @Test func `An unknown coefficient draws no limits, one beyond the axis a line without ends`() {
    func limits(_ repeatability: Double) -> [Int] {
      let lines = drawn(change(repeatability: repeatability)).all("line")
      return [lines.count { $0["y1"] == 34 }, lines.count { $0["y1"] == 29 }]
    }
    #expect(limits(0.3) == [1, 2])
    #expect(limits(.nan) == [0, 0])
    #expect(limits(0.9) == [1, 0])
  }

  @Test func `The numbers behind the strip are its data, missing ones as such`() throws {
    let figure = ForestStrip.figure(change(repeatability: .nan), name: "c", title: "t", description: "d")
    try #expect(figure.data.numbers("median") == [0.2] && figure.data.numbers("q95") == [0.5])
    try #expect(figure.data.strings("rc") == ["n/a"] && figure.data.numbers("rope_low") == [-0.1])
  }

  @Test func `The axis above stands where the strips have the same change`() {
    let axis = DrawnElements(ForestStrip.axis(name: "a", isSynthetic: false))
    #expect(axis.texts == ["−50", "−25", "0", "+25", "+50", "+100 %"])
    for (text, percent) in [("−50", -50.0), ("−25", -25), ("0", 0), ("+50", 50), ("+100 %", 100)] {
      let expected = place(log(1 + percent / 100))
      #expect(isClose(axis.text(text)?["x"] ?? .nan, expected, absolute: 0.01))
    }
    #expect(DrawnElements(ForestStrip.axis(name: "a", isSynthetic: true)).texts.contains("SYNTHETIC"))
  }

  @Test func `A change that must not be read is hatched, with its reason and nothing else`() {
    let silent = ForestStrip.silent("not informed by these data", name: "c", title: "D*")
    let elements = DrawnElements(silent)
    #expect(elements.isHatched && elements.all("circle").isEmpty)
    #expect(elements.texts == ["not informed by these data"])
    #expect(silent.description == "not informed by these data" && silent.data.rows.isEmpty)
    // The white ground behind the reason is wider for a longer one, and stays centred.
    let long = DrawnElements(
      ForestStrip.silent("no partner at the other visit, so none", name: "c", title: ""))
    let (narrow, wide) = (elements.all("rect")[1], long.all("rect")[1])
    #expect(wide["width"] > narrow["width"])
    for ground in [narrow, wide] { #expect(isClose(ground["x"] + ground["width"] / 2, 200, absolute: 0.01)) }
  }
}

/// A probability with two intervals, and the shares of its uncertainty.
@Suite struct ProbabilityStripTests {
  private func drawn(_ probability: Double, prevalence: Double) -> DrawnElements {
    DrawnElements(
      ProbabilityStrip.figure(
        name: "p", title: "t", probability: probability, cohort: (0.5, 1.2), known: (0.7, 0.9),
        prevalence: prevalence))
  }

  @Test func `Probability and intervals stand at their places, and none leaves the axis`() {
    let elements = drawn(0.8, prevalence: 0.5)
    #expect(elements.all("circle").first?["cx"] == 10 + 380 * 0.8)
    let cohort = elements.all("rect").first
    #expect(cohort?["x"] == 200 && cohort?["width"] == 190)
    let known = elements.all("line").last
    #expect(known?["x1"] == 276 && known?["x2"] == 352)
  }

  @Test func `The prevalence is written on the side that has room, and not at all if it is unknown`() {
    #expect(drawn(0.8, prevalence: 0.3).text("prevalence 0.30")?.attributes["text-anchor"] == nil)
    #expect(drawn(0.8, prevalence: 0.9).text("prevalence 0.90")?.attributes["text-anchor"] == "end")
    #expect(!drawn(0.8, prevalence: .nan).texts.contains { $0.hasPrefix("prevalence") })
  }

  @Test(arguments: [(0.25, 100.0), (-0.1, 0), (1.4, 400)])
  func `The share of the imaging is a length between none and all`(share: Double, width: Double) {
    let bars = DrawnElements(ProbabilityStrip.shares(name: "s", title: "", imaging: share, cohort: 1 - share))
      .all("rect")
    #expect(bars[0]["width"] == width && bars[1]["x"] == width && bars[1]["width"] == 400 - width)
  }
}
