internal import CNIfTI

/// The orientation fields of a NIfTI header as they stand in the file, so that a map written on the same grid
/// carries the input's sform *and* qform, whichever of the two placed its voxels.
public struct Orientation: Sendable, Equatable {
  /// What the qform's space is: 0 unused, 1 scanner, 2 aligned, 3 Talairach, 4 MNI, 5 template.
  public var qformCode: Int
  /// What the sform's space is, with the same codes.
  public var sformCode: Int
  /// Quaternion b, c, d of the qform.
  public var quaternion: SIMD3<Double>
  /// Offset of the qform in mm.
  public var qformOffset: SIMD3<Double>
  /// −1 for a left-handed qform, 1 otherwise: `pixdim[0]`.
  public var qformHandedness: Double
  /// Voxel edges as the header states them, mm: `pixdim[1...3]`.
  public var pixelSize: SIMD3<Double>
  /// The sform's three rows, 12 numbers, row-major.
  public var sformRows: [Double]
  /// The header's `xyzt_units`.
  public var units: Int

  /// Millimetres and seconds, as `xyzt_units`.
  static let millimetresAndSeconds = 2 + 8

  init(
    qformCode: Int, sformCode: Int, quaternion: SIMD3<Double>, qformOffset: SIMD3<Double>,
    qformHandedness: Double, pixelSize: SIMD3<Double>, sformRows: [Double], units: Int
  ) {
    self.qformCode = qformCode
    self.sformCode = sformCode
    self.quaternion = quaternion
    self.qformOffset = qformOffset
    self.qformHandedness = qformHandedness
    self.pixelSize = pixelSize
    self.sformRows = sformRows
    self.units = units
  }

  /// The orientation fields of a scanner-space grid with this affine.
  ///
  /// The sform holds the affine. The qform holds it too if it can, that is if the axes are at right angles;
  /// otherwise its code is 0.
  public init(_ affine: Affine) {
    var matrix = nifti_dmat44()
    let m = affine.rowMajor
    matrix.m = (
      (m[0], m[1], m[2], m[3]), (m[4], m[5], m[6], m[7]), (m[8], m[9], m[10], m[11]), (0, 0, 0, 1)
    )
    var numbers = [Double](repeating: 0, count: 10)
    unsafe numbers.withUnsafeMutableBufferPointer { buffer in
      guard let n = buffer.baseAddress else { return }
      unsafe nifti_dmat44_to_quatern(
        matrix, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9)
    }
    self.init(
      qformCode: 1, sformCode: 1, quaternion: SIMD3(numbers[0], numbers[1], numbers[2]),
      qformOffset: SIMD3(numbers[3], numbers[4], numbers[5]), qformHandedness: numbers[9],
      pixelSize: affine.voxelSize, sformRows: Array(m[..<12]), units: Self.millimetresAndSeconds)
    let rebuilt = qform.rowMajor
    let tolerance = 1e-4 * affine.voxelSize.min()
    if !zip(rebuilt, m).allSatisfy({ abs($0 - $1) < tolerance }) { qformCode = 0 }
  }

  /// The affine of the qform fields.
  var qform: Affine {
    let d = nifti_quatern_to_dmat44(
      quaternion.x, quaternion.y, quaternion.z, qformOffset.x, qformOffset.y, qformOffset.z, pixelSize.x,
      pixelSize.y, pixelSize.z, qformHandedness < 0 ? -1 : 1
    ).m
    return Affine(
      x: SIMD3(d.0.0, d.1.0, d.2.0), y: SIMD3(d.0.1, d.1.1, d.2.1), z: SIMD3(d.0.2, d.1.2, d.2.2),
      origin: SIMD3(d.0.3, d.1.3, d.2.3))
  }

  /// The affine by the format's order of preference, and the name of the field it came from: the sform if its
  /// code is positive, else the qform, else the voxel edges with the first voxel at the origin.
  var placement: (affine: Affine, field: String) {
    if sformCode > 0 { return (Affine(rowMajor: sformRows), "sform") }
    if qformCode > 0 { return (qform, "qform") }
    return (.scaling(pixelSize), "pixdim")
  }
}
