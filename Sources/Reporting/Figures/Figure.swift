public import Tables

/// One figure of a page: a drawing with a title and a description for those who do not see it, and its data.
public struct Figure: Sendable, Equatable {
  /// What its files are called, without extension.
  public let name: String
  /// What is drawn, in a few words.
  public let title: String
  /// What is to be seen, in a sentence or two.
  public let description: String
  /// The width of the view box.
  public let width: Double
  /// The height of the view box.
  public let height: Double
  /// The drawing.
  public let canvas: SVGCanvas
  /// The numbers that were drawn.
  public let data: TabSeparatedTable

  /// A figure whose view box is `width` × `height`.
  public init(
    name: String, title: String, description: String, width: Double, height: Double, canvas: SVGCanvas,
    data: TabSeparatedTable
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.width = width
    self.height = height
    self.canvas = canvas
    self.data = data
  }

  /// The pattern of what must not be interpreted; a page defines it once.
  static let hatch =
    "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
    + "<rect width=\"5\" height=\"5\" fill=\"#fff\"/>"
    + "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" stroke=\"#6f6a60\" stroke-width=\"1.6\"/></pattern>"

  /// The figure within a page; `name` makes its ids, so names are unique on a page.
  public func inline(kind: String = "panel") -> Markup {
    let id = "fig-" + name
    return Markup(
      html:
        "<svg class=\"\(kind)\" viewBox=\"0 0 \(SVGCanvas.number(width)) \(SVGCanvas.number(height))\" role=\"img\""
        + " aria-labelledby=\"\(id)-t \(id)-d\"><title id=\"\(id)-t\">\(Markup.escaped(title))</title>"
        + "<desc id=\"\(id)-d\">\(Markup.escaped(description))</desc>\(canvas.elements)</svg>")
  }

  /// The figure as a file of its own.
  public var standalone: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVGCanvas.number(width)) \(SVGCanvas.number(height))" \
    width="\(SVGCanvas.number(width))" height="\(SVGCanvas.number(height))">\
    <title>\(Markup.escaped(title))</title><desc>\(Markup.escaped(description))</desc>\
    <style>text{font:12px "Helvetica Neue","Liberation Sans",Arial,sans-serif}.tick,.axl{font-size:11.5px}\
    .syn{font-size:8.5px;letter-spacing:.12em}.b{font-weight:700}\
    .halo{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}image{image-rendering:pixelated}</style>\
    <defs>\(Self.hatch)</defs><rect width="100%" height="100%" fill="#fff"/>\(canvas.elements)</svg>

    """
  }

  /// `text` as a part of a name: lower-case letters, digits and hyphens.
  public static func slug(_ text: String) -> String {
    let kept = text.lowercased().unicodeScalars.map { scalar in
      ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
    }
    return String(String(kept).split(separator: "-").joined(separator: "-").prefix(60))
  }
}
