import Foundation
import Testing

@testable import Reporting

/// Drawings: bytes, colours, scales.
@Suite struct FiguresTests {
  @Test func `Numbers have two decimals at most, and no needless ones`() {
    #expect(
      [1, 1.5, 1.256, -0.004, -2.05, 1e7].map(SVGCanvas.number) == [
        "1", "1.5", "1.26", "0", "-2.05", "10000000",
      ])
    #expect(SVGCanvas.number(.nan) == "0")
  }

  @Test func `Texts are escaped, and what cannot be drawn is not`() {
    var canvas = SVGCanvas()
    canvas.text("a<b & \"c\"", x: 0, y: 1)
    #expect(canvas.elements.contains(">a&lt;b &amp; &quot;c&quot;</text>"))
    let before = canvas
    canvas.circle(x: .nan, y: 0, radius: 1, .fill("#fff"))
    canvas.path([(0, 0), (.infinity, 1)], .fill("#fff"))
    canvas.rectangle(x: 0, y: 0, width: -1, height: 1, .fill("#fff"))
    #expect(canvas == before)
  }

  @Test func `Markup escapes what is put in, keeps units at their numbers, and drops what XML forbids`() {
    let name = "<&>\u{1}"
    let text: Markup = "<b>\(name)</b> \("24 %")"
    #expect(text.html == "<b>&lt;&amp;&gt;\u{fffd}</b> 24\u{a0}%")
  }

  @Test func `A PNG begins as PNG does, and equal pixels give equal bytes`() {
    let picture = PNGImage(width: 3, height: 2, shares: [0, 0.5, 1, .nan, 0.2, 2], colors: .viridis)
    #expect(picture.file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(picture.file == picture.file && picture.indices[3] == 0 && picture.indices[0] == 1)
  }

  @Test func `The ends of the colour maps are those of their authors, and lightness rises`() {
    #expect(ColorMap.viridis.attribute(0) == "#440154" && ColorMap.viridis.attribute(1) == "#fde725")
    #expect(ColorMap.cividis.attribute(0) == "#00224e" && ColorMap.cividis.attribute(1) == "#fee838")
    for map in [ColorMap.viridis, .cividis] {
      let lightness = (0..<16).map { Self.luminance(map.attribute(Double($0) / 15)) }
      #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func `Ticks are round and inside, and a scale of one value is usable`() {
    let linear = PlotScale(.linear, 0, 103, from: 0, to: 100)
    #expect(linear.ticks() == [0, 25, 50, 75, 100])
    let logarithmic = PlotScale(.logarithmic, 0.5, 60, from: 0, to: 100)
    #expect(logarithmic.ticks() == [1, 3, 10, 30] || logarithmic.ticks() == [1, 10])
    #expect(abs(logarithmic.place(30.0.squareRoot()) - 50) < 1e-9)
    let middle: Double = PlotScale(.linear, 4, 4, from: 0, to: 1).place(4)
    #expect(abs(middle - 0.5) < 1e-12)
  }

  /// The integral of a density over its whole range is one, and its peak is that of the normal law.
  @Test func `A density integrates to one`() {
    let draws = (1..<2000).map { 5 + 2 * Self.normalQuantile(Double($0) / 2000) }
    let estimate = DensityEstimate(draws, from: -5, to: 15, count: 401)
    let step = estimate.places[1] - estimate.places[0]
    #expect(abs(estimate.density.reduce(0, +) * step - 1) < 0.01)
    #expect(abs((estimate.density.max() ?? 0) - 1 / (2 * (2 * Double.pi).squareRoot())) < 0.01)
  }

  @Test func `Text is at least 5:1 on white and on the soft ground, marks at least 3:1`() {
    for ground in ["#ffffff", "#f6f4ef"] {
      for color in [
        Palette.ink, Palette.muted, Palette.beforeText, Palette.after, Palette.effective,
        Palette.ineffectiveText,
      ] { #expect(Self.contrast(color, ground) >= 5, "\(color) on \(ground)") }
      for color in [Palette.before, Palette.axis, Palette.ineffective, Palette.dataDominated, "#6f6a60"] {
        #expect(Self.contrast(color, ground) >= 3, "\(color) on \(ground)")
      }
    }
  }

  @Test func `An outline runs once around each lesion, whatever its shape`() {
    let inside = [false, true, true, false, true, false, false, true, true]
    let tile = MapTile(
      columns: 3, rows: 3, voxelSize: (1, 1), image: inside.map { _ in 0 }, values: inside.map { _ in 1 },
      grades: inside.map { $0 ? 3 : 0 }, isInside: inside)
    let lengths = tile.outline(unit: 1, unitDown: 1).matches(of: /[hv](\d+)/).compactMap { Int($0.output.1) }
    // Five pixels with four common sides: 20 − 8.
    let perimeter: Int = lengths.reduce(0, +)
    #expect(perimeter == 12)
    #expect(tile.shown.allSatisfy { $0.isNaN })
    #expect(tile.area(ofGrade: 3, unit: 1, unitDown: 1).split(separator: "M").count == 3)
  }

  static func luminance(_ color: String) -> Double {
    let digits = Array(color.dropFirst()).compactMap(\.hexDigitValue)
    let weights = [0.2126, 0.7152, 0.0722]
    return weights.indices.reduce(0.0) { sum, channel in
      let share = Double(16 * digits[2 * channel] + digits[2 * channel + 1]) / 255
      let linear = share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
      return sum + weights[channel] * linear
    }
  }

  static func contrast(_ one: String, _ other: String) -> Double {
    let pair = [luminance(one), luminance(other)].sorted()
    return (pair[1] + 0.05) / (pair[0] + 0.05)
  }

  static func normalQuantile(_ p: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
