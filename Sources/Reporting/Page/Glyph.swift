/// Small marks in ink that stand beside words, never in place of them.
public enum Glyph: Sendable, CaseIterable {
  /// A filled circle: pass, or determined by the data.
  case filled
  /// A half-filled circle: determined by data and prior.
  case half
  /// An open circle: nothing to say.
  case open
  /// A hatched square: do not interpret.
  case hatched
  /// A filled diamond: beyond scan-to-scan variation.
  case beyond
  /// An open diamond: within it.
  case within
  /// A triangle with a mark: look before you read on.
  case warning
  /// A crossed square: not to be used.
  case failure

  /// The mark as it stands in a line of text.
  public var markup: Markup {
    let ink = Palette.ink
    let drawing =
      switch self {
      case .filled: "<circle cx=\"8\" cy=\"8\" r=\"6.6\" fill=\"\(ink)\"/>"
      case .half:
        "<circle cx=\"8\" cy=\"8\" r=\"6\" fill=\"#fff\" stroke=\"\(ink)\" stroke-width=\"1.5\"/>"
          + "<path d=\"M8,2a6,6 0 0 0 0,12Z\" fill=\"\(ink)\"/>"
      case .open: "<circle cx=\"8\" cy=\"8\" r=\"6\" fill=\"#fff\" stroke=\"\(ink)\" stroke-width=\"1.5\"/>"
      case .hatched:
        "<rect x=\"1\" y=\"1\" width=\"14\" height=\"14\" fill=\"\(Palette.hatched)\" stroke=\"\(ink)\" stroke-width=\"1.3\"/>"
      case .beyond: "<path d=\"M8,.8l7.2,7.2l-7.2,7.2l-7.2,-7.2Z\" fill=\"\(ink)\"/>"
      case .within:
        "<path d=\"M8,1.8l6.2,6.2l-6.2,6.2l-6.2,-6.2Z\" fill=\"#fff\" stroke=\"\(ink)\" stroke-width=\"1.5\"/>"
      case .warning:
        "<path d=\"M8,1.2L15.2,14.4H.8Z\" fill=\"\(ink)\"/><path d=\"M8,5.6V10\" stroke=\"#fff\" stroke-width=\"1.8\"/>"
          + "<circle cx=\"8\" cy=\"12.2\" r=\"1.1\" fill=\"#fff\"/>"
      case .failure:
        "<rect x=\"1\" y=\"1\" width=\"14\" height=\"14\" fill=\"\(ink)\"/>"
          + "<path d=\"M4.5,4.5l7,7m0,-7l-7,7\" stroke=\"#fff\" stroke-width=\"2\"/>"
      }
    return Markup(html: "<svg class=\"gl\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">\(drawing)</svg>")
  }
}
