internal import InferenceCore
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

  /// Adds the draws of `other`.
  mutating func append(_ other: LesionRecord) {
    for q in quantities.indices {
      voxels[q] += other.voxels[q]
      for functional in functionals[q].indices {
        functionals[q][functional] += other.functionals[q][functional]
      }
    }
    for k in population.indices { population[k] += other.population[k] }
    drawCount += other.drawCount
  }

  /// The draws from `start` on.
  func suffix(from start: Int) -> LesionRecord {
    var result = self
    result.voxels = voxels.map { Array($0[(start * voxelCount)...]) }
    result.functionals = functionals.map { $0.map { Array($0[start...]) } }
    result.population = population.map { Array($0[start...]) }
    result.drawCount -= start
    return result
  }

  /// The draws, which are read into a record without any.
  mutating func transfer(through archive: inout StateArchive) {
    // Memory is asked for only if the archive has the bytes of as many voxels.
    archive.transfer(&drawCount, in: 0...archive.room / max(1, 4 * voxelCount * quantities.count))
    if archive.isReading {
      let line = [Double](repeating: 0, count: drawCount)
      voxels = quantities.map { _ in [Float](repeating: 0, count: drawCount * voxelCount) }
      functionals = functionals.map { $0.map { _ in line } }
      population = population.map { _ in line }
    }
    for q in quantities.indices {
      archive.transfer(&voxels[q])
      for functional in functionals[q].indices { archive.transfer(&functionals[q][functional]) }
    }
    for k in population.indices { archive.transfer(&population[k]) }
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
