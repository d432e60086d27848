/// The colours of pages and figures. Two pairs, so that time and outcome never share one, and no traffic light: every
/// colour has a second cue (fill, shape, dash or a direct label), and text is at least 5:1 on white.
public enum Palette {
  /// Text and marks that carry the main meaning.
  public static let ink = "#1c1b19"
  /// Secondary text.
  public static let muted = "#55524b"
  /// Axes.
  public static let axis = "#8a857a"
  /// Grid lines and separators.
  public static let rule = "#d5d1c7"
  /// Areas without a meaning of their own.
  public static let band = "#e7e3da"
  /// The first visit, as a mark.
  public static let before = "#77736a"
  /// The first visit, as text.
  public static let beforeText = "#625e55"
  /// The second visit.
  public static let after = "#0b4f6c"
  /// Treatment was effective.
  public static let effective = "#5b2a86"
  /// Treatment was ineffective, as a mark.
  public static let ineffective = "#9c5200"
  /// Treatment was ineffective, as text.
  public static let ineffectiveText = "#8a4700"
  /// Chains of a trace plot, told apart by their order in the rank plot as well.
  public static let chains = ["#0b4f6c", "#9c5200", "#5b2a86", "#77736a"]
  /// Voxels that the data determine, on a grade map.
  public static let dataDominated = "#1f4e79"
  /// Voxels that data and prior determine together.
  public static let mixed = "#8fb0cd"
  /// The filling of what must not be interpreted: the hatch pattern of `Figure`.
  public static let hatched = "url(#hatch)"
}
