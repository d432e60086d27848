internal import Lesions

/// What is kept of one chain over a lesion: joint draws of its voxels, their functionals, and the population.
struct LesionRecord: Sendable {
  let quantities: [Quantity]
  let voxelCount: Int
  /// `[quantity]`, draws × voxels, voxels fastest.
  private(set) var voxels: [[Float]]
  /// `[quantity][functional][draw]`.
  private(set) var functionals: [[[Double]]]
  /// `[parameter][draw]`.
  private(set) var population: [[Double]]
  private(set) var drawCount = 0

  init(quantities: [Quantity], voxelCount: Int, populationCount: Int) {
    self.quantities = quantities
    self.voxelCount = voxelCount
    voxels = [[Float]](repeating: [], count: quantities.count)
    functionals = [[[Double]]](
      repeating: [[Double]](repeating: [], count: LesionFunctional.allCases.count), count: quantities.count)
    population = [[Double]](repeating: [], count: populationCount)
  }

  mutating func append(_ draw: JointDraw) {
    for (q, quantity) in quantities.enumerated() {
      voxels[q] += draw.quantities[q].map { Float($0) }
      let values = LesionFunctional.all(of: draw.quantities[q], scale: quantity.scale)
      for (functional, value) in values.enumerated() { functionals[q][functional].append(value) }
    }
    for (k, value) in draw.population.enumerated() { population[k].append(value) }
    drawCount += 1
  }

  /// Keeps every second draw: the second, the fourth, ….
  mutating func keepEverySecond() {
    let kept = Array(stride(from: 1, to: drawCount, by: 2))
    func half(_ values: [Double]) -> [Double] { kept.map { values[$0] } }
    for q in quantities.indices {
      var thinned: [Float] = []
      thinned.reserveCapacity(kept.count * voxelCount)
      for draw in kept { thinned += voxels[q][draw * voxelCount..<(draw + 1) * voxelCount] }
      voxels[q] = thinned
      functionals[q] = functionals[q].map(half)
    }
    population = population.map(half)
    drawCount = kept.count
  }
}
