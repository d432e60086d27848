internal import Foundation

/// Reads draws files and refuses what cannot be one.
struct DrawsFileReader {
  let file: URL
  /// True if a file without the seal of this toolkit is read too.
  let acceptsUnsealed: Bool

  /// The first eight bytes of an HDF5 file, which every netCDF-4 file is.
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
  /// Deflate shrinks by at most 1032 to 1 (zlib's own figure): an array larger than that cannot be in the file.
  private static let largestCompression = 1032

  func read(groups wanted: [String]?) throws(DrawsFileError) -> DrawsFile {
    let size = try checkedSize()
    if !acceptsUnsealed { try checkSeal() }
    return try NetCDFLibrary.alone { () throws(DrawsFileError) in
      do throws(NetCDFFailure) {
        let input = try NetCDFFile.open(file.path)
        var attributes: [String: String] = [:]
        for name in try input.attributeNames() { attributes[name] = input.text(name, in: input.root) }
        let found = try input.groups()
        var groups: [DrawsGroup] = []
        for name in wanted ?? found.map(\.name) {
          guard let match = found.first(where: { $0.name == name }) else {
            throw .contents(.missingGroup(file: file.path, group: name, found: found.map(\.name)))
          }
          groups.append(try group(name, id: match.id, of: input, fileSize: size))
        }
        return DrawsFile(groups: groups, attributes: attributes)
      } catch {
        throw error.error { .unreadable(file: file.path, reason: $0) }
      }
    }
  }

  private func group(_ name: String, id: Int32, of input: borrowing NetCDFFile, fileSize: Int)
    throws(NetCDFFailure) -> DrawsGroup
  {
    let arrays = try input.arrays(in: id).filter(\.isReadable)
    // Dimensions that only hold the bytes of texts are no axes.
    let textAxes = Set(arrays.flatMap { $0.storedDimensions.dropFirst($0.dimensions.count).map(\.name) })
    var extents = try input.dimensions(in: id).filter { !textAxes.contains($0.name) }
    var listed = Set((input.text("coordinates", in: id) ?? "").split(separator: " ").map(String.init))
    for array in arrays {
      guard let bytes = array.byteCount, bytes / Self.largestCompression <= fileSize else {
        let reason = "it is larger than a file of \(fileSize) bytes can hold"
        throw .contents(.inconsistent(file: file.path, variable: "\(name)/\(array.name)", reason: reason))
      }
      for dimension in array.dimensions where !extents.contains(where: { $0.name == dimension.name }) {
        extents.append(dimension)
      }
      // xarray lists coordinates at the arrays that they belong to.
      let own = (input.text("coordinates", of: array.id, in: id) ?? "").split(separator: " ")
      listed.formUnion(own.map(String.init))
    }
    var coordinates: [DrawsCoordinate] = []
    var variables: [DrawsVariable] = []
    for array in arrays {
      let values = try input.values(of: array, in: id)
      let unit = input.text("units", of: array.id, in: id) ?? ""
      let isLabels = array.dimensions.count == 1 && array.dimensions[0].name == array.name
      if isLabels || (listed.contains(array.name) && array.dimensions.count == 1) {
        let dimension = DimensionName(array.dimensions[0].name)
        coordinates.append(DrawsCoordinate(array.name, along: dimension, unit: unit, values: values))
      } else if extents.contains(where: { $0.name == array.name }) {
        let reason = "it is named like a dimension but is not its labels"
        throw .contents(.inconsistent(file: file.path, variable: "\(name)/\(array.name)", reason: reason))
      } else {
        let axes = array.dimensions.map { DimensionName($0.name) }
        variables.append(DrawsVariable(array.name, unit: unit, dimensions: axes, values: values))
      }
    }
    for (dimension, extent) in extents where !coordinates.contains(where: { $0.name == dimension }) {
      coordinates.append(DrawsCoordinate(DimensionName(dimension), count: extent))
    }
    return DrawsGroup(name, coordinates: coordinates, variables: variables)
  }

  private func checkSeal() throws(DrawsFileError) {
    let fault: String?
    do { fault = try DrawsSeal.fault(of: file) } catch { fault = error.localizedDescription }
    if let fault { throw .unreadable(file: file.path, reason: fault) }
  }

  /// The size of the file, if it is there, can be read, and begins as HDF5 does.
  private func checkedSize() throws(DrawsFileError) -> Int {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      throw .missing(file: file.path)
    }
    if isFolder.boolValue { throw .notNetCDF(file: file.path, reason: "it is a folder") }
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      let start = try handle.read(upToCount: Self.signature.count) ?? Data()
      let size = try handle.seekToEnd()
      if Array(start) == Self.signature { return Int(size) }
      if start.isEmpty { throw DrawsFileError.notNetCDF(file: file.path, reason: "it is empty") }
      let isClassic = start.starts(with: Data("CDF".utf8))
      let reason = isClassic ? "it is netCDF-3" : "it does not begin as HDF5 does"
      throw DrawsFileError.notNetCDF(file: file.path, reason: reason)
    } catch let error as DrawsFileError {
      throw error
    } catch {
      throw .unreadable(file: file.path, reason: error.localizedDescription)
    }
  }
}
