public import Foundation
public import NIfTI

/// The voxels of a grid that are to be fitted.
public struct Mask: Sendable, Equatable {
  /// One flag for each voxel of the grid, x fastest.
  public var inside: [Bool]
  /// What the user should know: resampling, 255.
  public var notices: [String]

  /// A mask of these flags.
  public init(inside: [Bool], notices: [String] = []) {
    self.inside = inside
    self.notices = notices
  }

  /// Reads a mask onto `grid` by world coordinates, nearest neighbour; every value other than 0 is inside.
  ///
  /// `matching` says how the mask is laid on `grid`; nil if the headers must be clear.
  ///
  /// - Throws: `image`, `emptyLabels`, `negativeLabel`, `noOverlap`, `doubtfulPlace`, `otherShape`.
  public static func read(_ file: URL, onto grid: Grid, matching: GridMatching? = nil)
    throws(AcquisitionError) -> Mask
  {
    let (labels, notices) = try LesionMap.labels(file, onto: grid, matching, isEachKept: false)
    let is255 = Set(labels).subtracting([0]) == [255]
    return Mask(
      inside: labels.map { $0 != 0 },
      notices: notices + (is255 ? ["\(file.relativePath): 255 is taken as \"inside\""] : []))
  }

  /// This mask with the voxels of every lesion, so that none is lost that lies outside it.
  public func including(_ lesions: LesionMap) -> Mask {
    Mask(inside: zip(inside, lesions.labels).map { $0 || $1 != 0 }, notices: notices)
  }
}
