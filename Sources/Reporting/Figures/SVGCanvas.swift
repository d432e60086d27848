internal import Foundation

/// What a shape is drawn with: its filling and its line.
public struct SVGPaint: Sendable, Equatable {
  var fill: String?
  var stroke: String?
  var width = 1.0
  var dash: String?
  var opacity = 1.0

  /// Filled with `color`.
  public static func fill(_ color: String, opacity: Double = 1) -> SVGPaint {
    SVGPaint(fill: color, opacity: opacity)
  }

  /// A line of `color`; `dash` is a pattern of lengths such as "4 3".
  public static func stroke(_ color: String, width: Double = 1, dash: String? = nil, fill: String? = nil)
    -> SVGPaint
  {
    SVGPaint(fill: fill, stroke: color, width: width, dash: dash)
  }
}

/// A drawing in Scalable Vector Graphics: lines, rectangles, circles, paths, texts and images, in the order drawn.
///
/// Coordinates are in the units of the view box, y downwards, and are written with two decimals: the same calls give
/// the same bytes. Texts and attributes are escaped, so that any name may be written.
public struct SVGCanvas: Sendable, Equatable {
  /// The elements drawn so far.
  public private(set) var elements = ""

  /// A drawing without elements.
  public init() {}

  /// Where a text stands in relation to its x.
  public enum Anchor: String, Sendable {
    case start
    case middle
    case end
  }

  /// A line between two points.
  public mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ paint: SVGPaint
  ) {
    add("line", [("x1", start.x), ("y1", start.y), ("x2", end.x), ("y2", end.y)], paint)
  }

  /// A rectangle by its upper left corner and its extents; negative extents draw nothing.
  public mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, radius: Double = 0, _ paint: SVGPaint
  ) {
    guard width >= 0, height >= 0 else { return }
    var numbers = [("x", x), ("y", y), ("width", width), ("height", height)]
    if radius > 0 { numbers.append(("rx", radius)) }
    add("rect", numbers, paint)
  }

  /// A circle.
  public mutating func circle(x: Double, y: Double, radius: Double, _ paint: SVGPaint) {
    add("circle", [("cx", x), ("cy", y), ("r", radius)], paint)
  }

  /// A line through points, closed into an area if `isClosed`; fewer than two points, or one that is not finite, draw
  /// nothing.
  public mutating func path(_ points: [(x: Double, y: Double)], isClosed: Bool = false, _ paint: SVGPaint) {
    guard points.count > 1, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return }
    let steps = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(Self.number($1.x)),\(Self.number($1.y))" }
    path(steps.joined() + (isClosed ? "Z" : ""), paint)
  }

  /// A path in the language of SVG.
  public mutating func path(_ data: String, _ paint: SVGPaint) {
    elements += "<path d=\"\(data)\"\(Self.attributes(paint, isArea: true))/>"
  }

  /// A text whose line of writing is at `y`; `style` names classes of the style sheet (`tick`, `b`, `halo`).
  public mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "",
    fill: String = Palette.ink
  ) {
    let position = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let kind = style.isEmpty ? "" : " class=\"\(style)\""
    elements +=
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\"\(position)\(kind) fill=\"\(fill)\">"
      + "\(Markup.escaped(text))</text>"
  }

  /// A PNG stretched over a rectangle, its pixels kept sharp.
  public mutating func image(_ png: [UInt8], x: Double, y: Double, width: Double, height: Double) {
    let data = Data(png).base64EncodedString()
    elements +=
      "<image x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
      + "height=\"\(Self.number(height))\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,\(data)\"/>"
  }

  /// Another drawing, moved by (x, y).
  public mutating func insert(_ other: SVGCanvas, x: Double, y: Double) {
    elements += "<g transform=\"translate(\(Self.number(x)) \(Self.number(y)))\">\(other.elements)</g>"
  }

  private mutating func add(_ name: String, _ numbers: [(String, Double)], _ paint: SVGPaint) {
    guard numbers.allSatisfy({ $0.1.isFinite }) else { return }
    let places = numbers.map { " \($0)=\"\(Self.number($1))\"" }.joined()
    elements += "<\(name)\(places)\(Self.attributes(paint, isArea: name != "line"))/>"
  }

  private static func attributes(_ paint: SVGPaint, isArea: Bool) -> String {
    var text = ""
    if isArea { text += " fill=\"\(paint.fill ?? "none")\"" }
    if let stroke = paint.stroke {
      text += " stroke=\"\(stroke)\""
      if paint.width != 1 { text += " stroke-width=\"\(number(paint.width))\"" }
    }
    if let dash = paint.dash { text += " stroke-dasharray=\"\(dash)\"" }
    if paint.opacity < 1 { text += " fill-opacity=\"\(number(paint.opacity))\"" }
    return text
  }

  /// `value` with at most two decimals and no needless zeros.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = (100 * value).rounded()
    guard abs(hundredths) < 1e12 else { return String(format: "%.0f", value) }
    let whole = Int(hundredths)
    let (units, rest) = (abs(whole) / 100, abs(whole) % 100)
    let sign = whole < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(units)" }
    return rest % 10 == 0 ? "\(sign)\(units).\(rest / 10)" : "\(sign)\(units).\(rest < 10 ? "0" : "")\(rest)"
  }
}
