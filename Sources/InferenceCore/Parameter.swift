/// One coordinate of a posterior, by the name and unit that tables and draw files print.
public struct Parameter: Hashable, Sendable, Codable {
  /// The name as printed.
  public var name: String
  /// The unit as printed; empty for a pure number.
  public var unit: String

  /// A parameter called `name`, measured in `unit`.
  public init(_ name: String, unit: String = "") {
    self.name = name
    self.unit = unit
  }
}
