/// The frame of a plot: axes with ticks, numbers and units, a title, and the stamp of simulated data.
///
/// 370 wide, so that text keeps its size in three columns on a screen, two on paper and one on a phone.
public struct Panel: Sendable {
  /// The width of every panel.
  public static let width = 370.0
  private static let top = 36.0

  /// The axis to the right.
  public let x: PlotScale
  /// The axis upwards.
  public let y: PlotScale
  /// The height of the view box.
  public let height: Double
  /// The drawing so far.
  public var canvas = SVGCanvas()

  let left: Double
  let right = Panel.width - 10
  /// Below the title, and below what the y axis shows.
  let top = Panel.top
  let bottom: Double

  /// Domains and kinds of the two axes.
  public struct Axes: Sendable {
    /// The kind of the x axis.
    public var xKind = PlotScale.Kind.linear
    /// Its ends.
    public var xDomain: (Double, Double)
    /// The kind of the y axis.
    public var yKind = PlotScale.Kind.linear
    /// Its ends.
    public var yDomain: (Double, Double)

    /// Straight axes unless a kind is given.
    public init(
      x: (Double, Double), y: (Double, Double), xKind: PlotScale.Kind = .linear,
      yKind: PlotScale.Kind = .linear
    ) {
      (xDomain, yDomain, self.xKind, self.yKind) = (x, y, xKind, yKind)
    }
  }

  /// A frame with a `title`; `left` leaves room for the numbers of the y axis.
  public init(_ title: String, axes: Axes, height: Double = 230, left: Double = 44, isSynthetic: Bool) {
    self.height = height
    self.left = left
    bottom = height - 36
    x = PlotScale(axes.xKind, axes.xDomain.0, axes.xDomain.1, from: left, to: Self.width - 10)
    y = PlotScale(axes.yKind, axes.yDomain.0, axes.yDomain.1, from: height - 36, to: Self.top)
    canvas.text(Self.shortened(title, to: isSynthetic ? 40 : 54), x: 0, y: 12, style: "b")
    if isSynthetic { canvas.text("SYNTHETIC", x: right, y: 12, anchor: .end, style: "syn", fill: "#6f6a60") }
  }

  /// The x axis with its ticks and what it shows.
  public mutating func xAxis(
    _ label: String, ticks: [Double]? = nil, text: (Double) -> String = PlotScale.label
  ) {
    canvas.line(from: (left, bottom), to: (right, bottom), .stroke(Palette.axis))
    for tick in ticks ?? x.ticks() {
      let place = x.place(tick)
      canvas.line(from: (place, bottom), to: (place, bottom + 4), .stroke(Palette.axis))
      canvas.text(text(tick), x: place, y: bottom + 16, anchor: .middle, style: "tick", fill: Palette.muted)
    }
    canvas.text(label, x: right, y: height - 5, anchor: .end, style: "axl", fill: Palette.muted)
  }

  /// The y axis with its ticks and what it shows.
  public mutating func yAxis(
    _ label: String, ticks: [Double]? = nil, text: (Double) -> String = PlotScale.label
  ) {
    canvas.line(from: (left, top), to: (left, bottom), .stroke(Palette.axis))
    for tick in ticks ?? y.ticks(4) {
      let place = y.place(tick)
      canvas.line(from: (left - 4, place), to: (left, place), .stroke(Palette.axis))
      canvas.text(text(tick), x: left - 7, y: place + 4, anchor: .end, style: "tick", fill: Palette.muted)
    }
    if !label.isEmpty { canvas.text(label, x: left - 4, y: 29, style: "axl", fill: Palette.muted) }
  }

  /// Points of the plot as places.
  func places(_ points: [(Double, Double)]) -> [(x: Double, y: Double)] {
    points.map { (x.place($0.0), y.place($0.1)) }
  }

  /// `text` cut to `count` characters, with an ellipsis.
  static func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(count - 1) + "…"
  }
}
