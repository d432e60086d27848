import GSLSupport
import LaneMath
import TestSupport
import Testing

@testable import Samplers

/// The map of whitened fields from one population to another, on a mask with two components and sites alone.
@Suite struct PopulationMapTests {
  private let graph = SiteGraph.irregular
  private var layout: SiteLayout<Lane8> { SiteLayout(graph) }
  private let first = FieldHyperparameters(
    mean: [0.1, -1.5], spread: [0.2, 0.4], partial: [0.3], dependence: [0.4, 0.9])
  private let second = FieldHyperparameters(
    mean: [0.15, -1.3], spread: [0.3, 0.25], partial: [-0.2], dependence: [0.6, 0.5])
  private let curvature = [30.0, 4, 8]

  private func map(_ old: FieldHyperparameters, _ new: FieldHyperparameters) throws -> PopulationMap {
    try #require(
      PopulationMap(
        from: old, to: new, curvature: curvature, spectrum: FieldSpectrum(graph), structure: .leroux))
  }

  private func apply(_ map: PopulationMap, _ z: [SIMD4<Double>], slopes: [SIMD4<Double>]) -> [SIMD4<Double>] {
    var (one, two) = (z, z)
    map.apply(layout, fields: z, slopes: slopes, &one, &two)
    return one.indices.map { layout.slots[layout.sites[$0]] == $0 ? one[$0] : .zero }
  }

  private func noise(seed: UInt64) -> [SIMD4<Double>] {
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    let values = (0..<graph.siteCount).map { _ in SIMD4(random.normal(), random.normal(), 0, 0) }
    return layout.sites.indices.map {
      layout.slots[layout.sites[$0]] == $0 ? values[layout.sites[$0]] : .zero
    }
  }

  @Test func `The way back is the inverse of the way there`() throws {
    let (there, back) = (try map(first, second), try map(second, first))
    let (z, slopes) = (noise(seed: 1), noise(seed: 2))
    let returned = apply(back, apply(there, z, slopes: slopes), slopes: slopes)
    for (a, b) in zip(z, returned) { for k in 0..<2 { #expect(isClose(a[k], b[k], absolute: 1e-6)) } }
    #expect(isClose(there.logJacobian, -back.logJacobian, absolute: 1e-9))
  }

  @Test func `A population that stays moves nothing`() throws {
    let (z, slopes) = (noise(seed: 1), noise(seed: 2))
    for (a, b) in zip(z, apply(try map(first, first), z, slopes: slopes)) {
      for k in 0..<2 { #expect(isClose(a[k], b[k], absolute: 1e-6)) }
    }
  }

  @Test func `The Jacobian is that of the dense matrix`() throws {
    let (map, zero) = (try map(first, second), [SIMD4<Double>](repeating: .zero, count: layout.slotCount))
    let origin = apply(map, zero, slopes: zero)
    let places = layout.ownSlots.flatMap { slot in [(slot, 0), (slot, 1)] }
    var matrix = places.map { slot, k -> [Double] in
      var unit = zero
      unit[slot][k] = 1
      let image = apply(map, unit, slopes: zero)
      return places.map { image[$0.0][$0.1] - origin[$0.0][$0.1] }
    }
    var logDeterminant = 0.0
    for pivot in matrix.indices {
      let row = try #require((pivot..<matrix.count).max { abs(matrix[$0][pivot]) < abs(matrix[$1][pivot]) })
      matrix.swapAt(pivot, row)
      logDeterminant += Double.log(abs(matrix[pivot][pivot]))
      for other in pivot + 1..<max(pivot + 1, matrix.count) {
        let share = matrix[other][pivot] / matrix[pivot][pivot]
        for column in pivot..<matrix.count { matrix[other][column] -= share * matrix[pivot][column] }
      }
    }
    #expect(isClose(map.logJacobian, logDeterminant, absolute: 1e-5))
  }

  @Test func `Fields keep their place in the normal distribution of their population`() throws {
    // w = Cᵀ(z − m) before and after, for fields that are constant over a component: there Q̃ is 0.
    let map = try map(first, second)
    let z = layout.sites.indices.map { slot in
      layout.slots[layout.sites[slot]] == slot ? SIMD4<Double>(0.7, -0.4, 0, 0) : .zero
    }
    let slopes = z.map { $0 * SIMD4(3, 2, 0, 0) }
    let image = apply(map, z, slopes: slopes)
    func whitened(_ hyper: FieldHyperparameters, _ z: SIMD4<Double>, _ s: SIMD4<Double>) -> [Double] {
      let precision = PopulationMap.Precision(hyper, curvature)
      let (root, factor) = (precision.root, precision.factor)
      // Cᵀz − C⁻¹(Lᵀs − Lᵀ H̄ μ).
      let linear = [
        factor[0] * s[0] + factor[1] * s[1] - precision.level[0], factor[2] * s[1] - precision.level[1],
      ]
      let low = linear[0] / root[0]
      return [root[0] * z[0] + root[1] * z[1] - low, root[2] * z[1] - (linear[1] - root[1] * low) / root[2]]
    }
    for slot in layout.ownSlots where layout.starts[slot] < layout.starts[slot + 1] {
      let (before, after) = (
        whitened(first, z[slot], slopes[slot]), whitened(second, image[slot], slopes[slot])
      )
      for k in 0..<2 { #expect(isClose(before[k], after[k], absolute: 1e-6)) }
    }
  }
}
