import Foundation
import Tables
import TestSupport
import Testing

@testable import Reporting

/// Maps of a lesion: scales, shares, and what may be coloured.
@Suite struct MapFigureTests {
  /// 4 × 2 voxels; the lesion holds all but the first column.
  private func tile(grades: [Int], values: [Double] = [0, 1, 2, 3, 0, 4, 5, 6]) -> MapTile {
    MapTile(
      columns: 4, rows: 2, voxelSize: (2, 3), image: [10, 20, 30, 40, 50, 60, 70, .nan], values: values,
      grades: grades, isInside: [false, true, true, true, false, true, true, true])
  }

  private func figure(
    _ content: MapFigure.Content, _ tiles: [(label: String, tile: MapTile)],
    scale: MapFigure.Scale = .init([1, 6], isLogarithmic: false)
  ) -> Figure {
    MapFigure(content, tiles: tiles, scale: scale)
      .figure(name: "m", title: "D", unit: "10⁻³ mm²/s", isSynthetic: true)
  }

  @Test func `A scale takes in the central values, from zero where it is told to`() {
    let values = (0...100).map(Double.init) + [.nan, .infinity]
    let scale = MapFigure.Scale(values, isLogarithmic: false)
    #expect(scale.share(50) == 0.5 && isClose(scale.share(1), 0, absolute: 1e-12))
    #expect(isClose(scale.share(99), 1, absolute: 1e-12))
    #expect(MapFigure.Scale(values, isLogarithmic: false, startsAtZero: true).share(0) == 0)
    let ends = [Double](repeating: 1, count: 50) + [Double](repeating: 100, count: 50)
    let decades = MapFigure.Scale(ends, isLogarithmic: true)
    #expect(isClose(decades.share(10), 0.5, absolute: 1e-9))
  }

  @Test func `A scale of nothing, of one value, or of values without a logarithm can still be drawn`() {
    for (values, isLogarithmic) in [([], false), ([], true), ([.nan], false), ([-1, 0], true)]
      as [([Double], Bool)]
    {
      let scale = MapFigure.Scale(values, isLogarithmic: isLogarithmic)
      #expect(scale.share(5).isFinite)
    }
    let constant = MapFigure.Scale([3, 3, 3], isLogarithmic: false)
    #expect(constant.share(3) == 0 && constant.share(4).isFinite)
    #expect(MapFigure.Scale([0, 0], isLogarithmic: false).share(0) == 0)
  }

  @Test func `Voxels that the data do not determine are hatched, not coloured, and counted`() {
    let graded = tile(grades: [0, 1, 2, 3, 0, 3, 1, 1])
    #expect(graded.shown.indices.filter { graded.shown[$0].isFinite } == [1, 2, 6, 7])
    let whole = figure(.grade, [("before", graded), ("after", tile(grades: [0, 1, 1, 1, 0, 1, 1, 1]))])
    let elements = DrawnElements(whole)
    #expect(elements.isHatched && elements.texts.contains("prior-dominated: 33 % | 0 % of voxels"))
    #expect(whole.description.hasPrefix("What the data determine, before and after"))
    // A lesion without a grade has no share.
    let ungraded = figure(.grade, [("", tile(grades: [Int](repeating: 0, count: 8)))])
    #expect(DrawnElements(ungraded).texts.contains("prior-dominated: n/a of voxels"))
  }

  @Test func `The scale below has its ends and its middle`() {
    let map = tile(grades: [Int](repeating: 1, count: 8))
    for tiles in [[("", map)], [("before", map), ("after", map)]] {
      let texts = DrawnElements(figure(.median, tiles, scale: .init([0, 10], isLogarithmic: false))).texts
      #expect(texts.contains("0.1") && texts.contains("5.0") && texts.contains("9.9 10⁻³ mm²/s"))
      #expect(texts.contains("SYNTHETIC"))
    }
  }

  @Test func `One visit is as wide as two: the letters of both are equally large`() {
    let map = tile(grades: [Int](repeating: 1, count: 8))
    let (one, two) = (figure(.grade, [("", map)]), figure(.grade, [("before", map), ("after", map)]))
    #expect(one.width == two.width && one.height == 338)
    #expect(DrawnElements(one).all("image").allSatisfy { $0["width"] == 308 && $0["height"] == 231 })
  }

  @Test func `Two visits stand side by side, and a grid longer than high keeps its shape`() throws {
    let all = [Int](repeating: 1, count: 8)
    let both = figure(.deviation, [("before", tile(grades: all)), ("after", tile(grades: all))])
    #expect(both.width == 308 && both.height == 180)
    let pictures = DrawnElements(both).all("image")
    // 4 × 2 mm wide and 2 × 3 mm high: three quarters as high as wide.
    #expect(pictures.count == 4 && pictures.allSatisfy { $0["width"] == 150 && $0["height"] == 112.5 })
  }

  @Test func `The data hold every voxel of the lesion by visit, column and row`() throws {
    let data = figure(.median, [("", tile(grades: [0, 1, 2, 3, 0, 3, 1, 1]))]).data
    try #expect(data.integers("column") == [1, 2, 3, 1, 2, 3] && data.integers("row") == [0, 0, 0, 1, 1, 1])
    try #expect(data.numbers("value") == [1, 2, 3, 4, 5, 6] && data.integers("grade") == [1, 2, 3, 3, 1, 1])
    try #expect(data.strings("visit").allSatisfy { $0 == "scan" })
  }

  @Test func `A picture keeps clear what has no value, and never leaves its palette`() {
    let picture = PNGImage(width: 2, height: 3, shares: [-1, 0, 0.5, 1, 7, .nan], colors: .cividis)
    #expect(picture.indices == [1, 1, 128, 255, 255, 0])
    #expect(picture.palette.count == 256 && picture.palette[0] == .clear)
    #expect(picture.palette[255].alpha == 255)
    #expect(ColorMap.index(.nan) == 0 && ColorMap.index(-3) == 0 && ColorMap.index(9) == 255)
    #expect(ColorMap.gray.attribute(0.5) == "#808080" && ColorMap.gray != .viridis)
  }

  @Test func `A picture's file holds its size, its colours and an end`() throws {
    let file = PNGImage(width: 5, height: 4, shares: [Double](repeating: 0.5, count: 20), colors: .gray).file
    var chunks: [(kind: String, bytes: ArraySlice<UInt8>)] = []
    var place = 8
    while place + 12 <= file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      chunks.append(
        (String(decoding: file[place + 4..<place + 8], as: UTF8.self), file[place + 8..<place + 8 + length]))
      place += 12 + length
    }
    #expect(place == file.count && chunks.first?.kind == "IHDR" && chunks.last?.kind == "IEND")
    let header = Array(try #require(chunks.first).bytes)
    #expect(Array(header[0..<8]) == [0, 0, 0, 5, 0, 0, 0, 4])
    // Eight bits for each pixel, colours from a palette.
    #expect(Array(header[8..<10]) == [8, 3])
    let palette = try #require(chunks.first { $0.kind == "PLTE" })
    #expect(palette.bytes.count == 768 && Array(palette.bytes.suffix(3)) == [255, 255, 255])
    #expect(chunks.contains { $0.kind == "tRNS" && $0.bytes.first == 0 })
  }
}
