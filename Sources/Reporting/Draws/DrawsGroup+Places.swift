extension DrawsGroup {
  /// The group `constant_data` with the place of every voxel: `voxel_lesion`, the label of its lesion, and `voxel_i`,
  /// `voxel_j`, `voxel_k`, its indices in the image, counted from 0; all along the dimension `voxel`.
  ///
  /// If `names` are given, `lesion_name` says the name of each lesion along the dimension `lesion`, whose labels are
  /// the `labels`, in the order of the posterior's.
  public static func places(
    ofVoxels indices: [(i: Int, j: Int, k: Int)], inLesions voxelLesions: [Int], labels: [Int] = [],
    names: [String] = []
  ) -> DrawsGroup {
    precondition(indices.count == voxelLesions.count, "one lesion label for each voxel")
    precondition(labels.count == names.count, "one name for each lesion")
    var coordinates = [DrawsCoordinate(.voxel, count: indices.count)]
    var variables = [
      DrawsVariable("voxel_lesion", dimensions: [.voxel], values: .integer(voxelLesions)),
      DrawsVariable("voxel_i", dimensions: [.voxel], values: .integer(indices.map(\.i))),
      DrawsVariable("voxel_j", dimensions: [.voxel], values: .integer(indices.map(\.j))),
      DrawsVariable("voxel_k", dimensions: [.voxel], values: .integer(indices.map(\.k))),
    ]
    if !names.isEmpty {
      coordinates.append(DrawsCoordinate(.lesion, labels: .integer(labels)))
      variables.append(DrawsVariable("lesion_name", dimensions: [.lesion], values: .text(names)))
    }
    return DrawsGroup("constant_data", coordinates: coordinates, variables: variables)
  }
}
