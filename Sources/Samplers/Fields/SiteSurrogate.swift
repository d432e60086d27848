public import InferenceCore
public import LaneMath

/// Gaussian stand-ins for the log likelihoods of all sites: bᵀη − ½ ηᵀHη, without the offsets of η.
public struct SiteSurrogate<L: Lane>: Sendable {
  /// d.
  @usableFromInline let dimension: Int
  /// Where they were expanded: group × d, d fastest.
  @usableFromInline var positions: [L]
  /// b: group × d, d fastest.
  @usableFromInline var slopes: [L]
  /// H: group × packed lower triangle.
  @usableFromInline var information: [L]
  @usableFromInline var gradient: [L]
  @usableFromInline var matrix: [L]

  @inlinable
  init(groupCount: Int, dimension d: Int) {
    dimension = d
    positions = [L](repeating: 0, count: groupCount * d)
    slopes = positions
    information = [L](repeating: 0, count: groupCount * packedIndex(d, 0))
    gradient = [L](repeating: 0, count: d)
    matrix = [L](repeating: 0, count: packedIndex(d, 0))
  }

  /// Expands `density`, which holds the data of `group`, at `position` (without the offsets). A lane whose density
  /// cannot be expanded there gets nothing.
  @inlinable
  mutating func expand<Density: SiteDensity>(
    _ density: inout Density, group: Int, at position: [L], offsets: [L]
  ) where Density.L == L {
    for k in position.indices { positions[group * dimension + k] = position[k] }
    var shifted = position
    for k in offsets.indices { shifted[k] += offsets[k] }
    let value = density.expand(at: shifted, gradient: &gradient, information: &matrix)
    let (d, size) = (dimension, packedIndex(dimension, 0))
    var usable = value.areFinite
    for k in 0..<d { usable = L.Mask.and(usable, gradient[k].areFinite) }
    for k in 0..<size { usable = L.Mask.and(usable, matrix[k].areFinite) }
    for k in 0..<size { information[group * size + k] = L.select(usable, matrix[k], 0) }
    for row in 0..<d {
      var sum = gradient[row]
      for column in 0..<d {
        sum += matrix[packedIndex(max(row, column), min(row, column))] * position[column]
      }
      slopes[group * d + row] = L.select(usable, sum, 0)
    }
  }

  /// H_ij of the site in `slot`.
  func curvature(ofSlot slot: Int, _ i: Int, _ j: Int) -> Double {
    let place = slot / L.count * packedIndex(dimension, 0) + packedIndex(max(i, j), min(i, j))
    return information[place][slot % L.count]
  }

  /// bᵀη − ½ ηᵀHη of `group` at the `position` that starts at index `start` of an array.
  @inlinable @inline(__always)
  func value(_ group: Int, _ position: [L], _ start: Int) -> L {
    let size = packedIndex(dimension, 0)
    var sum = L(0)
    for row in 0..<dimension {
      let x = position[start + row]
      var inner =
        slopes[group * dimension + row] - 0.5 * (information[group * size + packedIndex(row, row)] * x)
      for column in 0..<row {
        inner -= information[group * size + packedIndex(row, column)] * position[start + column]
      }
      sum += x * inner
    }
    return sum
  }
}
