internal import CNetCDF
internal import Foundation

extension NetCDFFile {
  /// A new group of the root; returns its id.
  func makeGroup(_ name: String) throws(NetCDFFailure) -> Int32 {
    var id: Int32 = 0
    try Self.check(unsafe nc_def_grp(root, name, &id))
    return id
  }

  /// A new dimension of `group`; returns its id.
  func makeDimension(_ name: String, extent: Int, in group: Int32) throws(NetCDFFailure) -> Int32 {
    var id: Int32 = 0
    try Self.check(unsafe nc_def_dim(group, name, extent, &id))
    return id
  }

  /// A new array of `group` over dimensions by id, in pieces of `chunk` points along each; returns its id.
  ///
  /// Floating-point arrays are shuffled, deflated at level 1 (mantissas of draws are noise: more effort gains nothing)
  /// and checksummed, so that a flipped bit is an error and not a number. Text has a last axis of bytes, NUL at the
  /// end, for which a dimension is made: variable-length strings of HDF5 live in a heap without checksums.
  func makeArray(
    _ name: String, like values: DrawsValues, over dimensions: [Int32], chunk: [Int], in group: Int32
  ) throws(NetCDFFailure) -> Int32 {
    let type =
      switch values {
      case .double: NC_DOUBLE
      case .single: NC_FLOAT
      case .integer: NC_INT64
      case .flag: NC_BYTE
      case .text: NC_CHAR
      }
    var axes = dimensions
    if case .text(let texts) = values {
      axes.append(try makeDimension("\(name)_bytes", extent: Self.width(of: texts), in: group))
    }
    var id: Int32 = 0
    try Self.check(unsafe nc_def_var(group, name, type, Int32(axes.count), axes, &id))
    if !chunk.isEmpty, type == NC_DOUBLE || type == NC_FLOAT {
      try Self.check(unsafe nc_def_var_chunking(group, id, NC_CHUNKED, chunk))
      try Self.check(nc_def_var_deflate(group, id, 1, 1, 1))
      try Self.check(nc_def_var_fletcher32(group, id, NC_FLETCHER32))
    }
    // What xarray reads as bool and as text.
    if type == NC_BYTE { try setText("dtype", "bool", of: id, in: group) }
    if type == NC_CHAR { try setText("_Encoding", "utf-8", of: id, in: group) }
    return id
  }

  /// Bytes of the longest of `texts`, at least 1.
  private static func width(of texts: [String]) -> Int { texts.map(\.utf8.count).reduce(1, max) }

  /// Sets a text attribute of an array, or of the group itself.
  ///
  /// As characters if it is ASCII; else as a string, the only form whose encoding HDF5 states.
  func setText(
    _ attribute: String, _ text: String, of array: Int32 = NC_GLOBAL, in group: Int32
  ) throws(NetCDFFailure) {
    if text.utf8.allSatisfy({ $0 < 128 }) {
      try Self.check(unsafe nc_put_att_text(group, array, attribute, text.utf8.count, text))
    } else {
      let status = unsafe text.withCString { characters in
        var strings = unsafe [Optional(characters)]
        return unsafe nc_put_att_string(group, array, attribute, 1, &strings)
      }
      try Self.check(status)
    }
  }

  /// Writes all values of an array, the last axis fastest.
  func write(_ values: DrawsValues, to array: Int32, in group: Int32) throws(NetCDFFailure) {
    let status =
      switch values {
      case .double(let values): unsafe nc_put_var_double(group, array, values)
      case .single(let values): unsafe nc_put_var_float(group, array, values)
      case .integer(let values): unsafe nc_put_var_longlong(group, array, values.map(Int64.init))
      case .flag(let values): unsafe nc_put_var_schar(group, array, values.map { $0 ? 1 : 0 })
      case .text(let values): unsafe nc_put_var_text(group, array, Self.padded(values))
      }
    try Self.check(status)
  }

  /// The bytes of `texts`, each filled with NUL to the width of the longest.
  private static func padded(_ texts: [String]) -> [CChar] {
    let width = width(of: texts)
    return texts.flatMap { text in
      let bytes = text.utf8.map { CChar(bitPattern: $0) }
      return bytes + [CChar](repeating: 0, count: width - bytes.count)
    }
  }
}
