extension NIfTIImage {
  /// The first volume, interpolated trilinearly by world coordinates at the voxel centres of `target`: for maps of
  /// B1 or of the noise that were scanned on another grid.
  ///
  /// - On the same grid: the values as they are.
  /// - Within half a voxel outside the outermost centres the border value holds; farther out the answer is NaN.
  /// - A NaN among the voxels that carry weight makes the answer NaN.
  public func interpolated(onto target: Grid) -> [Float] {
    if grid.sameSpace(as: target) { return Array(volume(0)) }
    let map = grid.affine.inverse.after(target.affine)
    return (0..<target.voxelCount).map { index in
      let voxel = target.position(ofIndex: index)
      return value(
        at: map.worldPosition(ofVoxel: SIMD3(Double(voxel[0]), Double(voxel[1]), Double(voxel[2]))))
    }
  }

  /// The first volume at a position between voxels.
  private func value(at position: SIMD3<Double>) -> Float {
    guard grid.contains((position + 0.5).rounded(.down)) else { return .nan }
    let last = SIMD3(Double(grid.shape[0] - 1), Double(grid.shape[1] - 1), Double(grid.shape[2] - 1))
    let inside = position.clamped(lowerBound: .zero, upperBound: last)
    let base = inside.rounded(.down)
    let upper = inside - base
    var sum = 0.0
    for corner in 0..<8 {
      let step = SIMD3(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2))
      let weights = step * upper + (1 - step) * (1 - upper)
      let weight = weights.x * weights.y * weights.z
      // A corner without weight may lie outside the image, or be NaN.
      guard weight > 0 else { continue }
      let voxel = base + step
      sum += weight * Double(values[grid.index(x: Int(voxel.x), y: Int(voxel.y), z: Int(voxel.z))])
    }
    return Float(sum)
  }
}
