internal import Foundation

/// Turns stored voxels into scaled numbers, `Float` or `Double`, a chunk at a time.
struct VoxelDecoder {
  let type: VoxelType
  let isBigEndian: Bool
  let scaling: (slope: Double, intercept: Double)?

  /// Bytes read and converted at a time; a multiple of every voxel's size that stays in the cache.
  private static let chunkSize = 1 << 18

  /// The next `count` voxels of `stream`.
  ///
  /// - Throws: `tooShort` if the stream ends before them, `corrupt` if it does not decompress.
  func values<Number: BinaryFloatingPoint>(
    _ count: Int, from stream: inout ByteStream
  ) throws(NIfTIError) -> [Number] {
    var failure: NIfTIError?
    let values = unsafe [Number](unsafeUninitializedCapacity: count) { output, initialized in
      do throws(NIfTIError) {
        initialized = unsafe try fill(output, count: count, from: &stream)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    guard values.count == count else {
      throw .tooShort(
        file: stream.url, promised: "\(count * type.byteCount) bytes of voxels",
        found: "only \(values.count * type.byteCount) are there")
    }
    return values
  }

  /// Fills the uninitialised `output` and returns the number of voxels that the stream still had.
  private func fill<Number: BinaryFloatingPoint>(
    _ output: UnsafeMutableBufferPointer<Number>, count: Int, from stream: inout ByteStream
  ) throws(NIfTIError) -> Int {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkSize, alignment: 16)
    defer { unsafe chunk.deallocate() }
    var done = 0
    while done < count {
      let wanted = min(count - done, Self.chunkSize / type.byteCount)
      let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: chunk[..<(wanted * type.byteCount)])
      let got = unsafe try stream.read(into: piece) / type.byteCount
      unsafe decode(piece, count: got, into: output, at: done)
      done += got
      if got < wanted { break }
    }
    return done
  }

  private func decode<Number: BinaryFloatingPoint>(
    _ chunk: UnsafeMutableRawBufferPointer, count: Int, into output: UnsafeMutableBufferPointer<Number>,
    at start: Int
  ) {
    switch type {
    case .int8:
      unsafe integers(chunk, as: Int8.self, count, output, start)
    case .uint8:
      unsafe integers(chunk, as: UInt8.self, count, output, start)
    case .int16:
      unsafe integers(chunk, as: Int16.self, count, output, start)
    case .uint16:
      unsafe integers(chunk, as: UInt16.self, count, output, start)
    case .int32:
      unsafe integers(chunk, as: Int32.self, count, output, start)
    case .uint32:
      unsafe integers(chunk, as: UInt32.self, count, output, start)
    case .int64:
      unsafe integers(chunk, as: Int64.self, count, output, start)
    case .uint64:
      unsafe integers(chunk, as: UInt64.self, count, output, start)
    case .float32:
      unsafe convert(chunk, as: UInt32.self, count, output, start) { Double(Float(bitPattern: $0)) }
    case .float64:
      unsafe convert(chunk, as: UInt64.self, count, output, start) { Double(bitPattern: $0) }
    }
  }

  private func integers<Stored: FixedWidthInteger, Number: BinaryFloatingPoint>(
    _ chunk: UnsafeMutableRawBufferPointer, as: Stored.Type, _ count: Int,
    _ output: UnsafeMutableBufferPointer<Number>, _ start: Int
  ) {
    unsafe convert(chunk, as: Stored.self, count, output, start) { Double($0) }
  }

  /// Scaling is done in double precision, as the fields of NIfTI-2 are; the result is rounded once.
  @inline(__always)
  private func convert<Stored: FixedWidthInteger, Number: BinaryFloatingPoint>(
    _ chunk: UnsafeMutableRawBufferPointer, as: Stored.Type, _ count: Int,
    _ output: UnsafeMutableBufferPointer<Number>, _ start: Int, _ number: (Stored) -> Double
  ) {
    let stored = unsafe UnsafeBufferPointer(chunk.bindMemory(to: Stored.self))
    let (slope, intercept) = scaling ?? (1, 0)
    if isBigEndian == (1.bigEndian == 1) {
      for index in 0..<count {
        unsafe (output.baseAddress.unsafelyUnwrapped + start + index).initialize(
          to: Number(slope * number(stored[index]) + intercept))
      }
    } else {
      for index in 0..<count {
        unsafe (output.baseAddress.unsafelyUnwrapped + start + index).initialize(
          to: Number(slope * number(stored[index].byteSwapped) + intercept))
      }
    }
  }
}
