internal import Diagnostics
internal import Foundation
internal import Tables

/// Maps of one parameter in one lesion, visit beside visit, with the scale that all of them share.
public struct MapFigure: Sendable {
  /// What the colours mean.
  public enum Content: Sendable, Equatable {
    /// Posterior medians, in viridis.
    case median
    /// Posterior standard deviations, in cividis.
    case deviation
    /// What the data determine.
    case grade

    var colors: ColorMap { self == .median ? .viridis : .cividis }
  }

  /// The ends of a colour scale.
  public struct Scale: Sendable, Equatable {
    var lower: Double
    var upper: Double
    var isLogarithmic: Bool

    /// The scale that takes in the central 98 % of `values` (those that are finite, and positive on a logarithmic scale).
    public init(_ values: [Double], isLogarithmic: Bool, startsAtZero: Bool = false) {
      let sorted = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }.sorted()
      self.isLogarithmic = isLogarithmic
      guard !sorted.isEmpty else {
        (lower, upper) = isLogarithmic ? (1, 10) : (0, 1)
        return
      }
      (lower, upper) = (startsAtZero ? 0 : sorted.quantile(0.01), sorted.quantile(0.99))
      if upper <= lower { upper = lower + max(abs(lower) * 0.1, 1e-12) }
    }

    func share(_ value: Double) -> Double {
      isLogarithmic ? log(value / lower) / log(upper / lower) : (value - lower) / (upper - lower)
    }
  }

  private let content: Content
  private let tiles: [(label: String, tile: MapTile)]
  private let scale: Scale

  /// Maps of `tiles`, in the order of the visits.
  public init(_ content: Content, tiles: [(label: String, tile: MapTile)], scale: Scale) {
    self.content = content
    self.tiles = tiles
    self.scale = scale
  }

  private static let gap = 8.0
  /// One tile is as wide as two with their gap: figures are shown equally wide, and their letters equally large.
  private var tileSize: Double { tiles.count == 1 ? 300 + Self.gap : 150 }

  /// The figure; `unit` stands at the scale.
  public func figure(name: String, title: String, unit: String, isSynthetic: Bool) -> Figure {
    var canvas = SVGCanvas()
    let width = Double(tiles.count) * (tileSize + Self.gap) - Self.gap
    for (index, entry) in tiles.enumerated() {
      canvas.insert(drawing(of: entry.tile), x: Double(index) * (tileSize + Self.gap), y: 0)
    }
    let height = tileSize + 30
    if content == .grade {
      canvas.text(shares, x: 0, y: tileSize + 16, style: "tick", fill: Palette.muted)
    } else {
      canvas.insert(colorBar(width: width, unit: unit), x: 0, y: tileSize + 6)
    }
    if isSynthetic {
      canvas.text(
        "SYNTHETIC", x: width - 4, y: tileSize - 5, anchor: .end, style: "syn halo", fill: "#6f6a60")
    }
    return Figure(
      name: name, title: title, description: description, width: width, height: height, canvas: canvas,
      data: data)
  }

  private func drawing(of tile: MapTile) -> SVGCanvas {
    var canvas = SVGCanvas()
    let (wide, high) = (
      Double(tile.columns) * tile.voxelSize.width, Double(tile.rows) * tile.voxelSize.height
    )
    let factor = tileSize / max(wide, high)
    let (width, height) = (wide * factor, high * factor)
    let (unit, unitDown) = (width / Double(tile.columns), height / Double(tile.rows))
    canvas.rectangle(x: 0, y: 0, width: tileSize, height: tileSize, .fill("#2b2a28"))
    var inner = SVGCanvas()
    let levels = tile.image.filter(\.isFinite).sorted()
    if let darkest = levels.first {
      let brightest = max(levels.quantile(0.98), darkest + 1e-12)
      let shares = tile.image.map { ($0 - darkest) / (brightest - darkest) }
      inner.image(
        PNGImage(width: tile.columns, height: tile.rows, shares: shares, colors: .gray).file, x: 0, y: 0,
        width: width,
        height: height)
    }
    if content == .grade {
      inner.path(tile.area(ofGrade: 1, unit: unit, unitDown: unitDown), .fill(Palette.dataDominated))
      inner.path(tile.area(ofGrade: 2, unit: unit, unitDown: unitDown), .fill(Palette.mixed))
    } else {
      let shares = tile.shown.map { $0.isFinite ? min(max(scale.share($0), 0), 1) : .nan }
      inner.image(
        PNGImage(width: tile.columns, height: tile.rows, shares: shares, colors: content.colors).file, x: 0,
        y: 0,
        width: width, height: height)
    }
    inner.path(tile.area(ofGrade: 3, unit: unit, unitDown: unitDown), .fill(Palette.hatched))
    let outline = tile.outline(unit: unit, unitDown: unitDown)
    inner.path(outline, .stroke("#000", width: 2.6))
    inner.path(outline, .stroke("#fff", width: 1.2))
    let bar = 10 * factor
    if bar < width * 0.8 {
      inner.rectangle(
        x: 6, y: height - 10, width: bar, height: 3.5, .stroke("#000", width: 0.6, fill: "#fff"))
    }
    canvas.insert(inner, x: (tileSize - width) / 2, y: (tileSize - height) / 2)
    return canvas
  }

  private func colorBar(width: Double, unit: String) -> SVGCanvas {
    var canvas = SVGCanvas()
    let count = 48
    for step in 0..<count {
      canvas.rectangle(
        x: width * Double(step) / Double(count), y: 0, width: width / Double(count) + 0.4, height: 7,
        .fill(content.colors.attribute((Double(step) + 0.5) / Double(count))))
    }
    let places = DecimalPlaces(halfWidth: (scale.upper - scale.lower) / 2, mcse: 0, significantDigits: 2)
    let middle =
      scale.isLogarithmic ? (scale.lower * scale.upper).squareRoot() : (scale.lower + scale.upper) / 2
    let lowPlaces =
      scale.isLogarithmic ? DecimalPlaces(halfWidth: scale.lower, mcse: 0, significantDigits: 2) : places
    let text: (Double, DecimalPlaces) -> String = { $1.text($0) }
    canvas.text(text(scale.lower, lowPlaces), x: 0, y: 20, style: "tick", fill: Palette.muted)
    canvas.text(
      text(middle, max(places, scale.isLogarithmic ? lowPlaces : places)), x: width / 2, y: 20,
      anchor: .middle,
      style: "tick", fill: Palette.muted)
    canvas.text(
      "\(text(scale.upper, places)) \(unit)", x: width, y: 20, anchor: .end, style: "tick",
      fill: Palette.muted)
    return canvas
  }

  /// "prior-dominated: 0 % | 12 % of voxels".
  private var shares: String {
    let shares = tiles.map { entry in
      let graded = entry.tile.grades.indices.filter { entry.tile.isInside[$0] && entry.tile.grades[$0] > 0 }
      let silent = graded.count { entry.tile.grades[$0] == 3 }
      return graded.isEmpty
        ? "n/a" : DecimalPlaces(0).text(100 * Double(silent) / Double(graded.count)) + " %"
    }
    return "prior-dominated: \(shares.joined(separator: " | ")) of voxels"
  }

  private var description: String {
    let what =
      switch content {
      case .median: "Posterior medians"
      case .deviation: "Posterior standard deviations"
      case .grade: "What the data determine"
      }
    let visits = tiles.count == 2 ? ", before and after" : ""
    return "\(what)\(visits), on the image, with the contour of the lesion. Hatched: \(shares)."
  }

  private var data: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ["visit", "column", "row", "value", "grade"], name: "map")
    for entry in tiles {
      for index in entry.tile.values.indices where entry.tile.isInside[index] {
        table.append([
          entry.label.isEmpty ? "scan" : entry.label, "\(index % entry.tile.columns)",
          "\(index / entry.tile.columns)", TabSeparatedTable.field(entry.tile.values[index]),
          "\(entry.tile.grades[index])",
        ])
      }
    }
    return table
  }
}
