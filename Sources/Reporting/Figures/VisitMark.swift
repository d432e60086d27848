/// How a visit is told from the other: by colour, and by the shape of its points.
public enum VisitMark: Sendable, CaseIterable {
  /// The first of two visits: grey, open squares, dashed.
  case before
  /// The second of two visits, or the only one: blue, filled circles.
  case after

  var color: String { self == .before ? Palette.before : Palette.after }
  var textColor: String { self == .before ? Palette.beforeText : Palette.after }
  var dash: String? { self == .before ? "5 3" : nil }

  /// One measurement.
  func draw(on canvas: inout SVGCanvas, x: Double, y: Double) {
    switch self {
    case .before:
      canvas.rectangle(x: x - 3, y: y - 3, width: 6, height: 6, .stroke(color, width: 1.4, fill: "#fff"))
    case .after: canvas.circle(x: x, y: y, radius: 3.3, .fill(color))
    }
  }
}
