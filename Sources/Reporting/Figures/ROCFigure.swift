internal import Tables

/// An ROC curve with the band that other patients of the same kind would give.
public struct ROCFigure: Sendable {
  private let points: [(falsePositive: Double, truePositive: Double)]
  private let band: [(falsePositive: Double, lower: Double, upper: Double)]

  /// The corners of the curve from (0, 0) to (1, 1), and the pointwise band of its height; an empty band is not drawn.
  public init(
    points: [(falsePositive: Double, truePositive: Double)],
    band: [(falsePositive: Double, lower: Double, upper: Double)]
  ) {
    (self.points, self.band) = (points, band)
  }

  /// The figure; `note` stands in the lower right: the area and its interval.
  public func figure(name: String, title: String, note: [String], isSynthetic: Bool) -> Figure {
    var panel = Panel(title, axes: .init(x: (0, 1), y: (0, 1)), height: 340, isSynthetic: isSynthetic)
    let upper = band.map { ($0.falsePositive, $0.upper) },
      lower = band.reversed().map { ($0.falsePositive, $0.lower) }
    panel.canvas.path(panel.places(upper + lower), isClosed: true, .fill(Palette.effective, opacity: 0.15))
    panel.canvas.path(panel.places([(0, 0), (1, 1)]), .stroke(Palette.axis, dash: "3 3"))
    panel.canvas.path(
      panel.places(points.map { ($0.falsePositive, $0.truePositive) }), .stroke(Palette.effective, width: 2))
    for (index, line) in note.enumerated() {
      panel.canvas.text(
        line, x: panel.right - 4, y: panel.bottom - 10 - 16 * Double(note.count - 1 - index), anchor: .end,
        style: index == 0 ? "b halo" : "halo")
    }
    panel.xAxis("1 − specificity", ticks: [0, 0.25, 0.5, 0.75, 1])
    panel.yAxis("sensitivity", ticks: [0, 0.25, 0.5, 0.75, 1])
    var data = TabSeparatedTable(
      columns: ["kind", "false_positive", "true_positive", "q05", "q95"], name: "roc")
    let (field, missing) = (TabSeparatedTable.field, TabSeparatedTable.missing)
    for point in points {
      data.append(["curve", field(point.falsePositive), field(point.truePositive), missing, missing])
    }
    for point in band {
      data.append(["band", field(point.falsePositive), missing, field(point.lower), field(point.upper)])
    }
    return Figure(
      name: name, title: title,
      description:
        "ROC curve\(band.isEmpty ? "" : " with a 90 % band from resampled patients"). \(note.joined(separator: "; ")).",
      width: Panel.width, height: panel.height, canvas: panel.canvas, data: data)
  }
}
