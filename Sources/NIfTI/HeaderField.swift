/// One field of the header: where it stands in NIfTI-1 and in NIfTI-2 and as what.
///
/// The table follows nifti1.h and nifti2.h of the NIfTI Data Format Working Group (Cox et al. 2004, 2011).
enum HeaderField {
  case dim, datatype, bitpix, pixdim, voxOffset, slope, intercept, units, description
  case qformCode, sformCode, quaternion, qformOffset, sformRows

  /// How a number is stored.
  enum Storage {
    case int8, int16, int32, int64, float32, float64

    var byteCount: Int {
      switch self {
      case .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .int64, .float64: 8
      }
    }
  }

  /// First byte, type of the elements and their number.
  typealias Place = (offset: Int, storage: Storage, count: Int)

  /// The field's place in a header of NIfTI version 1 or 2.
  func place(version: Int) -> Place { version == 1 ? placeInNIfTI1 : placeInNIfTI2 }

  private var placeInNIfTI1: Place {
    switch self {
    case .dim: (40, .int16, 8)
    case .datatype: (70, .int16, 1)
    case .bitpix: (72, .int16, 1)
    case .pixdim: (76, .float32, 8)
    case .voxOffset: (108, .float32, 1)
    case .slope: (112, .float32, 1)
    case .intercept: (116, .float32, 1)
    case .units: (123, .int8, 1)
    case .description: (148, .int8, 80)
    case .qformCode: (252, .int16, 1)
    case .sformCode: (254, .int16, 1)
    case .quaternion: (256, .float32, 3)
    case .qformOffset: (268, .float32, 3)
    case .sformRows: (280, .float32, 12)
    }
  }

  private var placeInNIfTI2: Place {
    switch self {
    case .dim: (16, .int64, 8)
    case .datatype: (12, .int16, 1)
    case .bitpix: (14, .int16, 1)
    case .pixdim: (104, .float64, 8)
    case .voxOffset: (168, .int64, 1)
    case .slope: (176, .float64, 1)
    case .intercept: (184, .float64, 1)
    case .units: (500, .int32, 1)
    case .description: (240, .int8, 80)
    case .qformCode: (344, .int32, 1)
    case .sformCode: (348, .int32, 1)
    case .quaternion: (352, .float64, 3)
    case .qformOffset: (376, .float64, 3)
    case .sformRows: (400, .float64, 12)
    }
  }
}
