internal import GSLSupport
internal import LaneMath

/// Independent voxels outside lesions: each group of eight is drawn, summarised and forgotten.
struct VoxelRegionFit<Model: VoxelModel>: Sendable {
  let model: Model
  let plan: ChainPlan
  let prior: PriorSpread

  init(model: Model, plan: ChainPlan) {
    self.model = model
    self.plan = plan
    prior = PriorSpread(of: model, seed: plan.seed)
  }

  /// The statistics of the rows of one tile, in their order: `[row][mapped quantity]`; they do not depend on the tile.
  func statistics(of tile: [Int]) -> [[VoxelStatistics]] {
    var summarizer = VoxelSummarizer(quantities: model.quantities, prior: prior)
    var statistics: [[VoxelStatistics]] = []
    statistics.reserveCapacity(tile.count)
    for group in LaneGroup.groups(of: tile) {
      statistics += self.statistics(of: group, using: &summarizer)
    }
    return statistics
  }

  /// An ESS measured at no less than this share of the target is taken for it: the measure itself scatters by as much, and
  /// the length was foreseen for the target.
  private static var enough: Double { 0.9 }

  /// Draws until every voxel of the group has its ESS.
  ///
  /// A voxel that has it is summarised then; further draws are for its neighbours.
  private func statistics(of group: LaneGroup, using summarizer: inout VoxelSummarizer) -> [[VoxelStatistics]]
  {
    var sampler = model.sampler(of: group.rows)
    let quantities = model.quantities
    var draws = GroupDraws(
      quantityCount: quantities.count, chainCount: plan.count, kept: quantities.map(\.isMapped))
    var finished = [[VoxelStatistics]](repeating: [], count: group.count)
    var waiting = Array(0..<group.count)
    let length = RunLength(plan)
    draws.reserve(length.usual)
    sampler.draw(length.first, into: &draws, at: 0)
    let expected = length.expected(acceptance: waiting.map { sampler.acceptance[$0] })
    if expected > length.first { sampler.draw(expected - length.first, into: &draws, at: 0) }
    while true {
      let isLast = draws.drawsPerChain >= length.longest
      let floor = isLast ? 0 : Self.enough * plan.minimumESS
      let statistics = summarizer.summarize(draws, lanes: waiting, givingUpBelow: floor)
      for (lane, voxel) in zip(waiting, statistics) {
        if isLast || voxel.allSatisfy({ !(Double($0.bulkESS) < floor) }) { finished[lane] = voxel }
      }
      waiting = waiting.filter { finished[$0].isEmpty }
      if waiting.isEmpty { return finished }
      let worst = statistics.flatMap { $0.map { Double($0.bulkESS) } }.min() ?? 0
      let next = length.next(after: draws.drawsPerChain, worstESS: worst)
      sampler.draw(next - draws.drawsPerChain, into: &draws, at: 0)
    }
  }
}

/// Eight rows that share a lane group; the last row is repeated where fewer are left.
struct LaneGroup: Sendable {
  let rows: [Int]
  /// How many of the rows are voxels in their own right.
  let count: Int

  static func groups(of rows: [Int]) -> [LaneGroup] {
    stride(from: 0, to: rows.count, by: Lane8.count).map { start in
      let own = Array(rows[start..<min(start + Lane8.count, rows.count)])
      let filled = own + [Int](repeating: own[own.count - 1], count: Lane8.count - own.count)
      return LaneGroup(rows: filled, count: own.count)
    }
  }
}
