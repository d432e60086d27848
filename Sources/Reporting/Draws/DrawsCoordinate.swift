/// What stands along an axis: the labels of a dimension, or further facts about each of its points.
public struct DrawsCoordinate: Sendable, Equatable {
  /// The name; that of the dimension itself for its labels.
  public var name: String
  /// The axis it belongs to.
  public var dimension: DimensionName
  /// The unit; empty for labels.
  public var unit: String
  /// One value for each point of the axis.
  public var values: DrawsValues

  /// The labels of `dimension`: numbers or names.
  public init(_ dimension: DimensionName, labels: DrawsValues) {
    self.init("\(dimension)", along: dimension, values: labels)
  }

  /// The labels 0 ..< `count` of `dimension`.
  public init(_ dimension: DimensionName, count: Int) {
    self.init(dimension, labels: .integer(Array(0..<count)))
  }

  /// A fact `name` about each point of `dimension`, besides its label.
  ///
  /// xarray understands such coordinates, but `arviz.summary` of ArviZ 1.x refuses a posterior that has them: facts about
  /// voxels and lesions belong into the group `constant_data` (``DrawsGroup/places(ofVoxels:inLesions:labels:names:)``).
  public init(_ name: String, along dimension: DimensionName, unit: String = "", values: DrawsValues) {
    precondition(!name.isEmpty && !name.contains("/"), "\"\(name)\" cannot name a coordinate")
    self.name = name
    self.dimension = dimension
    self.unit = unit
    self.values = values
  }

  /// True for the labels of a dimension.
  public var isLabels: Bool { name == "\(dimension)" }
}
