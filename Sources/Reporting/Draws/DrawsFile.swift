public import Foundation

/// Posterior draws on disk: netCDF-4 in the form of ArviZ's InferenceData.
///
/// Opens with `arviz.from_netcdf` of ArviZ 0.23 and 1.x (https://python.arviz.org, "InferenceData schema
/// specification"). Every group carries its own dimensions, with a coordinate variable for each; units stand in the
/// `units` attribute of each variable; lesion label and i, j, k of each voxel stand in the group `constant_data`.
///
/// - The same contents give the same bytes: no time, no path and no host is written. Versions of libnetcdf and HDF5
///   are, by the library.
/// - The last line is a SHA-256 digest of all before it, which HDF5 takes no notice of.
/// - Deliberately not a general netCDF writer: no unlimited dimensions, no groups within groups.
public struct DrawsFile: Sendable, Equatable {
  /// The groups, in the order of the file; `posterior` first by custom.
  public var groups: [DrawsGroup]
  /// Attributes of the file and of every group, among them `inference_library` and `inference_library_version`.
  public var attributes: [String: String]

  /// A file of `groups`, made by `library` in this version, with further text `attributes`.
  public init(
    groups: [DrawsGroup], library: String = "IVIMBayes", libraryVersion: String,
    attributes: [String: String] = [:]
  ) {
    precondition(Set(groups.map(\.name)).count == groups.count, "two groups have one name")
    self.groups = groups
    self.attributes = attributes.merging(
      ["inference_library": library, "inference_library_version": libraryVersion]) { $1 }
  }

  init(groups: [DrawsGroup], attributes: [String: String]) {
    self.groups = groups
    self.attributes = attributes
  }

  /// The group called `name`; nil if there is none.
  public func group(_ name: String) -> DrawsGroup? { groups.first { $0.name == name } }

  /// Writes the file beside `file` and moves it there when it is whole and on the disk.
  ///
  /// An existing file is replaced. Floating-point arrays are shuffled and compressed.
  ///
  /// - Throws: `.diskFull` before anything is written, if the room is known not to suffice; `.cannotCreate` if the
  ///   folder is absent or not writable; `.writeFailed` if writing stops midway. None leaves anything behind.
  public func write(to file: URL) throws(DrawsFileError) {
    let partial = file.deletingLastPathComponent().appending(path: ".\(file.lastPathComponent).partial")
    try Self.requireRoom(bytes: byteCount, at: file, available: Self.room(at: file))
    do throws(DrawsFileError) {
      try DrawsFileWriter(file: file, partial: partial).write(self)
    } catch {
      try? FileManager.default.removeItem(at: partial)
      throw error
    }
  }

  /// Reads the groups named `groups` (or all of the file's, if nil).
  ///
  /// Numbers come back as `.double`, `.single` or `.integer`, by their type in the file; arrays of other types
  /// (compound, opaque, single characters) are left out. A dimension without labels gets 0, 1, 2, …
  ///
  /// A file is read only if it is, byte for byte, as this toolkit wrote it: libnetcdf and HDF5 do not survive every damage.
  /// `acceptingUnsealed` reads the files of other programs too, for those who trust them.
  ///
  /// - Throws: `.missing`, `.unreadable`, `.notNetCDF`, `.missingGroup`, or `.inconsistent` for an array that is
  ///   larger than a file of this size can hold.
  public init(
    contentsOf file: URL, groups: [String]? = ["posterior"], acceptingUnsealed: Bool = false
  ) throws(DrawsFileError) {
    self = try DrawsFileReader(file: file, acceptsUnsealed: acceptingUnsealed).read(groups: groups)
  }

  /// Bytes of all arrays before compression, with room for the file's own tables.
  var byteCount: Int {
    groups.reduce(4096) { total, group in
      let arrays = group.coordinates.map(\.values) + group.variables.map(\.values)
      return total + arrays.reduce(2048) { $0 + $1.byteCount + 1024 }
    }
  }

  /// - Throws: `.diskFull` if `available` is known and less than `bytes`.
  static func requireRoom(bytes: Int, at file: URL, available: Int?) throws(DrawsFileError) {
    if let available, available < bytes {
      throw .diskFull(file: file.path, neededBytes: bytes, availableBytes: available)
    }
  }

  /// Free bytes on the disk of `file`; nil if they are not known.
  private static func room(at file: URL) -> Int? {
    let folder = file.deletingLastPathComponent().path
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
  }
}
