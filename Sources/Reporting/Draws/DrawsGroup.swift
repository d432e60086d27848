/// One group of a draws file: arrays that share their axes.
public struct DrawsGroup: Sendable, Equatable {
  /// A name of ArviZ's schema: `posterior`, `sample_stats`, `log_likelihood`, `observed_data`, …
  public var name: String
  /// The labels of every dimension, and further coordinates.
  public var coordinates: [DrawsCoordinate]
  /// The arrays, in the order of the file.
  public var variables: [DrawsVariable]

  /// The group `name`; every dimension of a variable has labels among `coordinates`.
  public init(_ name: String, coordinates: [DrawsCoordinate], variables: [DrawsVariable]) {
    precondition(!name.isEmpty && !name.contains("/"), "\"\(name)\" cannot name a group")
    self.name = name
    self.coordinates = coordinates
    self.variables = variables
    let names = coordinates.map(\.name) + variables.map(\.name)
    precondition(Set(names).count == names.count, "two arrays of group \(name) have one name")
    for coordinate in coordinates {
      precondition(
        coordinate.values.count == extent(of: coordinate.dimension),
        "coordinate \(coordinate.name) has \(coordinate.values.count) values along \(coordinate.dimension)")
    }
    for variable in variables {
      let expected = variable.dimensions.reduce(1) { $0 * extent(of: $1) }
      precondition(
        variable.values.count == expected,
        "variable \(variable.name) has \(variable.values.count) values where its dimensions ask for \(expected)"
      )
    }
  }

  /// The number of points along `dimension`, which must have labels.
  public func extent(of dimension: DimensionName) -> Int {
    guard let labels = coordinates.first(where: { $0.isLabels && $0.dimension == dimension }) else {
      preconditionFailure("dimension \(dimension) of group \(name) has no labels")
    }
    return labels.values.count
  }

  /// The array called `name`; nil if there is none.
  public func variable(_ name: String) -> DrawsVariable? { variables.first { $0.name == name } }

  /// The coordinate called `name`; nil if there is none.
  public func coordinate(_ name: String) -> DrawsCoordinate? { coordinates.first { $0.name == name } }

  /// The draws of one element of `variable`, chains × draws; `element` counts along the axes after chain and draw.
  ///
  /// Nil if there is no such variable, if it is text, if its first axes are not chain and draw, or if it has no such
  /// element.
  public func chains(of variable: String, element: Int = 0) -> [[Double]]? {
    guard let variable = self.variable(variable), variable.dimensions.prefix(2) == [.chain, .draw],
      let values = variable.values.doubles
    else { return nil }
    let elements = variable.dimensions.dropFirst(2).reduce(1) { $0 * extent(of: $1) }
    guard (0..<elements).contains(element) else { return nil }
    let draws = extent(of: .draw)
    return (0..<extent(of: .chain)).map { chain in
      (0..<draws).map { values[(chain * draws + $0) * elements + element] }
    }
  }
}
