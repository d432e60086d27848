/// What can go wrong with a draws file on disk.
public enum DrawsFileError: Error, Sendable, Equatable {
  /// There is no such file.
  case missing(file: String)
  /// The file exists but cannot be read, or ends too early; `reason` is the operating system's or the library's.
  case unreadable(file: String, reason: String)
  /// The file is something else than netCDF-4; `reason` says what its first bytes are not.
  case notNetCDF(file: String, reason: String)
  /// The file is netCDF-4 but has no such group; `found` are the groups it has.
  case missingGroup(file: String, group: String, found: [String])
  /// An array of the file contradicts itself or the file's size.
  case inconsistent(file: String, variable: String, reason: String)
  /// The file cannot be made where it was asked for.
  case cannotCreate(file: String, reason: String)
  /// The disk has less room than the draws need.
  case diskFull(file: String, neededBytes: Int, availableBytes: Int)
  /// Writing stopped midway; nothing was left behind.
  case writeFailed(file: String, reason: String)
}

extension DrawsFileError: CustomStringConvertible {
  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .missing(let file):
      "draws file not found: \(file). Give the folder of a run made with --save-draws lesions or voxels."
    case .unreadable(let file, let reason):
      "draws file cannot be read (\(reason)): \(file). It may be cut short; copy it again or repeat the run."
    case .notNetCDF(let file, let reason):
      "not a draws file (\(reason)): \(file). Give a netCDF-4 file such as *_draws.nc."
    case .missingGroup(let file, let group, let found):
      "draws file without group \"\(group)\" (it has \(found.isEmpty ? "none" : found.joined(separator: ", "))): "
        + "\(file). Give a file of ArviZ's InferenceData with that group."
    case .inconsistent(let file, let variable, let reason):
      "draws file contradicts itself (\(reason)): \(file), variable \(variable). Copy it again or repeat the run."
    case .cannotCreate(let file, let reason):
      "draws file cannot be created (\(reason)): \(file). Choose an --out folder that you may write to."
    case .diskFull(let file, let needed, let available):
      "the disk is full (\(needed) bytes needed, \(available) free): \(file). "
        + "Make room, or store less with --save-draws lesions or none."
    case .writeFailed(let file, let reason):
      "draws file could not be written (\(reason)): \(file). Check the disk; nothing was left behind."
    }
  }
}
