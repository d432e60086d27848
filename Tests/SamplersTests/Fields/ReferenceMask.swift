import Samplers
import TestSupport

extension SiteGraph {
  /// The graph of a reference mask: sites in the order of its nested arrays, the last axis fastest.
  init(mask: JSONValue, spacing: [Double]) {
    var positions: [[Int]] = []
    for (i, plane) in mask.array.enumerated() {
      for (j, row) in plane.array.enumerated() {
        for (k, value) in row.array.enumerated() where value.int != 0 { positions.append([i, j, k]) }
      }
    }
    self.init(positions: positions, spacing: spacing)
  }

  /// 17 sites: an irregular body of 13, a pair, and two sites alone (one of them beside the pair's corner).
  static let irregular = SiteGraph(
    positions: [
      [0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 1, 0], [1, 1, 0], [2, 1, 0], [1, 2, 0], [0, 0, 1], [1, 0, 1],
      [1, 1, 1], [2, 1, 1], [1, 1, 2], [2, 1, 2], [5, 0, 0], [5, 1, 0], [6, 2, 0], [9, 9, 9],
    ], spacing: [2, 2, 3])
}
