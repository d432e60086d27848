internal import Diagnostics
internal import Foundation
internal import Reporting
internal import Tables

extension CalibrationReport {
  private static var columnCount: Int { 3 }
  private static var panelHeight: Double { 170 }

  /// The figures by the names of their files.
  var figures: [Figure] {
    (ranks.isEmpty ? [] : [rankFigure]) + (coverage.isEmpty ? [] : [coverageFigure])
  }

  /// F̂(z) − z of the ranks of every quantity inside its simultaneous band.
  private var rankFigure: Figure {
    let limit = ranks.flatMap { $0.upperLimits + $0.lowerLimits + $0.differences }.map(abs).max() ?? 0.1
    let panels = ranks.map { rank -> Panel in
      var panel = Panel(
        rank.holds ? rank.name : "\(rank.name): \(rank.reading.rawValue)",
        axes: Panel.Axes(x: (0, 1), y: (-1.1 * limit, 1.1 * limit)), height: Self.panelHeight,
        isSynthetic: true)
      let places = rank.differences.indices.map { Double($0 + 1) / Double(rank.differences.count) }
      func points(_ values: [Double]) -> [(x: Double, y: Double)] {
        [(x: panel.x.place(0), y: panel.y.place(0))]
          + zip(places, values).map { (x: panel.x.place($0), y: panel.y.place($1)) }
      }
      panel.canvas.path(
        points(rank.upperLimits) + points(rank.lowerLimits).reversed(), isClosed: true, .fill(Palette.band))
      panel.canvas.path(points(places.map { _ in 0 }), .stroke(Palette.axis, dash: "3 3"))
      panel.canvas.path(
        points(rank.differences),
        .stroke(rank.holds ? Palette.after : Palette.ineffective, width: rank.holds ? 1.5 : 2.5))
      panel.xAxis("rank / 100")
      panel.yAxis("")
      return panel
    }
    return Self.grid(
      panels, name: "ranks", title: "Ranks of the truth: distribution minus uniform",
      description: "Each line stays inside the grey band, all of it at once, if the posterior is right.",
      data: rankPathTable)
  }

  /// Coverage of every quantity in every stratum with its binomial uncertainty, against the target.
  private var coverageFigure: Figure {
    let target = CalibrationPlan.coverageTarget
    let names = coverage.first?.coverages.map(\.name) ?? []
    let panels = names.enumerated().map { index, name -> Panel in
      var panel = Panel(
        CoverageStratum.judged.contains(name) ? "mean of \(name)" : "mean of \(name) (not judged)",
        axes: Panel.Axes(x: (0, 1), y: (0, Double(coverage.count) + 0.5)),
        height: 44 + 22 * Double(coverage.count), left: 150, isSynthetic: true)
      let (top, bottom) = (panel.y.place(Double(coverage.count) + 0.4), panel.y.place(0))
      panel.canvas.rectangle(
        x: panel.x.place(target.lowerBound), y: top,
        width: panel.x.place(target.upperBound) - panel.x.place(target.lowerBound), height: bottom - top,
        .fill(Palette.band))
      for (row, stratum) in coverage.enumerated() {
        let (result, y) = (stratum.coverages[index], panel.y.place(Double(coverage.count - row)))
        let likely = result.uncertainty()
        let color = Self.verdict(result) == .tooLow ? Palette.ineffective : Palette.after
        panel.canvas.line(
          from: (panel.x.place(likely.lowerBound), y), to: (panel.x.place(likely.upperBound), y),
          .stroke(color, width: 2))
        panel.canvas.circle(x: panel.x.place(result.share), y: y, radius: 3.5, .fill(color))
        panel.canvas.text(
          "\(stratum.pattern), \(stratum.level)", x: panel.x.place(0) - 6, y: y + 4, anchor: .end,
          style: "tick", fill: Palette.muted)
      }
      panel.xAxis("share of 90 % intervals that hold the truth")
      return panel
    }
    return Self.grid(
      panels, name: "coverage", title: "Coverage of 90 % intervals of lesion means",
      description: "Points with their 95 % binomial range; the grey band is the target.", data: coverageTable)
  }

  private static func grid(
    _ panels: [Panel], name: String, title: String, description: String, data: TabSeparatedTable
  ) -> Figure {
    var canvas = SVGCanvas()
    let tallest: Double = panels.map(\.height).max() ?? 0
    let (width, height): (Double, Double) = (Panel.width + 20, tallest + 16)
    for (index, panel) in panels.enumerated() {
      canvas.insert(
        panel.canvas, x: 8 + Double(index % columnCount) * width, y: 8 + Double(index / columnCount) * height)
    }
    let rows = (panels.count + columnCount - 1) / columnCount
    return Figure(
      name: name, title: title, description: description,
      width: 8 + width * Double(min(columnCount, panels.count)), height: 8 + height * Double(rows),
      canvas: canvas, data: data)
  }
}
