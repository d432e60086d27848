internal import Foundation
internal import Tables

/// The mean signal of a lesion against what was varied, with the band in which its model expects a new measurement,
/// and the residuals below.
public struct SignalFigure: Sendable {
  /// One visit: the measurements and the posterior-predictive quantiles at every place.
  public struct Curve: Sendable {
    /// One measured mean.
    public struct Measurement: Sendable {
      var setting: Double
      var signal: Double
      var isUsed: Bool

      /// A mean at `setting`; `isUsed` is false if the fit left it out.
      public init(setting: Double, signal: Double, isUsed: Bool) {
        (self.setting, self.signal, self.isUsed) = (setting, signal, isUsed)
      }
    }

    /// The predicted distribution of a measurement at one setting.
    public struct Prediction: Sendable {
      var setting: Double
      var lower: Double
      var median: Double
      var upper: Double

      /// 5 %, 50 % and 95 % quantiles of what a new measurement at `setting` would show.
      public init(setting: Double, lower: Double, median: Double, upper: Double) {
        (self.setting, self.lower, self.median, self.upper) = (setting, lower, median, upper)
      }
    }

    var mark: VisitMark
    var measurements: [Measurement]
    var predictions: [Prediction]

    /// A visit; predictions are ordered by setting.
    public init(mark: VisitMark, measurements: [Measurement], predictions: [Prediction]) {
      (self.mark, self.measurements, self.predictions) = (mark, measurements, predictions)
    }

    /// The prediction at `setting`, straight between its neighbours; nil outside.
    func prediction(at setting: Double) -> Prediction? {
      guard let after = predictions.firstIndex(where: { $0.setting >= setting }) else { return nil }
      let high = predictions[after]
      guard after > 0, high.setting > setting else { return high.setting == setting ? high : nil }
      let low = predictions[after - 1]
      let share = (setting - low.setting) / (high.setting - low.setting)
      func between(_ path: KeyPath<Prediction, Double>) -> Double {
        low[keyPath: path] + share * (high[keyPath: path] - low[keyPath: path])
      }
      return Prediction(
        setting: setting, lower: between(\.lower), median: between(\.median), upper: between(\.upper))
    }
  }

  private let curves: [Curve]
  private let isLogarithmic: Bool

  /// The figure of `curves`; signals on a logarithmic axis if they are all positive and `isLogarithmic`.
  public init(curves: [Curve], isLogarithmic: Bool) {
    self.curves = curves
    let isPositive = curves.allSatisfy { curve in
      curve.measurements.allSatisfy { $0.signal > 0 } && curve.predictions.allSatisfy { $0.lower > 0 }
    }
    self.isLogarithmic = isLogarithmic && isPositive
  }

  /// Share of the used measurements that lie in the 90 % band; NaN without any.
  public var shareInside: Double {
    let inside = curves.flatMap { curve in
      curve.measurements.filter(\.isUsed).compactMap { point in
        curve.prediction(at: point.setting).map { point.signal >= $0.lower && point.signal <= $0.upper }
      }
    }
    return Double(inside.count { $0 }) / Double(inside.count)
  }

  /// Where a time without end stands on the axis: beyond the last that has one; nil if there is none.
  private var infinity: Double? {
    let settings = curves.flatMap { $0.measurements.map(\.setting) + $0.predictions.map(\.setting) }
    guard settings.contains(.infinity) else { return nil }
    return 1.15 * (settings.filter(\.isFinite).max() ?? 1)
  }

  /// The curves with every setting at its place on the axis.
  private func drawn(_ infinity: Double?) -> [Curve] {
    guard let infinity else { return curves }
    return curves.map { curve in
      var curve = curve
      for index in curve.measurements.indices where curve.measurements[index].setting == .infinity {
        curve.measurements[index].setting = infinity
      }
      for index in curve.predictions.indices where curve.predictions[index].setting == .infinity {
        curve.predictions[index].setting = infinity
      }
      return curve
    }
  }

  /// The figure, with labels of its axes.
  public func figure(name: String, title: String, xLabel: String, yLabel: String, isSynthetic: Bool) -> Figure
  {
    let infinity = infinity
    let curves = drawn(infinity)
    let signals = curves.flatMap {
      $0.measurements.map(\.signal) + $0.predictions.flatMap { [$0.lower, $0.upper] }
    }
    let settings = curves.flatMap { $0.measurements.map(\.setting) + $0.predictions.map(\.setting) }
    let (low, high) = (signals.min() ?? 0, signals.max() ?? 1)
    let (first, last) = (settings.min() ?? 0, settings.max() ?? 1)
    let margin = 0.03 * (last - first)
    var panel = Panel(
      title,
      axes: .init(
        x: (first - margin, last + margin),
        y: isLogarithmic
          ? (low * 0.93, high * 1.06) : (min(low, 0) - 0.04 * (high - low), high + 0.08 * (high - low)),
        yKind: isLogarithmic ? .logarithmic : .linear), height: 246, isSynthetic: isSynthetic)
    for curve in curves {
      let upper = curve.predictions.map { ($0.setting, $0.upper) }
      let lower = curve.predictions.reversed().map { ($0.setting, $0.lower) }
      panel.canvas.path(panel.places(upper + lower), isClosed: true, .fill(curve.mark.color, opacity: 0.18))
      panel.canvas.path(
        panel.places(curve.predictions.map { ($0.setting, $0.median) }),
        .stroke(curve.mark.color, width: 1.5, dash: curve.mark.dash))
    }
    for curve in curves {
      for point in curve.measurements {
        let (x, y) = (panel.x.place(point.setting), panel.y.place(point.signal))
        if point.isUsed {
          curve.mark.draw(on: &panel.canvas, x: x, y: y)
        } else {
          panel.canvas.path(
            "M\(SVGCanvas.number(x - 3)),\(SVGCanvas.number(y - 3))l6,6m0,-6l-6,6", .stroke(curve.mark.color))
        }
      }
    }
    if let infinity {
      panel.xAxis(xLabel, ticks: panel.x.ticks().filter { $0 < 0.95 * infinity } + [infinity]) {
        $0 == infinity ? "∞" : PlotScale.label($0)
      }
    } else {
      panel.xAxis(xLabel)
    }
    panel.yAxis(yLabel)
    var canvas = panel.canvas
    let isPredicted = curves.contains { !$0.predictions.isEmpty }
    if isPredicted {
      canvas.insert(residuals(curves, panel.x, isSynthetic: isSynthetic), x: 0, y: panel.height)
    }
    return Figure(
      name: name, title: title, description: description, width: Panel.width,
      height: panel.height + (isPredicted ? 68 : 0),
      canvas: canvas, data: data)
  }

  /// (measured − predicted) / predictive SD, the SD read off the 90 % band.
  private func residuals(_ curves: [Curve], _ x: PlotScale, isSynthetic: Bool) -> SVGCanvas {
    var canvas = SVGCanvas()
    let y = PlotScale(.linear, -4, 4, from: 50, to: 4)
    canvas.rectangle(
      x: x.start, y: y.place(1.645), width: x.end - x.start, height: y.place(-1.645) - y.place(1.645),
      .fill(Palette.band))
    canvas.line(from: (x.start, y.place(0)), to: (x.end, y.place(0)), .stroke(Palette.axis))
    for tick in [-3.0, 0, 3] {
      canvas.text(
        PlotScale.label(tick), x: x.start - 7, y: y.place(tick) + 4, anchor: .end, style: "tick",
        fill: Palette.muted)
    }
    for curve in curves {
      for point in curve.measurements where point.isUsed {
        guard let residual = residual(of: point, in: curve) else { continue }
        curve.mark.draw(on: &canvas, x: x.place(point.setting), y: y.clamped(residual))
      }
    }
    canvas.text("residual in predictive SD", x: x.end, y: 63, anchor: .end, style: "axl", fill: Palette.muted)
    return canvas
  }

  private func residual(of point: Curve.Measurement, in curve: Curve) -> Double? {
    guard let prediction = curve.prediction(at: point.setting), prediction.upper > prediction.lower else {
      return nil
    }
    return (point.signal - prediction.median) / ((prediction.upper - prediction.lower) / 3.29)
  }

  private var description: String {
    let count = curves.reduce(0) { $0 + $1.measurements.count { $0.isUsed } }
    guard shareInside.isFinite else { return "Measured means." }
    return "Measured means with the 90 % posterior-predictive band; "
      + "\(Int((shareInside * Double(count)).rounded())) of \(count) measurements lie inside it."
  }

  private var data: TabSeparatedTable {
    var table = TabSeparatedTable(
      columns: ["visit", "kind", "setting", "signal", "q05", "median", "q95", "used"], name: "signal")
    let (field, missing) = (TabSeparatedTable.field, TabSeparatedTable.missing)
    for curve in curves {
      let visit = curves.count == 1 ? "scan" : curve.mark == .before ? "before" : "after"
      for point in curve.measurements {
        table.append(
          [visit, "measured", field(point.setting), field(point.signal), missing, missing, missing]
            + [point.isUsed ? "true" : "false"])
      }
      for point in curve.predictions {
        table.append(
          [visit, "predicted", field(point.setting), missing, field(point.lower), field(point.median)]
            + [field(point.upper), missing])
      }
    }
    return table
  }
}
