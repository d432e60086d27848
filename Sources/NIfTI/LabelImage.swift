public import Foundation

/// A mask or label image: 0 outside, a positive whole number in each region.
public struct LabelImage: Sendable, Equatable {
  /// Where the voxels are.
  public let grid: Grid
  /// `grid.voxelCount` labels, x fastest.
  public var labels: [Int32]

  /// A label image of these labels on `grid`, x fastest.
  public init(grid: Grid, labels: [Int32]) {
    precondition(
      labels.count == grid.voxelCount, "\(labels.count) labels cannot fill \(grid.voxelCount) voxels")
    self.grid = grid
    self.labels = labels
  }

  /// Reads a 3-D label image of any number type.
  ///
  /// - Whole numbers are exact: they never pass through single precision.
  /// - Values are rounded if they are within 10⁻² of a whole number, as scaling and interpolation leave them.
  /// - NaN is outside: 0.
  /// - Throws: `notLabels` for a fraction, an infinity or a number beyond 31 bits, `overlappingSegments` for more than one
  ///   volume, `colouredLabels` for colours, and what `NIfTIImage.read` throws.
  public static func read(_ file: URL) throws(NIfTIError) -> LabelImage {
    var stream = try ByteStream.open(file)
    let header: NIfTIHeader
    do { header = try NIfTIHeader(of: &stream) } catch {
      guard case .unsupportedType(_, let code, let name) = error else { throw error }
      throw .colouredLabels(file: file, code: code, name: name)
    }
    guard header.volumeCount == 1 else { throw .overlappingSegments(file: file, count: header.volumeCount) }
    _ = try stream.skip(header.gap)
    let decoder = VoxelDecoder(type: header.type, isBigEndian: header.isBigEndian, scaling: header.scaling)
    let values: [Double] = try decoder.values(header.grid.voxelCount, from: &stream)
    try stream.finish()
    var labels = [Int32](repeating: 0, count: values.count)
    for (index, value) in values.enumerated() where !value.isNaN {
      let rounded = value.rounded()
      guard abs(value - rounded) <= 1e-2, let label = Int32(exactly: rounded) else {
        throw .notLabels(file: file, voxel: header.grid.position(ofIndex: index), value: value)
      }
      labels[index] = label
    }
    return LabelImage(grid: header.grid, labels: labels)
  }

  /// This image's labels at the voxel centres of another grid, and how they were got.
  public struct Resampled: Sendable, Equatable {
    /// The labels on the other grid, x fastest; 0 where it reaches beyond the label image.
    public let labels: [Int32]
    /// False if both grids are the same places and the labels were taken over as they are.
    public let wasResampled: Bool
    /// Voxels of the other grid with a label other than 0; 0 means that nothing overlaps.
    public let labelledCount: Int
  }

  /// The labels of the nearest voxels, by world coordinates, at the voxel centres of `target`.
  ///
  /// Affines decide, never array indices: two converters rarely store the same scan in the same voxel order.
  /// A centre farther than half a voxel outside this image gets 0.
  public func resampled(onto target: Grid) -> Resampled {
    if grid.sameSpace(as: target) {
      return Resampled(labels: labels, wasResampled: false, labelledCount: labels.count { $0 != 0 })
    }
    let map = grid.affine.inverse.after(target.affine)
    var result = [Int32](repeating: 0, count: target.voxelCount)
    var labelled = 0
    for index in result.indices {
      let voxel = target.position(ofIndex: index)
      let source = map.worldPosition(ofVoxel: SIMD3(Double(voxel[0]), Double(voxel[1]), Double(voxel[2])))
      // Rounding half up, so that a centre on the border of two voxels has one answer.
      let nearest = (source + 0.5).rounded(.down)
      guard grid.contains(nearest) else { continue }
      let label = labels[grid.index(x: Int(nearest.x), y: Int(nearest.y), z: Int(nearest.z))]
      result[index] = label
      if label != 0 { labelled += 1 }
    }
    return Resampled(labels: result, wasResampled: true, labelledCount: labelled)
  }
}

extension Grid {
  /// True if a whole-numbered voxel position lies in the grid.
  func contains(_ voxel: SIMD3<Double>) -> Bool {
    voxel.x >= 0 && voxel.y >= 0 && voxel.z >= 0 && voxel.x < Double(shape[0]) && voxel.y < Double(shape[1])
      && voxel.z < Double(shape[2])
  }
}
