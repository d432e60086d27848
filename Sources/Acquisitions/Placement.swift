public import Foundation
public import NIfTI
internal import Tables

/// The one place where it is decided how masks, labels and maps are laid on a scan.
public enum Placement {
  /// The grid that the image `file`, read on `grid`, is taken to have.
  ///
  /// `grid` is as its header has it, `target` that of the scan; `matching` is what the user has decided, nil if nothing.
  ///
  /// - Returns: `grid`, or `target` if the voxels are taken one by one.
  /// - Throws: `doubtfulPlace` if the headers contradict each other and nothing is decided, `otherShape` if voxels are to
  ///   be taken one by one and the shapes differ.
  public static func grid(
    of file: URL, _ grid: Grid, on target: Grid, _ matching: GridMatching?
  ) throws(AcquisitionError) -> Grid {
    switch matching {
    case .scanner?: return grid
    case .sameGrid?:
      guard grid.shape == target.shape else {
        throw .otherShape(file: file, shape: grid.shape, target: target.shape)
      }
      return target
    case nil:
      if let reason = grid.doubtfulPlace(on: target) { throw .doubtfulPlace(file: file, reason: reason) }
      return grid
    }
  }

  /// Labels laid on the grid of a scan, with what became of each.
  struct Labels {
    var labels: [Int32]
    var notices: [String] = []
  }

  /// More of a label's volume than this may not change unsaid.
  static let largestVolumeChange = 0.1

  /// The labels of `image` at the voxels of `target`.
  ///
  /// - Throws: `doubtfulPlace`, `otherShape`, `noOverlap`, and `vanishedLabel` if `isEachKept` and a label has no voxel left.
  static func labels(
    of file: URL, _ image: LabelImage, on target: Grid, _ matching: GridMatching?, isEachKept: Bool
  ) throws(AcquisitionError) -> Labels {
    let place = try grid(of: file, image.grid, on: target, matching)
    let resampled = LabelImage(grid: place, labels: image.labels).resampled(onto: target)
    guard resampled.labelledCount > 0 else { throw .noOverlap(labels: file) }
    guard resampled.wasResampled else { return Labels(labels: resampled.labels) }
    var notices = [
      "\(file.relativePath): on another grid, resampled to the nearest voxel by world coordinates; "
        + "\(resampled.labelledCount) voxels of the image are labelled"
    ]
    let (before, after) = (counts(image.labels), counts(resampled.labels))
    let (ownVolume, targetVolume) = (abs(place.affine.determinant), abs(target.affine.determinant))
    for (label, count) in before.sorted(by: { $0.key < $1.key }) {
      let left = after[label] ?? 0
      if left == 0 && isEachKept {
        throw .vanishedLabel(
          labels: file, label: Int(label), voxels: count, volume: Double(count) * ownVolume)
      }
      let ratio = Double(left) * targetVolume / (Double(count) * ownVolume)
      guard abs(ratio - 1) > largestVolumeChange else { continue }
      let percent = TabSeparatedTable.field((100 * abs(ratio - 1)).rounded())
      notices.append(
        "\(file.relativePath): label \(label) has \(ratio > 1 ? "+" : "−")\(percent) % of its volume on the grid of "
          + "the image: \(count) voxels of \(text(ownVolume)) mm³ became \(left) of \(text(targetVolume)) mm³"
      )
    }
    return Labels(labels: resampled.labels, notices: notices)
  }

  private static func counts(_ labels: [Int32]) -> [Int32: Int] {
    var counts: [Int32: Int] = [:]
    for label in labels where label != 0 { counts[label, default: 0] += 1 }
    return counts
  }

  static func text(_ volume: Double) -> String { "\((100 * volume).rounded() / 100)" }
}
