internal import CNetCDF
internal import Foundation

/// What the library says of an array before its values are read.
struct NetCDFArray {
  let id: Int32
  let name: String
  let type: Int32
  /// All axes; that of the bytes of a text included.
  let storedDimensions: [(name: String, extent: Int)]

  /// The axes of the values: those stored, without the bytes of a text.
  var dimensions: [(name: String, extent: Int)] {
    type == NC_CHAR ? storedDimensions.dropLast() : storedDimensions
  }

  /// Bytes of one stored value; nil if the type is not one that is read.
  private var size: Int? {
    switch type {
    case NC_CHAR where storedDimensions.isEmpty: nil
    case NC_BYTE, NC_UBYTE, NC_CHAR: 1
    case NC_SHORT, NC_USHORT: 2
    case NC_FLOAT, NC_INT, NC_UINT: 4
    case NC_DOUBLE, NC_INT64: 8
    case NC_STRING: 16
    default: nil
    }
  }

  /// True if the type is one that ``NetCDFFile/values(of:in:)`` reads.
  var isReadable: Bool { size != nil }

  /// Bytes of the values; nil if they overflow or cannot be read.
  var byteCount: Int? {
    var total = size
    for dimension in storedDimensions {
      guard let product = total?.multipliedReportingOverflow(by: dimension.extent), !product.overflow else {
        return nil
      }
      total = product.partialValue
    }
    return total
  }

  /// The number of stored values.
  var count: Int { storedDimensions.reduce(1) { $0 * $1.extent } }
}

extension NetCDFFile {
  /// The groups of the root, by name, in the order of the file.
  func groups() throws(NetCDFFailure) -> [(name: String, id: Int32)] {
    var count: Int32 = 0
    try Self.check(unsafe nc_inq_grps(root, &count, nil))
    var ids = [Int32](repeating: 0, count: Int(count))
    try Self.check(unsafe nc_inq_grps(root, &count, &ids))
    var groups: [(name: String, id: Int32)] = []
    for id in ids { groups.append((try unsafe Self.name { name in unsafe nc_inq_grpname(id, name) }, id)) }
    return groups
  }

  /// The dimensions of `group` itself, by name.
  func dimensions(in group: Int32) throws(NetCDFFailure) -> [(name: String, extent: Int)] {
    var count: Int32 = 0
    try Self.check(unsafe nc_inq_dimids(group, &count, nil, 0))
    var ids = [Int32](repeating: 0, count: Int(count))
    try Self.check(unsafe nc_inq_dimids(group, &count, &ids, 0))
    var dimensions: [(name: String, extent: Int)] = []
    for id in ids { dimensions.append(try dimension(id, in: group)) }
    return dimensions
  }

  private func dimension(_ id: Int32, in group: Int32) throws(NetCDFFailure) -> (name: String, extent: Int) {
    var extent = 0
    let name = try unsafe Self.name { name in unsafe nc_inq_dim(group, id, name, &extent) }
    return (name, extent)
  }

  /// The arrays of `group`, in the order of the file.
  func arrays(in group: Int32) throws(NetCDFFailure) -> [NetCDFArray] {
    var count: Int32 = 0
    try Self.check(unsafe nc_inq_varids(group, &count, nil))
    var ids = [Int32](repeating: 0, count: Int(count))
    try Self.check(unsafe nc_inq_varids(group, &count, &ids))
    var arrays: [NetCDFArray] = []
    for id in ids {
      var (type, rank): (Int32, Int32) = (0, 0)
      try Self.check(unsafe nc_inq_varndims(group, id, &rank))
      var axes = [Int32](repeating: 0, count: max(1, Int(rank)))
      let name = try unsafe Self.name { name in unsafe nc_inq_var(group, id, name, &type, &rank, &axes, nil) }
      var dimensions: [(name: String, extent: Int)] = []
      for axis in axes.prefix(Int(rank)) { dimensions.append(try dimension(axis, in: group)) }
      arrays.append(NetCDFArray(id: id, name: name, type: type, storedDimensions: dimensions))
    }
    return arrays
  }

  /// The names of the attributes of the root.
  func attributeNames() throws(NetCDFFailure) -> [String] {
    var count: Int32 = 0
    try Self.check(unsafe nc_inq_natts(root, &count))
    var names: [String] = []
    for index in 0..<count {
      names.append(try unsafe Self.name { name in unsafe nc_inq_attname(root, NC_GLOBAL, index, name) })
    }
    return names
  }

  /// The text of an attribute of an array, or of the group itself; nil if it is absent or not text.
  func text(_ attribute: String, of array: Int32 = NC_GLOBAL, in group: Int32) -> String? {
    var (type, length): (Int32, Int) = (0, 0)
    guard unsafe nc_inq_att(group, array, attribute, &type, &length) == NC_NOERR, length > 0 else {
      return nil
    }
    if type == NC_CHAR {
      var bytes = [CChar](repeating: 0, count: length)
      guard unsafe nc_get_att_text(group, array, attribute, &bytes) == NC_NOERR else { return nil }
      return Self.text(bytes[...])
    }
    guard type == NC_STRING else { return nil }
    var strings = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: length)
    guard unsafe nc_get_att_string(group, array, attribute, &strings) == NC_NOERR else { return nil }
    defer { unsafe nc_free_string(length, &strings) }
    return unsafe strings[0].map { unsafe String(cString: $0) }
  }

  /// All values of an array whose type ``NetCDFArray/isReadable``.
  func values(of array: NetCDFArray, in group: Int32) throws(NetCDFFailure) -> DrawsValues {
    switch array.type {
    case NC_DOUBLE:
      var values = [Double](repeating: 0, count: array.count)
      try Self.check(unsafe nc_get_var_double(group, array.id, &values))
      return .double(values)
    case NC_FLOAT:
      var values = [Float](repeating: 0, count: array.count)
      try Self.check(unsafe nc_get_var_float(group, array.id, &values))
      return .single(values)
    case NC_CHAR:
      var bytes = [CChar](repeating: 0, count: array.count)
      try Self.check(unsafe nc_get_var_text(group, array.id, &bytes))
      let width = array.storedDimensions.last?.extent ?? 0
      let texts = array.dimensions.reduce(1) { $0 * $1.extent }
      return .text((0..<texts).map { Self.text(bytes[($0 * width)..<(($0 + 1) * width)]) })
    case NC_STRING:
      var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: array.count)
      try Self.check(unsafe nc_get_var_string(group, array.id, &pointers))
      defer { unsafe nc_free_string(array.count, &pointers) }
      return unsafe .text(pointers.map { unsafe $0.map { unsafe String(cString: $0) } ?? "" })
    default:
      var values = [Int64](repeating: 0, count: array.count)
      try Self.check(unsafe nc_get_var_longlong(group, array.id, &values))
      if array.type == NC_BYTE, text("dtype", of: array.id, in: group) == "bool" {
        return .flag(values.map { $0 != 0 })
      }
      return .integer(values.map(Int.init))
    }
  }

  /// The name that `call` writes into a buffer of the library's length.
  private static func name(_ call: (UnsafeMutablePointer<CChar>?) -> Int32) throws(NetCDFFailure) -> String {
    var bytes = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
    let status = unsafe bytes.withUnsafeMutableBufferPointer { unsafe call($0.baseAddress) }
    try check(status)
    return Self.text(bytes[...])
  }

  /// The text in `bytes`, to the first NUL; what is not UTF-8 becomes U+FFFD.
  private static func text(_ bytes: ArraySlice<CChar>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
