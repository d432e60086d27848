/// Why a voxel is not fitted.
public enum VoxelExclusion: String, Sendable, CaseIterable, Codable, Comparable {
  /// A signal is NaN.
  case notANumber = "nan"
  /// A signal is infinite.
  case infinite
  /// A signal is beyond 10³⁶, so that what is made of it would not fit into a map.
  case tooLarge = "too-large"
  /// A signal is negative, and magnitudes are not.
  case negativeMagnitude = "negative-magnitude"
  /// The mean signal of the lowest shell is zero or negative.
  case nonPositiveB0 = "non-positive-b0"
  /// All signals are equal.
  case constant
  /// A zero or negative signal has no geometric mean with the other directions.
  case nonPositiveDirection = "non-positive-direction"

  /// The order of the cases.
  public static func < (a: VoxelExclusion, b: VoxelExclusion) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }

  /// The reason why a voxel cannot be fitted.
  ///
  /// - Parameters:
  ///   - signals: The measurements of the voxel.
  ///   - lowest: The measurements of the lowest shell, whose mean must be positive; nil where that does not apply.
  ///   - areMagnitudes: True if no signal may be negative.
  /// - Returns: nil if the voxel can be fitted.
  static func reason(_ signals: ArraySlice<Float>, lowest: [Int]? = nil, areMagnitudes: Bool = false)
    -> VoxelExclusion?
  {
    if signals.contains(where: \.isNaN) { return .notANumber }
    if signals.contains(where: \.isInfinite) { return .infinite }
    if signals.contains(where: { abs($0) > 1e36 }) { return .tooLarge }
    if areMagnitudes && signals.contains(where: { $0 < 0 }) { return .negativeMagnitude }
    if let lowest, lowest.reduce(0, { $0 + signals[signals.startIndex + $1] }) <= 0 { return .nonPositiveB0 }
    if let first = signals.first, signals.allSatisfy({ $0 == first }) { return .constant }
    return nil
  }
}
