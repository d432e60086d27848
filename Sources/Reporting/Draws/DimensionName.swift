/// The name of an axis of an array in a draws file.
public struct DimensionName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The name as written in the file.
  public let description: String

  /// The dimension called `name`, which is not empty and holds no slash.
  public init(_ name: String) {
    precondition(!name.isEmpty && !name.contains("/"), "\"\(name)\" cannot name a dimension")
    description = name
  }

  /// The dimension called by a literal.
  public init(stringLiteral name: String) { self.init(name) }

  /// Chains, the first axis of every variable with draws.
  public static let chain: DimensionName = "chain"
  /// Draws within a chain, the second axis.
  public static let draw: DimensionName = "draw"
  /// Lesions.
  public static let lesion: DimensionName = "lesion"
  /// Voxels of the lesions.
  public static let voxel: DimensionName = "voxel"
  /// Numbers above the voxels: means, spreads, correlations.
  public static let hyperparameter: DimensionName = "hyperparameter"
}
