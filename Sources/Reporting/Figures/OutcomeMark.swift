/// How the two outcomes are told apart: violet filled circles, brown open squares.
public enum OutcomeMark: Sendable, CaseIterable {
  /// Treatment was effective.
  case effective
  /// Treatment was ineffective.
  case ineffective

  var color: String { self == .effective ? Palette.effective : Palette.ineffective }
  var textColor: String { self == .effective ? Palette.effective : Palette.ineffectiveText }

  /// One patient.
  func draw(on canvas: inout SVGCanvas, x: Double, y: Double) {
    switch self {
    case .effective: canvas.circle(x: x, y: y, radius: 3.2, .fill(color))
    case .ineffective:
      canvas.rectangle(
        x: x - 2.9, y: y - 2.9, width: 5.8, height: 5.8, .stroke(color, width: 1.4, fill: "#fff"))
    }
  }
}
