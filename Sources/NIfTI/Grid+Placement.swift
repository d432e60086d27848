/// How a second image is laid on the first: masks, labels, maps of B1 or of the noise.
public enum GridMatching: String, Codable, CaseIterable, Sendable {
  /// By the affines of both, in scanner coordinates.
  case scanner
  /// Voxel by voxel: both have the same shape, and what the affines say is ignored.
  case sameGrid = "same-grid"
}

extension Grid {
  /// The grid as both of its forms place it; one if only one of them is in use.
  private var forms: [Affine] {
    [
      orientation.sformCode > 0 ? Affine(rowMajor: orientation.sformRows) : nil,
      orientation.qformCode > 0 ? orientation.qform : nil,
    ].compactMap { $0 }
  }

  /// True if the header says where the voxels are: its sform or its qform has a code.
  public var isPlaced: Bool { !forms.isEmpty }

  /// How far the sform and the qform are apart, in voxels of the shortest edge; nil if not both are in use.
  public var formDisagreement: Double? {
    let forms = forms
    guard forms.count == 2 else { return nil }
    return Self.distance(forms[0], forms[1], shape: shape) / voxelSize.min()
  }

  /// The largest distance of the same corner in both grids, in mm.
  public func cornerDistance(to other: Grid) -> Double {
    Self.distance(affine, other.affine, shape: shape)
  }

  /// True if the voxels of both grids are the same places whichever form is believed.
  private func sameForms(as other: Grid) -> Bool {
    let (own, others) = (forms, other.forms)
    return shape == other.shape && own.count == others.count
      && zip(own, others).allSatisfy {
        Self.distance($0, $1, shape: shape) <= 0.01 * min(voxelSize.min(), other.voxelSize.min())
      }
  }

  /// The corners of the grid, in mm.
  private var corners: [SIMD3<Double>] {
    (0..<8).map { corner in
      affine.worldPosition(
        ofVoxel: SIMD3(
          corner & 1 == 0 ? 0 : Double(shape[0] - 1), corner & 2 == 0 ? 0 : Double(shape[1] - 1),
          corner & 4 == 0 ? 0 : Double(shape[2] - 1)))
    }
  }

  /// True if both grids are the same box, whose voxels are only stored in another order: converters flip axes.
  private func sameBox(as other: Grid, within limit: Double) -> Bool {
    let others = other.corners
    return corners.allSatisfy { corner in
      others.contains { (($0 - corner) * ($0 - corner)).sum().squareRoot() <= limit }
    }
  }

  private static func distance(_ one: Affine, _ other: Affine, shape: [Int]) -> Double {
    (0..<8).map { corner in
      let voxel = SIMD3(
        corner & 1 == 0 ? 0 : Double(shape[0] - 1), corner & 2 == 0 ? 0 : Double(shape[1] - 1),
        corner & 4 == 0 ? 0 : Double(shape[2] - 1))
      let apart = one.worldPosition(ofVoxel: voxel) - other.worldPosition(ofVoxel: voxel)
      return (apart * apart).sum().squareRoot()
    }.max() ?? 0
  }

  /// More than this many voxels apart two headers speak of different places.
  static let largestDisagreement = 0.5

  /// Why it cannot be known where this image lies on `target`, in words; nil if it can.
  ///
  /// - Equal shapes and affines more than half a voxel apart: was it drawn on the image, or on another scan? Not so if both
  ///   are the same box with its axes stored the other way round.
  /// - No form in use and another shape: nothing says where it lies.
  /// - An sform and a qform more than half a voxel apart: which of them is right?
  public func doubtfulPlace(on target: Grid) -> String? {
    if sameForms(as: target) { return nil }
    let edge = min(voxelSize.min(), target.voxelSize.min())
    for (grid, name) in [(self, "its"), (target, "the image's")] {
      if let apart = grid.formDisagreement, apart > Self.largestDisagreement {
        return "\(name) sform and qform are \(Self.text(apart)) voxels apart"
      }
    }
    let without = [(self, "it"), (target, "the image")].filter { !$0.0.isPlaced }.map(\.1)
    if shape == target.shape {
      let distance = cornerDistance(to: target)
      let limit = Self.largestDisagreement * edge
      guard distance > limit, !sameBox(as: target, within: limit) else { return nil }
      return "it has the shape of the image, but its affine places it \(Self.text(distance)) mm "
        + "(\(Self.text(distance / edge)) voxels) away"
        + (without.isEmpty ? "" : "; \(without.joined(separator: " and ")) has neither a sform nor a qform")
    }
    guard !without.isEmpty else { return nil }
    return
      "\(without.joined(separator: " and ")) has neither a sform nor a qform that would say where it lies"
  }

  private static func text(_ number: Double) -> String {
    let rounded = (10 * number).rounded() / 10
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
