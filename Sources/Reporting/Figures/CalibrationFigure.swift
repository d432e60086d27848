internal import Tables

/// How often patients with a predicted probability turned out effective: the recalibration curve with its band.
public struct CalibrationFigure: Sendable {
  private let curve: [(probability: Double, observed: Double, lower: Double, upper: Double)]
  private let marks: [(mark: OutcomeMark, probability: Double)]

  /// A curve with its 90 % band, and the patients behind it.
  public init(
    curve: [(probability: Double, observed: Double, lower: Double, upper: Double)],
    marks: [(mark: OutcomeMark, probability: Double)]
  ) {
    (self.curve, self.marks) = (curve, marks)
  }

  /// The figure.
  public func figure(name: String, title: String, isSynthetic: Bool) -> Figure {
    var panel = Panel(title, axes: .init(x: (0, 1), y: (-0.08, 1.08)), height: 340, isSynthetic: isSynthetic)
    let upper = curve.map { ($0.probability, $0.upper) },
      lower = curve.reversed().map { ($0.probability, $0.lower) }
    panel.canvas.path(panel.places(upper + lower), isClosed: true, .fill(Palette.after, opacity: 0.15))
    panel.canvas.path(panel.places([(0, 0), (1, 1)]), .stroke(Palette.axis, dash: "3 3"))
    panel.canvas.path(
      panel.places(curve.map { ($0.probability, $0.observed) }), .stroke(Palette.after, width: 2))
    for entry in marks {
      entry.mark.draw(
        on: &panel.canvas, x: panel.x.place(entry.probability),
        y: panel.y.place(entry.mark == .effective ? 1.04 : -0.04))
    }
    panel.canvas.text(
      "perfect calibration", x: panel.x.place(0.62), y: panel.y.place(0.56), style: "tick halo",
      fill: Palette.muted)
    panel.xAxis("probability of the effective group, patient left out", ticks: [0, 0.25, 0.5, 0.75, 1])
    panel.yAxis("share effective", ticks: [0, 0.25, 0.5, 0.75, 1])
    var data = TabSeparatedTable(columns: ["probability", "observed", "q05", "q95"], name: "calibration")
    for point in curve {
      data.append([point.probability, point.observed, point.lower, point.upper].map(TabSeparatedTable.field))
    }
    return Figure(
      name: name, title: title,
      description:
        "Logistic recalibration of the left-out probabilities with its 90 % band; marks: patients.",
      width: Panel.width, height: panel.height, canvas: panel.canvas, data: data)
  }
}
