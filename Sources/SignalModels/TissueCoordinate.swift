/// How a tissue parameter is measured on the line on which it is sampled and on which its prior is normal.
public enum CoordinateTransform: String, Sendable, Codable {
  case identity
  case log
  case logit
}

/// One coordinate η of a signal model: a tissue parameter on its sampling axis.
public struct TissueCoordinate: Hashable, Sendable {
  /// The name in tables, files and priors: `d`, `f`, `dstar_minus_d`, `adc`, `t1`, …
  public let name: String
  /// From the natural value to the sampling axis.
  public let transform: CoordinateTransform
  /// The unit of the natural value: µm²/ms (= 10⁻³ mm²/s), s, or empty.
  public let unit: String

  /// The coordinate of the parameter `name`, measured in `unit`, on the axis of `transform`.
  public init(_ name: String, _ transform: CoordinateTransform, unit: String = "") {
    self.name = name
    self.transform = transform
    self.unit = unit
  }
}
