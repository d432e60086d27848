internal import Foundation
internal import Tables

/// One row of the forest of changes, in two lanes that never share a limit.
///
/// Above: the posterior of the true change (circle and thin line: median and 90 %, all sources; thick line: what the two
/// scans alone would claim) against the region of practical equivalence. Below: the observed change (diamond, filled
/// beyond) against the repeatability coefficient. Scan-to-scan variance is in the posterior already, so the coefficient
/// is no threshold for it.
public struct ForestStrip: Sendable {
  /// What is drawn, on the axis of the change (log, or logit for fractions); NaN is left out.
  public struct Change: Sendable {
    /// The median of the true change and its 5 % and 95 % quantiles.
    public var median: Double
    /// The 5 % quantile.
    public var lower: Double
    /// The 95 % quantile.
    public var upper: Double
    /// The observed change: of the two scans alone.
    public var observed: Double
    /// The standard deviation of the observed change, of the two images alone.
    public var withinSD: Double
    /// The ends of the region of practical equivalence.
    public var equivalence: (lower: Double, upper: Double)
    /// The repeatability coefficient; NaN if it is not known.
    public var repeatability: Double
    /// Whether the observed change passed it.
    public var isBeyond: Bool?

    /// A change on its axis.
    public init(
      median: Double, lower: Double, upper: Double, observed: Double, withinSD: Double,
      equivalence: (lower: Double, upper: Double), repeatability: Double,
      isBeyond: Bool?
    ) {
      self.median = median
      self.lower = lower
      self.upper = upper
      self.observed = observed
      self.withinSD = withinSD
      self.equivalence = equivalence
      self.repeatability = repeatability
      self.isBeyond = isBeyond
    }
  }

  static let width = 400.0
  static let height = 44.0

  /// The ends of the axis that strips of one table share: ± ln 2 by default, a halving to a doubling.
  public static let limit = log(2.0)

  private static let scale = PlotScale(.linear, -limit, limit, from: 10, to: width - 10)

  /// The scale above the strips, in percent of the value before.
  public static func axis(name: String, isSynthetic: Bool) -> Figure {
    var canvas = SVGCanvas()
    for percent in [-50.0, -25, 0, 25, 50, 100] {
      let x = scale.place(log(1 + percent / 100))
      let text = percent == 0 ? "0" : (percent > 0 ? "+" : "−") + "\(Int(abs(percent)))"
      canvas.text(
        percent == 100 ? text + " %" : text, x: x, y: 12,
        anchor: percent == -50 ? .start : percent == 100 ? .end : .middle,
        style: "tick", fill: Palette.muted)
      canvas.line(from: (x, 16), to: (x, 20), .stroke(Palette.axis))
    }
    if isSynthetic {
      canvas.text("SYNTHETIC", x: scale.place(-0.49), y: 12, anchor: .middle, style: "syn", fill: "#6f6a60")
    }
    return Figure(
      name: name, title: "Relative change", description: "A logarithmic axis from a halving to a doubling.",
      width: width,
      height: 20, canvas: canvas, data: TabSeparatedTable(columns: ["tick"]))
  }

  /// The strip of `change`.
  public static func figure(_ change: Change, name: String, title: String, description: String) -> Figure {
    var canvas = SVGCanvas()
    let x = scale
    let rope = (x.clamped(change.equivalence.lower), x.clamped(change.equivalence.upper))
    canvas.rectangle(
      x: rope.0, y: 1, width: rope.1 - rope.0, height: 23,
      .stroke(Palette.axis, width: 0.8, fill: Palette.band))
    canvas.line(from: (x.place(0), 0), to: (x.place(0), height), .stroke(Palette.axis))
    canvas.line(
      from: (x.clamped(change.lower), 12), to: (x.clamped(change.upper), 12), .stroke(Palette.after, width: 2)
    )
    let within = (change.observed - 1.645 * change.withinSD, change.observed + 1.645 * change.withinSD)
    canvas.rectangle(
      x: x.clamped(within.0), y: 9, width: x.clamped(within.1) - x.clamped(within.0), height: 6,
      .fill(Palette.after))
    if abs(change.median) <= limit {
      canvas.circle(
        x: x.place(change.median), y: 12, radius: 5, .stroke(Palette.after, width: 2, fill: "#fff"))
    }
    if change.lower < -limit { canvas.path("M1,12l9,-5v10Z", .fill(Palette.after)) }
    if change.upper > limit {
      canvas.path("M\(SVGCanvas.number(width - 1)),12l-9,-5v10Z", .fill(Palette.after))
    }
    if change.repeatability.isFinite {
      let ends = (x.clamped(-change.repeatability), x.clamped(change.repeatability))
      canvas.line(from: (ends.0, 34), to: (ends.1, 34), .stroke(Palette.muted, dash: "2 2"))
      for (end, place) in [(-change.repeatability, ends.0), (change.repeatability, ends.1)]
      where abs(end) <= limit {
        canvas.line(from: (place, 29), to: (place, 39), .stroke(Palette.muted, width: 1.6))
      }
    }
    let diamond = SVGCanvas.number(x.clamped(change.observed))
    canvas.path(
      "M\(diamond),28.5l5.5,5.5l-5.5,5.5l-5.5,-5.5Z",
      .stroke(Palette.ink, width: 1.4, fill: change.isBeyond == true ? Palette.ink : "#fff"))
    var data = TabSeparatedTable(
      columns: ["median", "q05", "q95", "observed", "within_sd", "rope_low", "rope_high", "rc"],
      name: "change")
    data.append(
      [
        change.median, change.lower, change.upper, change.observed, change.withinSD, change.equivalence.lower,
        change.equivalence.upper, change.repeatability,
      ].map(TabSeparatedTable.field))
    return Figure(
      name: name, title: title, description: description, width: width, height: height, canvas: canvas,
      data: data)
  }

  /// The strip of a change that must not be interpreted, or that does not exist: hatched, with the reason.
  public static func silent(_ reason: String, name: String, title: String) -> Figure {
    var canvas = SVGCanvas()
    canvas.rectangle(
      x: 10, y: 10, width: width - 20, height: 24, .stroke(Palette.axis, width: 0.8, fill: Palette.hatched))
    let half = 3.3 * Double(reason.count) + 8
    canvas.rectangle(x: width / 2 - half, y: 13, width: 2 * half, height: 18, .fill("#fff"))
    canvas.text(reason, x: width / 2, y: 26, anchor: .middle, style: "tick")
    return Figure(
      name: name, title: title, description: reason, width: width, height: height, canvas: canvas,
      data: TabSeparatedTable(columns: ["reason"]))
  }
}
