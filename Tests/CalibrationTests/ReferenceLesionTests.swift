import GSLSupport
import LaneMath
import Posteriors
import Testing

@testable import IVIMBayes

struct ReferenceLesionTests {
  @Test(arguments: [2, 30, 100, 800])
  func `A lesion has as many voxels as asked for, all different, in one piece`(count: Int) {
    let lesion = ReferenceLesion(.homogeneous, voxelCount: count)
    let places = Set(lesion.positions)
    #expect(places.count == count)
    #expect(lesion.positions.allSatisfy { $0.x >= 0 && $0.x < lesion.extent.x && $0.z < lesion.extent.z })
    // Grown from one voxel over faces, it fills the lesion.
    var reached: Set<SIMD3<Int>> = []
    var waiting = [lesion.positions[0]]
    while let place = waiting.popLast() {
      guard reached.insert(place).inserted else { continue }
      for axis in 0..<3 {
        for step in [-1, 1] {
          var next = place
          next[axis] += step
          if places.contains(next) && !reached.contains(next) { waiting.append(next) }
        }
      }
    }
    #expect(reached.count == count)
  }

  @Test func `Patterns: the core is half, the gradient runs from -1 to 1`() {
    let core = ReferenceLesion(.rimAndCore, voxelCount: 100)
    #expect(core.contrasts.reduce(0, +) == 50)
    let gradient = ReferenceLesion(.gradient, voxelCount: 100).contrasts
    #expect(gradient.min() == -1 && gradient.max() == 1)
    #expect(ReferenceLesion(.homogeneous, voxelCount: 100).contrasts.allSatisfy { $0 == 0 })
  }

  @Test func `Lesions side by side share no voxel`() {
    let lesion = ReferenceLesion(.homogeneous, voxelCount: 50)
    let grid = lesion.grid(for: 3)
    let indices = (0..<3).flatMap { lesion.voxels(of: $0, in: grid) }
    #expect(Set(indices).count == 150 && indices.allSatisfy { $0 < grid.voxelCount })
  }

  @Test func `Tissue: the level is the lesion's, the contrast moves f in the core`() {
    var random = RandomStream(StreamKey(seed: 1, purpose: .simulation))
    let tissue = ReferenceTissue.diffusion(.lungTumour)[1]
    #expect(tissue.level == "f 0.15")
    let voxels = tissue.voxels(of: ReferenceLesion(.rimAndCore, voxelCount: 10), using: &random)
    // Core voxels stand first; the rim keeps the level.
    #expect(abs(1 / (1 + Double.exp(-voxels[9][1])) - 0.15) < 0.03)
    #expect(abs(voxels[0][1] - voxels[9][1] + 1) < 1e-12 && abs(voxels[0][0] - voxels[9][0] - 0.4) < 1e-12)
  }
}
