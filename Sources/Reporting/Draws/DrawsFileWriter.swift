internal import Foundation

/// Writes the groups of a draws file, seals it, then moves it to its place.
struct DrawsFileWriter {
  let file: URL
  /// Where the file grows until it is whole.
  let partial: URL

  /// A piece of an array that is read and decompressed at once holds at most this many values: 1 MiB of doubles.
  private static let chunkSize = 1 << 17

  func write(_ contents: DrawsFile) throws(DrawsFileError) {
    try NetCDFLibrary.alone { () throws(DrawsFileError) in
      var output: NetCDFFile
      do throws(NetCDFFailure) {
        output = try NetCDFFile.create(partial.path)
      } catch {
        throw error.error { .cannotCreate(file: file.path, reason: $0) }
      }
      do throws(NetCDFFailure) {
        try setAttributes(contents.attributes, in: output.root, of: output)
        for group in contents.groups { try write(group, of: contents, to: output) }
        try output.close()
      } catch {
        throw error.error { .writeFailed(file: file.path, reason: $0) }
      }
    }
    do {
      try DrawsSeal.close(partial)
    } catch {
      throw .writeFailed(file: file.path, reason: error.localizedDescription)
    }
    try moveIntoPlace()
  }

  private func write(_ group: DrawsGroup, of contents: DrawsFile, to output: borrowing NetCDFFile)
    throws(NetCDFFailure)
  {
    let id = try output.makeGroup(group.name)
    try setAttributes(contents.attributes, in: id, of: output)
    var dimensions: [DimensionName: Int32] = [:]
    for labels in group.coordinates where labels.isLabels {
      dimensions[labels.dimension] = try output.makeDimension(
        labels.name, extent: labels.values.count, in: id)
    }
    func array(_ name: String, unit: String, over axes: [DimensionName], _ values: DrawsValues)
      throws(NetCDFFailure)
    {
      let extents = axes.map { group.extent(of: $0) }
      let array = try output.makeArray(
        name, like: values, over: axes.compactMap { dimensions[$0] },
        chunk: Self.chunk(extents, firstIsChain: axes.first == .chain), in: id)
      if !unit.isEmpty { try output.setText("units", unit, of: array, in: id) }
      try output.write(values, to: array, in: id)
    }
    for coordinate in group.coordinates {
      try array(coordinate.name, unit: coordinate.unit, over: [coordinate.dimension], coordinate.values)
    }
    for variable in group.variables {
      try array(variable.name, unit: variable.unit, over: variable.dimensions, variable.values)
    }
    let further = group.coordinates.filter { !$0.isLabels }.map(\.name)
    if !further.isEmpty { try output.setText("coordinates", further.joined(separator: " "), in: id) }
  }

  private func setAttributes(
    _ attributes: [String: String], in group: Int32, of output: borrowing NetCDFFile
  ) throws(NetCDFFailure) {
    for (name, text) in attributes.sorted(by: { $0.key < $1.key }) where !text.isEmpty {
      try output.setText(name, text, in: group)
    }
  }

  /// All draws of one chain for as many elements as fit: what a reader of one voxel wants.
  static func chunk(_ extents: [Int], firstIsChain: Bool) -> [Int] {
    var chunk = extents.map { max($0, 1) }
    if firstIsChain { chunk[0] = 1 }
    // The fastest axes are cut first.
    for axis in chunk.indices.reversed() {
      let others = chunk.reduce(1, *) / chunk[axis]
      chunk[axis] = max(1, min(chunk[axis], chunkSize / max(1, others)))
    }
    return chunk
  }

  /// Forces the bytes to the disk, then renames: a reader sees the old file, or the new one, and never a part.
  private func moveIntoPlace() throws(DrawsFileError) {
    do {
      let handle = try FileHandle(forReadingFrom: partial)
      try handle.synchronize()
      try handle.close()
    } catch {
      throw .writeFailed(file: file.path, reason: error.localizedDescription)
    }
    guard unsafe rename(partial.path, file.path) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw .cannotCreate(file: file.path, reason: reason)
    }
  }
}
