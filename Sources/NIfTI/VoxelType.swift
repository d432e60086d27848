/// The number types that voxels are stored as, with the format's `datatype` codes.
enum VoxelType: Int, CaseIterable {
  case uint8 = 2
  case int16 = 4
  case int32 = 8
  case float32 = 16
  case float64 = 64
  case int8 = 256
  case uint16 = 512
  case uint32 = 768
  case int64 = 1024
  case uint64 = 1280

  /// Bytes of one voxel.
  var byteCount: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// The name of a `datatype` code that is not one of these.
  static func name(ofUnsupported code: Int) -> String {
    switch code {
    case 0: "unknown"
    case 1: "bit"
    case 32: "complex64"
    case 128: "RGB24"
    case 1536: "float128"
    case 1792: "complex128"
    case 2048: "complex256"
    case 2304: "RGBA32"
    default: "that the format does not define"
    }
  }
}
