import GSLSupport
import InferenceCore
import LaneMath
import Samplers

/// Draws of one voxel that stands in all eight lanes as eight voxels with streams of their own.
struct ReplicatedDraws {
  /// For each coordinate, every draw.
  private(set) var values: [[Double]]
  /// For each coordinate, the sum over voxels of the ESS by batch means.
  private(set) var ess: [Double] = []

  /// `count` draws of each of four chains of each lane, of what `reduce` makes of position and byproducts.
  init<Density: LaneLogDensity<Lane8> & Sendable>(
    of density: Density, from start: [Lane8], openAxis: Int, count: Int, seed: UInt64 = 1,
    reduce: (_ position: [Lane8], _ byproducts: [Lane8]) -> [Lane8] = { position, _ in position }
  ) {
    var sampler = LaneGroupSampler(
      on: density, from: start, openAxis: openAxis, units: Array(0..<8), seed: seed)
    // Chain by lane by quantity.
    var chains = [[[Double]]](repeating: [], count: 4 * 8)
    sampler.draw(count) { chain, position, byproducts in
      let quantities = reduce(position, byproducts)
      for lane in 0..<8 {
        let index = 8 * chain + lane
        if chains[index].isEmpty { chains[index] = quantities.map { _ in [] } }
        for k in quantities.indices { chains[index][k].append(quantities[k][lane]) }
      }
    }
    let length = max(20, count / 40)
    values = chains[0].indices.map { k in chains.flatMap { $0[k] } }
    for k in values.indices {
      let total = Double(values[k].count)
      let batches = chains.flatMap { batchMeans($0[k], length: length) }
      ess.append(min(total, total * variance(values[k]) / (Double(length) * variance(batches))))
    }
  }

  func mean(_ k: Int) -> Double { values[k].reduce(0, +) / Double(values[k].count) }
  func deviation(_ k: Int) -> Double { variance(values[k]).squareRoot() }
}

func variance(_ values: [Double]) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
}

private func batchMeans(_ values: [Double], length: Int) -> [Double] {
  stride(from: 0, through: values.count - length, by: length).map { start in
    values[start..<start + length].reduce(0, +) / Double(length)
  }
}

/// The p-quantile of `values`, between neighbours.
func quantile(_ values: [Double], _ p: Double) -> Double {
  let sorted = values.sorted()
  let place = p * Double(sorted.count - 1)
  let index = min(Int(place), sorted.count - 2)
  return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
}
