/// One array of a draws file: a name, a unit, named axes and values.
public struct DrawsVariable: Sendable, Equatable {
  /// The name; a variable named like one of its group's dimensions would be taken for a coordinate, and is refused.
  public var name: String
  /// The unit as written in the `units` attribute; empty for a pure number, which gets no attribute.
  ///
  /// Not one of xarray's words for durations (`seconds`, `days` …), which it would turn into time differences: write `s`.
  public var unit: String
  /// The axes, slowest first: chain, draw, then the axes of one draw. Empty for a single number.
  public var dimensions: [DimensionName]
  /// One value for each point of the axes, the last axis fastest.
  public var values: DrawsValues

  /// The array `name` over `dimensions`, slowest first; its extents are those of the group's coordinates.
  public init(_ name: String, unit: String = "", dimensions: [DimensionName], values: DrawsValues) {
    precondition(!name.isEmpty && !name.contains("/"), "\"\(name)\" cannot name a variable")
    self.name = name
    self.unit = unit
    self.dimensions = dimensions
    self.values = values
  }
}
