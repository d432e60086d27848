public import Foundation

/// What can be wrong with an image file. Every case carries its evidence; `description` says where, what and
/// what to do.
public enum NIfTIError: Error, Equatable, Sendable {
  /// The file is missing, a folder, or may not be read.
  case unreadable(file: URL, reason: String)
  /// The first bytes are not those of a NIfTI-1 or NIfTI-2 file.
  case notNIfTI(file: URL, found: String)
  /// The file is the header of a .hdr/.img pair.
  case headerOfPair(file: URL)
  /// An extent is zero or negative, or there are more than four axes.
  case badDimensions(file: URL, dimensions: [Int64], reason: String)
  /// The voxels are of a type that is no real number.
  case unsupportedType(file: URL, code: Int, name: String)
  /// The slope and intercept of the stored values are not usable.
  case badScaling(file: URL, slope: Double, intercept: Double)
  /// The transformation from voxels to millimetres is not finite or not invertible.
  case badAffine(file: URL, field: String, reason: String)
  /// The voxels begin inside the header, or nowhere.
  case badOffset(file: URL, offset: Double)
  /// The file holds, or can hold, fewer bytes than its header promises.
  case tooShort(file: URL, promised: String, found: String)
  /// The voxels need more memory than the machine has.
  case tooLarge(file: URL, neededBytes: Int, availableBytes: Int)
  /// The compressed bytes do not decompress or fail their checksum.
  case corrupt(file: URL, reason: String)
  /// A voxel of a label image is not a whole number that fits 31 bits.
  case notLabels(file: URL, voxel: [Int], value: Double)
  /// A label image has a volume for each segment.
  case overlappingSegments(file: URL, count: Int)
  /// A label image holds colours or complex numbers.
  case colouredLabels(file: URL, code: Int, name: String)
  /// A file could not be written.
  case unwritable(file: URL, reason: String)
}

extension NIfTIError: CustomStringConvertible {
  /// Where, what is wrong, and what to do: one line.
  public var description: String {
    let (file, problem, advice) = parts
    return "\(file.relativePath): \(problem). \(advice)."
  }

  private var parts: (file: URL, problem: String, advice: String) {
    switch self {
    case .unreadable(let file, let reason):
      (file, "the image cannot be read: \(reason)", "Check the path and the permissions")
    case .notNIfTI(let file, let found):
      (
        file, "this is not a NIfTI image: \(found)",
        "Give a .nii or .nii.gz file; dcm2niix converts DICOM, and other formats need their own converter"
      )
    case .headerOfPair(let file):
      (
        file, "this is the header of a .hdr/.img pair, whose voxels are in another file",
        "Convert the pair to one .nii file, for example with nibabel or fslchfiletype NIFTI_GZ"
      )
    case .badDimensions(let file, let dimensions, let reason):
      (
        file, "the header's dim field \(dimensions) cannot be used: \(reason)",
        "Export the image again as a 3-D or 4-D file"
      )
    case .unsupportedType(let file, let code, let name):
      (
        file, "voxels of type \(name) (datatype \(code)) are not real numbers that can be fitted",
        "Store magnitude images as integers or as float32"
      )
    case .badScaling(let file, let slope, let intercept):
      (
        file, "the header's scl_slope \(slope) with scl_inter \(intercept) cannot scale the stored values",
        "Write both fields as finite numbers, or a slope of 0 for unscaled values"
      )
    case .badAffine(let file, let field, let reason):
      (
        file, "the \(field) does not place the voxels in space: \(reason)",
        "Repair the orientation, for example from the original DICOM with dcm2niix"
      )
    case .badOffset(let file, let offset):
      (
        file, "the header's vox_offset \(offset) does not point behind the header",
        "Write the file again; single-file images start at 352 (NIfTI-1) or 544 (NIfTI-2) or later"
      )
    case .tooShort(let file, let promised, let found):
      (
        file, "the file is too short: its header promises \(promised), but \(found)",
        "Copy or download it again; it was probably cut off"
      )
    case .tooLarge(let file, let needed, let available):
      (
        file, "the voxels need \(needed >> 20) MB of memory and this machine has \(available >> 20) MB",
        "Crop the image to the region of interest, or use a machine with more memory"
      )
    case .corrupt(let file, let reason):
      (
        file, "the compressed bytes are damaged: \(reason)",
        "Copy or download the file again; gzip -t checks it"
      )
    case .notLabels(let file, let voxel, let value):
      (
        file, "voxel \(voxel) of this label image is \(value), which is not a whole number up to 2147483647",
        "Give a mask or a label image: 0 outside, 1, 2, … for the lesions"
      )
    case .overlappingSegments(let file, let count):
      (
        file, "the label image has \(count) volumes, as programs write segments that may overlap",
        "Export one label map in which every voxel has one label (3D Slicer: Segmentations, Export to labelmap)"
      )
    case .colouredLabels(let file, let code, let name):
      (
        file, "a label image of type \(name) (datatype \(code)) holds no labels",
        "Export the labels as whole numbers, 0 outside, not as the colours of a picture"
      )
    case .unwritable(let file, let reason):
      (
        file, "the file cannot be written: \(reason)",
        "Check the folder, its permissions and the free space, or choose another output"
      )
    }
  }
}
