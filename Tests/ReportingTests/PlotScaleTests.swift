import Foundation
import Tables
import TestSupport
import Testing

@testable import Reporting

/// Axes: places, ticks and their numbers.
@Suite struct PlotScaleTests {
  @Test(arguments: [
    (PlotScale.Kind.linear, -3.0, 11.0), (.linear, 0, 1e-6), (.linear, 1e6, 1.0001e6),
    (.logarithmic, 0.1, 900),
    (.logarithmic, 1, 3), (.logarithmic, 2.2, 2.6),
  ])
  func `Ticks ascend, lie inside, and their places lie between the ends`(
    kind: PlotScale.Kind, lower: Double, upper: Double
  ) {
    let scale = PlotScale(kind, lower, upper, from: 40, to: 360)
    let ticks = scale.ticks()
    #expect((2...12).contains(ticks.count))
    #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0 < $1 })
    for tick in ticks { #expect(scale.place(tick) > 39 && scale.place(tick) < 361) }
    #expect(
      isClose(scale.place(lower), 40, absolute: 1e-9) && isClose(scale.place(upper), 360, absolute: 1e-9))
  }

  @Test func `Domains that are empty, inverted or without numbers can be drawn on`() {
    #expect(PlotScale(.linear, 5, 1, from: 0, to: 8).place(5) == 8)
    #expect(PlotScale(.linear, 0, 0, from: 0, to: 2).place(0) == 1)
    #expect(PlotScale(.linear, .nan, 3, from: 0, to: 1).place(0.25) == 0.25)
    #expect(PlotScale(.linear, -.infinity, .infinity, from: 0, to: 1).place(1) == 1)
    // A logarithmic axis needs positive ends.
    #expect(PlotScale(.logarithmic, 0, 4, from: 0, to: 1).place(2) == 0.5)
    // Steps that no double holds are no ticks, and no trap.
    for (low, high) in [(0, Double.leastNonzeroMagnitude), (-1e308, 1e308), (1e300, 1.000001e300)] {
      #expect(PlotScale(.linear, low, high, from: 0, to: 1).ticks().allSatisfy { $0.isFinite })
    }
  }

  @Test func `A value beyond the ends is clamped to them only if asked`() {
    let scale = PlotScale(.linear, 0, 10, from: 100, to: 0)
    #expect(scale.place(20) == -100 && scale.clamped(20) == 0 && scale.clamped(-5) == 100)
    #expect(scale.clamped(2.5) == scale.place(2.5))
  }

  @Test func `Ticks are written with the decimals they need and a true minus`() {
    #expect(PlotScale.label(0.25) == "0.25" && PlotScale.label(-3) == "−3" && PlotScale.label(1000) == "1000")
    #expect(PlotScale.label(.infinity) == "∞" && PlotScale.label(-.infinity) == "−∞")
  }

  @Test func `A title is cut to the room it has, shorter beside the stamp of simulated data`() {
    let title = String(repeating: "a", count: 60)
    func written(_ isSynthetic: Bool) -> [String] {
      DrawnElements(Panel(title, axes: .init(x: (0, 1), y: (0, 1)), isSynthetic: isSynthetic).canvas).texts
    }
    #expect(written(false) == [String(repeating: "a", count: 53) + "…"])
    #expect(written(true) == [String(repeating: "a", count: 39) + "…", "SYNTHETIC"])
    #expect(Panel.shortened("abc", to: 3) == "abc" && Panel.shortened("abcd", to: 3) == "ab…")
  }

  @Test func `Axes carry their label at the end, their ticks at their places`() throws {
    var panel = Panel("t", axes: .init(x: (0, 4), y: (0, 2)), height: 200, isSynthetic: false)
    panel.xAxis("time (s)", ticks: [0, 2, 4])
    panel.yAxis("signal", ticks: [1]) { "one: \($0)" }
    let drawn = DrawnElements(panel.canvas)
    #expect(drawn.text("time (s)")?["x"] == 360 && drawn.text("2")?["x"] == 202)
    #expect(drawn.text("one: 1.0")?["y"] == panel.y.place(1) + 4)
  }
}

/// Figures as parts of a page and as files of their own.
@Suite struct FigureFormTests {
  private func figure(_ title: String) -> Figure {
    var canvas = SVGCanvas()
    canvas.circle(x: 1, y: 2, radius: 3, .fill("#fff"))
    return Figure(
      name: "adc-1", title: title, description: "what \"is\" seen", width: 10.5, height: 20, canvas: canvas,
      data: .init(columns: ["x"]))
  }

  @Test func `Names become parts of file names, whatever is in them`() {
    #expect(Figure.slug("ADC of Lesion 3") == "adc-of-lesion-3")
    #expect(Figure.slug("D* (µm²/ms) / ../etc") == "d-m-ms-etc")
    #expect(Figure.slug("Лёгкое").isEmpty && Figure.slug(String(repeating: "x", count: 99)).count == 60)
  }

  @Test func `A figure in a page is named and described for those who do not see it`() {
    let html = figure("a < b").inline(kind: "strip").html
    #expect(html.contains("<svg class=\"strip\" viewBox=\"0 0 10.5 20\" role=\"img\""))
    #expect(html.contains("aria-labelledby=\"fig-adc-1-t fig-adc-1-d\""))
    #expect(html.contains("<title id=\"fig-adc-1-t\">a &lt; b</title>"))
    #expect(html.contains("<desc id=\"fig-adc-1-d\">what &quot;is&quot; seen</desc>"))
  }

  @Test func `A file of its own brings its size, its hatching and a white ground`() {
    let text = figure("a").standalone
    #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && text.hasSuffix("</svg>\n"))
    #expect(text.contains("width=\"10.5\" height=\"20\"") && text.contains("<pattern id=\"hatch\""))
    #expect(text.contains("<circle cx=\"1\" cy=\"2\" r=\"3\" fill=\"#fff\"/>"))
  }
}
