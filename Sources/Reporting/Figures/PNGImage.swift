internal import CPNG

/// A small picture of palette colours as a PNG file in memory.
///
/// Indices are row after row, the upper left pixel first. The same pixels give the same bytes under one libpng.
public struct PNGImage: Sendable, Equatable {
  /// A colour with its opacity: 0 is clear.
  public struct Color: Sendable, Equatable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8
    var alpha: UInt8 = 255

    /// No colour at all.
    public static let clear = Color(red: 0, green: 0, blue: 0, alpha: 0)
  }

  let width: Int
  let height: Int
  let indices: [UInt8]
  let palette: [Color]

  /// A picture of `width` × `height` pixels, each an index into `palette` (1 to 256 colours).
  public init(width: Int, height: Int, indices: [UInt8], palette: [Color]) {
    precondition(width > 0 && height > 0 && indices.count == width * height, "one index for each pixel")
    precondition((1...256).contains(palette.count), "a palette has 1 to 256 colours")
    precondition(indices.allSatisfy { Int($0) < palette.count }, "an index lies outside the palette")
    (self.width, self.height, self.indices, self.palette) = (width, height, indices, palette)
  }

  /// The bytes of the file; empty if libpng refuses, for which only a lack of memory is left as a reason.
  public var file: [UInt8] {
    let colors = palette.flatMap { [$0.red, $0.green, $0.blue, $0.alpha] }
    // Never larger than the pixels, the palette, and the chunks around them.
    var bytes = [UInt8](repeating: 0, count: 4096 + 2 * indices.count)
    var size = bytes.count
    let written = unsafe ivb_write_png(
      &bytes, &size, indices, UInt32(width), UInt32(height), colors, UInt32(palette.count))
    return written == 0 ? [] : Array(bytes.prefix(size))
  }
}

extension PNGImage {
  /// A map of `shares` between 0 and 1; NaN is clear.
  public init(width: Int, height: Int, shares: [Double], colors: ColorMap) {
    let palette =
      [Color.clear] + colors.colors.dropFirst().map { Color(red: $0.red, green: $0.green, blue: $0.blue) }
    self.init(
      width: width, height: height,
      indices: shares.map { $0.isNaN ? 0 : UInt8(max(1, ColorMap.index($0))) }, palette: palette)
  }
}
