internal import Foundation
internal import GSLSupport

/// How far one volume is displaced against what the others say it should look like.
struct ShiftEstimate {
  /// Displacement along x, y, z in voxels, to fractions of a voxel.
  let displacement: [Double]
  /// n/2 log(SSE at rest / SSE displaced) with n the independent voxels: the gain in log-likelihood.
  let evidence: Double

  /// Length of the displacement, voxels.
  var length: Double { displacement.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// Estimates the displacement of one volume among `volumes`, the values of each in the box.
  ///
  /// The reference is the ridge regression of the volume on its nearest neighbours in the series, so that any contrast
  /// between settings, also that of inversion recovery, is followed. The displacement maximises the correlation with the
  /// displaced reference in the core, first in plane, then through it, then in the 26 places round the best.
  init?(of target: Int, among volumes: [[Double]], in box: Neighbourhood, voxelsPerNoise: Double) {
    guard let reference = Self.reference(for: target, among: volumes) else { return nil }
    let rows = box.coreRows
    let width = box.shape[0] - 2 * box.radius[0]
    let strides = [1, box.shape[0], box.shape[0] * box.shape[1]]
    let own = Self.centred(rows: rows, width: width, of: volumes[target], offset: 0)
    guard own.power > 0 else { return nil }

    var known: [[Int]: Double] = [:]
    func correlation(_ d: [Int]) -> Double {
      if let value = known[d] { return value }
      guard zip(d, box.radius).allSatisfy({ abs($0) <= $1 }) else { return -1 }
      // The volume moved by d shows at x what rested at x − d.
      let offset = -zip(d, strides).reduce(0) { $0 + $1.0 * $1.1 }
      let moved = Self.centred(rows: rows, width: width, of: reference, offset: offset)
      let product = zip(own.values, moved.values).reduce(0) { $0 + $1.0 * $1.1 }
      let value = moved.power > 0 ? product / (own.power * moved.power).squareRoot() : -1
      known[d] = value
      return value
    }
    var best = [0, 0, 0]
    func consider(_ d: [Int]) { if correlation(d) > correlation(best) { best = d } }
    for y in -box.radius[1]...box.radius[1] {
      for x in -box.radius[0]...box.radius[0] { consider([x, y, 0]) }
    }
    let inPlane = best
    for z in -box.radius[2]...box.radius[2] { consider([inPlane[0], inPlane[1], z]) }
    let centre = best
    for z in -1...1 {
      for y in -1...1 { for x in -1...1 { consider([centre[0] + x, centre[1] + y, centre[2] + z]) } }
    }

    displacement = (0..<3).map { axis in
      var (before, after) = (best, best)
      before[axis] -= 1
      after[axis] += 1
      guard abs(best[axis]) < box.radius[axis] else { return Double(best[axis]) }
      let (left, middle, right) = (correlation(before), correlation(best), correlation(after))
      // The vertex of the parabola through three neighbours.
      let curvature = left - 2 * middle + right
      return Double(best[axis]) + (curvature < 0 ? 0.5 * (left - right) / curvature : 0)
    }
    func misfit(_ r: Double) -> Double { max(1 - max(r, 0) * max(r, 0), 1e-12) }
    let independent = Double(rows.count * width) / voxelsPerNoise
    evidence = 0.5 * independent * log(misfit(correlation([0, 0, 0])) / misfit(correlation(best)))
  }

  /// Neighbours in the series that make the reference.
  private static let neighbourCount = 6

  /// The ridge regression of one volume on its neighbours, evaluated everywhere in the box.
  private static func reference(for target: Int, among volumes: [[Double]]) -> [Double]? {
    let neighbours = volumes.indices.filter { $0 != target }
      .sorted { (abs($0 - target), $0) < (abs($1 - target), $1) }.prefix(neighbourCount)
    let predictors = neighbours.compactMap { standardized(volumes[$0]) }
    guard !predictors.isEmpty, let own = standardized(volumes[target]) else { return nil }
    let count = predictors.count
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var normal = [Double](repeating: 0, count: count * count)
    for j in 0..<count {
      for k in 0...j {
        normal[j * count + k] = product(predictors[j], predictors[k])
        normal[k * count + j] = normal[j * count + k]
      }
    }
    // A tenth of a column's power: collinear neighbours share the weight and their noise averages out.
    for j in 0..<count { normal[j * count + j] *= 1.1 }
    guard let factor = CholeskyFactor(normal, order: count) else { return nil }
    let weights = factor.solve(predictors.map { product($0, own) })
    return own.indices.map { voxel in
      (0..<count).reduce(0) { $0 + weights[$1] * predictors[$1][voxel] }
    }
  }

  /// Values with mean 0 and mean square 1; nil for a constant.
  private static func standardized(_ values: [Double]) -> [Double]? {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    guard variance > 0 else { return nil }
    let scale = 1 / variance.squareRoot()
    return values.map { ($0 - mean) * scale }
  }

  /// The core, displaced by `offset`, less its mean, and its sum of squares.
  private static func centred(
    rows: [Int], width: Int, of values: [Double], offset: Int
  ) -> (values: [Double], power: Double) {
    var core: [Double] = []
    core.reserveCapacity(rows.count * width)
    for row in rows { core.append(contentsOf: values[(row + offset)..<(row + offset + width)]) }
    let mean = core.reduce(0, +) / Double(core.count)
    var power = 0.0
    for index in core.indices {
      core[index] -= mean
      power += core[index] * core[index]
    }
    return (core, power)
  }
}
