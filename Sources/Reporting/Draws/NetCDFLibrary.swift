internal import CNetCDF
internal import Foundation
internal import Synchronization

/// Why work on an open file stopped.
enum NetCDFFailure: Error {
  /// An answer of libnetcdf other than "no error".
  case library(Int32)
  /// Something that is wrong with the contents.
  case contents(DrawsFileError)

  /// The error to report, `wrap` making it of the library's words.
  func error(_ wrap: (String) -> DrawsFileError) -> DrawsFileError {
    switch self {
    case .library(let code): unsafe wrap(String(cString: nc_strerror(code)))
    case .contents(let error): error
    }
  }
}

/// libnetcdf keeps global state and has no locks of its own: one file at a time.
enum NetCDFLibrary {
  private static let lock = Mutex(())

  /// Runs `body` while no other task is inside the library.
  static func alone<Value: Sendable, Failure: Error>(
    _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try lock.withLock { (_) throws(Failure) -> Value in
      ivb_quiet_hdf5()
      return try body()
    }
  }
}

/// An open netCDF-4 file, closed when it goes out of use. Calls are made inside ``NetCDFLibrary/alone(_:)``.
struct NetCDFFile: ~Copyable {
  /// The id of the root group.
  let root: Int32
  private var isOpen: Bool

  private init(root: Int32) {
    self.root = root
    isOpen = true
  }

  /// A new file at `path`, in place of any that is there.
  static func create(_ path: String) throws(NetCDFFailure) -> NetCDFFile {
    var id: Int32 = 0
    try check(unsafe nc_create(path, NC_NETCDF4 | NC_CLOBBER, &id))
    let file = NetCDFFile(root: id)
    // Every value is written: no need to fill the arrays first.
    var previous: Int32 = 0
    try check(unsafe nc_set_fill(id, NC_NOFILL, &previous))
    return file
  }

  /// The file at `path`, for reading.
  static func open(_ path: String) throws(NetCDFFailure) -> NetCDFFile {
    var id: Int32 = 0
    try check(unsafe nc_open(path, NC_NOWRITE, &id))
    return NetCDFFile(root: id)
  }

  deinit { if isOpen { nc_close(root) } }

  /// Writes out what is still in memory, and reports whether that worked.
  mutating func close() throws(NetCDFFailure) {
    isOpen = false
    try Self.check(nc_close(root))
  }

  /// - Throws: a failure for every answer but "no error".
  static func check(_ status: Int32) throws(NetCDFFailure) {
    if status != NC_NOERR { throw .library(status) }
  }
}
