internal import GSLSupport
internal import LaneMath
internal import NIfTI

/// The truth of every voxel of a patient at one visit.
struct VisitTruth {
  let grid: Grid
  /// 0 outside, lesion n + 1 inside, x fastest.
  let labels: [Int32]
  /// What the scanner sees: scan-to-scan variation included.
  let voxels: [SimulatedTissue]
  /// For each lesion, its voxels as they are without what differs between scans anyway.
  let underlying: [[SimulatedTissue]]
  /// For each lesion, its voxels as they are scanned.
  let scanned: [[SimulatedTissue]]

  /// The truth of visit number `visit` of `plan`.
  ///
  /// Each visit has a pattern of its own: lesions of two visits are not registered, and the tissue that is scanned is not
  /// the same voxel by voxel.
  ///
  /// - Throws: status 65 for a lesion without voxels.
  init(of patient: SimulatedPatient, visit number: Int, plan: ScanPlan, seed: UInt64) throws(RunError) {
    let visit = plan.visits[number]
    let size = SIMD3(plan.voxelSize[0], plan.voxelSize[1], plan.voxelSize[2])
    let grid = Grid(shape: patient.shape, affine: .scaling(size))
    let chain = patient.index * plan.visits.count + number
    var depths = [Double](repeating: .infinity, count: grid.voxelCount)
    var labels = [Int32](repeating: 0, count: grid.voxelCount)
    for (index, lesion) in patient.lesions.enumerated() {
      let radii = lesion.radii(at: visit)
      for voxel in labels.indices {
        let place = grid.position(ofIndex: voxel)
        let squares = (0..<3).map { axis in
          let distance = (Double(place[axis]) - lesion.center[axis]) / radii[axis]
          return distance * distance
        }
        let depth = squares.reduce(0, +).squareRoot()
        if depth <= 1 {
          labels[voxel] = Int32(index + 1)
          depths[voxel] = depth
        }
      }
    }
    var random = RandomStream(StreamKey(seed: seed, chain: chain, purpose: .simulatedTissue))
    var voxels = labels.map { _ in
      plan.background.moved(by: random.step(sd: plan.backgroundSD)).scaled(
        by: plan.sdLogSignal, using: &random)
    }
    var underlying: [[SimulatedTissue]] = []
    var scanned: [[SimulatedTissue]] = []
    for (index, lesion) in patient.lesions.enumerated() {
      let own = labels.indices.filter { labels[$0] == Int32(index + 1) }
      guard !own.isEmpty else {
        throw RunError(
          .badInput, at: "\(patient.subject), visit \(visit.name)", "lesion \(lesion.name) has no voxel",
          advice: "Move it into the image, away from the other lesions, or make it larger")
      }
      var random = RandomStream(StreamKey(seed: seed, chain: chain, unit: index, purpose: .simulatedField))
      let deviations = lesion.heterogeneity.deviations(
        at: own.map { voxel in
          let place = grid.position(ofIndex: voxel)
          return size * SIMD3(Double(place[0]), Double(place[1]), Double(place[2]))
        }, depths: own.map { depths[$0] }, using: &random)
      let tissue = lesion.tissue(at: visit)
      underlying.append(deviations.map { tissue.moved(by: $0) })
      let seen = deviations.map { deviation in
        tissue.moved(by: deviation + lesion.scanShifts[number]).scaled(by: plan.sdLogSignal, using: &random)
      }
      scanned.append(seen)
      for (voxel, tissue) in zip(own, seen) { voxels[voxel] = tissue }
    }
    self.grid = grid
    self.labels = labels
    self.voxels = voxels
    self.underlying = underlying
    self.scanned = scanned
  }
}

extension SimulatedTissue {
  /// This tissue with signals that vary by `deviation` on the log axis.
  fileprivate func scaled(by deviation: Double, using random: inout RandomStream) -> SimulatedTissue {
    var tissue = self
    tissue.s0 *= Double.exp(deviation * random.normal())
    tissue.m0 *= Double.exp(deviation * random.normal())
    return tissue
  }
}
