/// A cut through a lesion at one visit: image, parameter, grade and contour on one rectangle of voxels.
///
/// Arrays run over columns first, the top row first.
public struct MapTile: Sendable, Equatable {
  /// Voxels across.
  public var columns: Int
  /// Voxels down.
  public var rows: Int
  /// The extents of a voxel in mm, across and down.
  public var voxelSize: (width: Double, height: Double)
  /// The image, in any unit; NaN where there is none.
  public var image: [Double]
  /// The parameter in the unit of its axis; NaN where there is none.
  public var values: [Double]
  /// 0 outside, 1 data, 2 mixed, 3 prior-dominated.
  public var grades: [Int]
  /// True inside the contour.
  public var isInside: [Bool]

  /// A tile; every array has `columns` × `rows` elements.
  public init(
    columns: Int, rows: Int, voxelSize: (width: Double, height: Double), image: [Double], values: [Double],
    grades: [Int], isInside: [Bool]
  ) {
    precondition(
      [image.count, values.count, grades.count, isInside.count].allSatisfy { $0 == columns * rows })
    self.columns = columns
    self.rows = rows
    self.voxelSize = voxelSize
    self.image = image
    self.values = values
    self.grades = grades
    self.isInside = isInside
  }

  /// Tiles are equal if they show the same.
  public static func == (one: MapTile, other: MapTile) -> Bool {
    one.columns == other.columns && one.rows == other.rows && one.voxelSize == other.voxelSize
      && one.image == other.image && one.values == other.values && one.grades == other.grades
      && one.isInside == other.isInside
  }

  /// The values that may be coloured: inside the contour and informed by the data.
  public var shown: [Double] {
    values.indices.map { isInside[$0] && grades[$0] != 3 ? values[$0] : .nan }
  }

  /// The contour along the edges of its voxels, in the language of SVG, at `unit` × `unitDown` for each voxel.
  func outline(unit: Double, unitDown: Double) -> String {
    edges(of: isInside).map { edge in
      let (x, y) = (SVGCanvas.number(Double(edge.x) * unit), SVGCanvas.number(Double(edge.y) * unitDown))
      let length = SVGCanvas.number(Double(edge.length) * (edge.isVertical ? unitDown : unit))
      return "M\(x),\(y)\(edge.isVertical ? "v" : "h")\(length)"
    }.joined()
  }

  /// The voxels of `grade` inside the contour as rectangles, runs of a row merged.
  func area(ofGrade grade: Int, unit: Double, unitDown: Double) -> String {
    var path = ""
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let start = column
        while column < columns, isInside[row * columns + column], grades[row * columns + column] == grade {
          column += 1
        }
        if column > start {
          let (x, y) = (SVGCanvas.number(Double(start) * unit), SVGCanvas.number(Double(row) * unitDown))
          let (width, height) = (SVGCanvas.number(Double(column - start) * unit), SVGCanvas.number(unitDown))
          path += "M\(x),\(y)h\(width)v\(height)h-\(width)z"
        }
        column += 1
      }
    }
    return path
  }

  private struct Edge {
    var x: Int
    var y: Int
    var length: Int
    var isVertical: Bool
  }

  private func edges(of inside: [Bool]) -> [Edge] {
    func at(_ column: Int, _ row: Int) -> Bool {
      (0..<columns).contains(column) && (0..<rows).contains(row) && inside[row * columns + column]
    }
    var edges: [Edge] = []
    for row in 0...rows {
      var start: Int?
      for column in 0...columns {
        let isEdge = column < columns && at(column, row) != at(column, row - 1)
        if isEdge, start == nil { start = column }
        if !isEdge, let first = start {
          edges.append(Edge(x: first, y: row, length: column - first, isVertical: false))
          start = nil
        }
      }
    }
    for column in 0...columns {
      var start: Int?
      for row in 0...rows {
        let isEdge = row < rows && at(column, row) != at(column - 1, row)
        if isEdge, start == nil { start = row }
        if !isEdge, let first = start {
          edges.append(Edge(x: column, y: first, length: row - first, isVertical: true))
          start = nil
        }
      }
    }
    return edges
  }
}
