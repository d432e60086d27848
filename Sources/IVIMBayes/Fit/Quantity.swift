public import Lesions

/// One quantity that a fit reports: its name in files, its unit and the axis on which its prior lives.
public struct Quantity: Sendable, Equatable {
  /// The name in tables, maps and draws: `d f dstar fdstar s0 sigma adc t1`.
  public let name: String
  /// The unit in files; empty for a pure number.
  public let unit: String
  /// The axis on which its prior and its lesion means live.
  public let scale: LesionScale
  /// True of the quantities that have maps.
  public let isMapped: Bool

  /// The quantity called `name`, in `unit`, with its prior on the axis of `scale`.
  public init(_ name: String, unit: String, scale: LesionScale, isMapped: Bool = true) {
    self.name = name
    self.unit = unit
    self.scale = scale
    self.isMapped = isMapped
  }
}
