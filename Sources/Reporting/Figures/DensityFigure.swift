internal import Diagnostics
internal import Foundation
internal import Tables

/// Posterior densities of one parameter of one lesion at its visits, over the prior that they started from.
public struct DensityFigure: Sendable {
  /// The posterior of one visit.
  public struct Curve: Sendable {
    var mark: VisitMark
    var label: String
    var draws: [Double]
    var isPriorDominated: Bool

    /// Draws in the unit of the axis, with the label that stands at the curve.
    public init(mark: VisitMark, label: String, draws: [Double], isPriorDominated: Bool) {
      self.mark = mark
      self.label = label
      self.draws = draws
      self.isPriorDominated = isPriorDominated
    }
  }

  private let curves: [(curve: Curve, estimate: DensityEstimate)]
  private let prior: DensityEstimate?
  private let axis: PlotScale.Kind
  private let domain: (lower: Double, upper: Double)

  /// The densities of `curves`; `prior` are draws of the same quantity before any data, empty if they are not known.
  ///
  /// On a logarithmic axis densities are those of the logarithm.
  public init(curves: [Curve], prior: [Double], isLogarithmic: Bool) {
    let all = curves.flatMap { curve in
      let sorted = curve.draws.filter(\.isFinite).sorted()
      return [sorted.quantile(0.001), sorted.quantile(0.999)]
    }
    let usesLog = isLogarithmic && all.allSatisfy { $0 > 0 }
    axis = usesLog ? .logarithmic : .linear
    func onAxis(_ value: Double) -> Double { usesLog ? log(value) : value }
    var (low, high) = (onAxis(all.min() ?? 0), onAxis(all.max() ?? 1))
    let margin = max(0.12 * (high - low), abs(high) * 1e-6, 1e-12)
    (low, high) = (low - margin, high + margin)
    if !usesLog, (all.min() ?? 0) >= 0 { low = max(low, 0) }
    self.curves = curves.map { ($0, DensityEstimate($0.draws.map(onAxis), from: low, to: high)) }
    self.prior = prior.isEmpty ? nil : DensityEstimate(prior.map(onAxis), from: low, to: high)
    domain = usesLog ? (exp(low), exp(high)) : (low, high)
  }

  /// The figure, with its axis label (parameter and unit).
  public func figure(name: String, title: String, axisLabel: String, isSynthetic: Bool) -> Figure {
    let peak = curves.flatMap(\.estimate.density).max() ?? 1
    var panel = Panel(
      title, axes: .init(x: (domain.lower, domain.upper), y: (0, peak * 1.18), xKind: axis), height: 186,
      left: 6,
      isSynthetic: isSynthetic)
    for entry in curves {
      let mark = entry.curve.mark
      let area = points(entry.estimate, in: panel)
      let filling = entry.curve.isPriorDominated ? Palette.hatched : mark.color
      panel.canvas.path(
        [(panel.left, panel.bottom)] + area + [(panel.right, panel.bottom)], isClosed: true,
        .fill(filling, opacity: entry.curve.isPriorDominated ? 0.55 : 0.13))
      panel.canvas.path(area, .stroke(mark.color, width: 1.8, dash: mark.dash))
    }
    for label in labels(in: panel) {
      panel.canvas.text(
        label.curve.label, x: label.x, y: label.y, anchor: label.anchor, style: "b halo",
        fill: label.curve.mark.textColor)
    }
    if let prior {
      panel.canvas.path(points(prior, in: panel), .stroke(Palette.ink, width: 1.2, dash: "1.5 3"))
    }
    panel.xAxis(axis == .logarithmic ? axisLabel + " (log scale)" : axisLabel)
    return Figure(
      name: name, title: title, description: description, width: Panel.width, height: panel.height,
      canvas: panel.canvas, data: data)
  }

  /// Where the label of each curve stands: over its peak, or, of two peaks too near for both, outwards from either.
  private func labels(in panel: Panel) -> [(
    curve: Curve, x: Double, y: Double, anchor: SVGCanvas.Anchor
  )] {
    let peaks = curves.map {
      points($0.estimate, in: panel).min { $0.y < $1.y } ?? (panel.left, panel.bottom)
    }
    let isCrowded = peaks.count == 2 && abs(peaks[0].x - peaks[1].x) < Self.labelWidth
    return curves.indices.map { index in
      let peak = peaks[index]
      let y = max(peak.y - 5, panel.top - 8)
      guard isCrowded else {
        let half = Self.labelWidth / 2
        return (curves[index].curve, min(max(peak.x, panel.left + half), panel.right - half), y, .middle)
      }
      // The two labels share the line of the higher peak; neither leaves the panel.
      let isLeft = (peak.x, index) < (peaks[1 - index].x, 1 - index)
      let middle = min(
        max((peaks[0].x + peaks[1].x) / 2, panel.left + Self.labelWidth), panel.right - Self.labelWidth)
      return (
        curves[index].curve, middle + (isLeft ? -6 : 6), max(min(peaks[0].y, peaks[1].y) - 5, panel.top - 8),
        isLeft ? .end : .start
      )
    }
  }

  /// What a label such as "before 1.331" takes.
  private static let labelWidth = 96.0

  private func points(_ estimate: DensityEstimate, in panel: Panel) -> [(x: Double, y: Double)] {
    zip(estimate.places, estimate.density).map { place, density in
      let value = axis == .logarithmic ? exp(place) : place
      return (panel.x.clamped(value), panel.y.clamped(density))
    }
  }

  private var description: String {
    let hasSilent = curves.contains { $0.curve.isPriorDominated }
    return
      (curves.count == 2
      ? "Posterior densities before (dashed, grey) and after (blue)" : "Posterior density")
      + (prior == nil ? "" : "; dotted: the prior")
      + (hasSilent ? ". Hatched: not informed by these data." : ".")
  }

  private var data: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ["curve", "value", "density"], name: "density")
    let estimates = curves.map { (Self.name($0.curve.mark, of: curves.count), $0.estimate) }
    for (label, estimate) in estimates + (prior.map { [("prior", $0)] } ?? []) {
      for (place, density) in zip(estimate.places, estimate.density) {
        let value = axis == .logarithmic ? exp(place) : place
        table.append([label, TabSeparatedTable.field(value), TabSeparatedTable.field(density)])
      }
    }
    return table
  }

  private static func name(_ mark: VisitMark, of count: Int) -> String {
    count == 1 ? "posterior" : mark == .before ? "before" : "after"
  }
}
