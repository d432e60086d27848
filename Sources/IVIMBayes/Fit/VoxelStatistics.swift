internal import Diagnostics
internal import GSLSupport
internal import LaneMath
internal import Lesions

/// The summary of one quantity in one voxel, as it stands in the maps.
struct VoxelStatistics: Sendable, Equatable {
  var mean: Float
  var sd: Float
  var q05: Float
  var median: Float
  var q95: Float
  var rHat: Float
  var bulkESS: Float
  var grade: Grade
}

/// Mean and variance of each quantity's prior on its axis: what a posterior is compared with for its grade.
struct PriorSpread: Sendable {
  /// One entry for each quantity; NaN where the prior is flat.
  let means: [Double]
  let variances: [Double]

  init(means: [Double], variances: [Double]) {
    self.means = means
    self.variances = variances
  }

  /// The spread of `model`'s voxel prior, from 4,000 prior draws of a fixed stream.
  init(of model: some VoxelModel, seed: UInt64) {
    var random = RandomStream(StreamKey(seed: seed, purpose: .prior))
    let draws = (0..<4000).map { _ in
      zip(model.quantities, model.priorDraw(using: &random)).map { $0.scale.axis($1) }
    }
    let moments = model.quantities.indices.map { q in Self.moments(draws.map { $0[q] }) }
    means = moments.map(\.mean)
    variances = moments.map(\.variance)
  }

  static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(values.count - 1))
  }
}

/// Turns the draws of lane groups into voxel statistics; keeps its workspace, serves one task.
struct VoxelSummarizer {
  let quantities: [Quantity]
  let prior: PriorSpread
  private var workspaces: [Int: VoxelConvergence] = [:]
  private static var workspaceLimit: Int { 12 }

  init(quantities: [Quantity], prior: PriorSpread) {
    self.quantities = quantities
    self.prior = prior
  }

  /// The statistics of the mapped quantities of these lanes: `[place in lanes][mapped quantity]`.
  ///
  /// A lane whose ESS is seen to be below `floor` is given up: its statistics are incomplete.
  mutating func summarize(_ draws: GroupDraws, lanes: some Collection<Int>, givingUpBelow floor: Double = 0)
    -> [[VoxelStatistics]]
  {
    let workspace = workspace(of: draws)
    var statistics = [[VoxelStatistics]](repeating: [], count: lanes.count)
    var hopeful = Array(lanes)
    for (q, quantity) in quantities.enumerated() where quantity.isMapped && !hopeful.isEmpty {
      workspace.take(
        draws.chains(of: q), lanes: hopeful, isPositive: quantity.scale != .identity, givingUpBelow: floor)
      let axisVariance =
        AxisVariance(of: draws, quantity: q, scale: quantity.scale)?.value ?? workspace.variances
      let deviations = workspace.variances.squareRoot()
      for (place, lane) in lanes.enumerated() where hopeful.contains(lane) {
        let contraction = 1 - axisVariance[lane] / prior.variances[q]
        statistics[place].append(
          VoxelStatistics(
            mean: Float(workspace.means[lane]), sd: Float(deviations[lane]),
            q05: Float(workspace.quantiles[0][lane]), median: Float(workspace.quantiles[1][lane]),
            q95: Float(workspace.quantiles[2][lane]), rHat: Float(workspace.rHat[lane]),
            bulkESS: Float(workspace.bulkESS[lane]),
            grade: contraction.isNaN ? .dataDominated : Grade(contraction: contraction)))
      }
      hopeful.removeAll { workspace.bulkESS[$0] < floor }
    }
    return statistics
  }

  private mutating func workspace(of draws: GroupDraws) -> VoxelConvergence {
    let length = draws.drawsPerChain
    if let known = workspaces[length] { return known }
    // Voxels that go on to the cap have lengths of their own: their workspaces, which are large, are not piled up.
    if workspaces.count >= Self.workspaceLimit { workspaces.removeAll() }
    let made = VoxelConvergence(chainCount: draws.chainCount, drawsPerChain: length)
    workspaces[length] = made
    return made
  }
}

/// The variance of the draws of eight voxels on the axis of a quantity; nil where that is the natural scale.
struct AxisVariance {
  /// The grade asks for it to a sixth or so: every eighth draw tells.
  private static var stride: Int { 8 }

  let value: Lane8

  init?(of draws: GroupDraws, quantity: Int, scale: LesionScale) {
    guard scale != .identity else { return nil }
    var moments = RunningMoments()
    for chain in draws.chains(of: quantity) {
      for index in Swift.stride(from: 0, to: chain.count, by: Self.stride) {
        let draw = chain[index]
        moments.add(Lane8.log(scale == .log ? draw : draw / (1 - draw)))
      }
    }
    value = moments.variance
  }
}

/// The variance of a stream of lanes, about the first value to avoid cancellation.
private struct RunningMoments {
  private var origin: Lane8?
  private var count = 0.0
  private var sum = Lane8(0)
  private var squares = Lane8(0)

  mutating func add(_ value: Lane8) {
    let origin = self.origin ?? value
    self.origin = origin
    let deviation = value - origin
    count += 1
    sum += deviation
    squares += deviation * deviation
  }

  var variance: Lane8 { Lane8.maximum(0, (squares - sum * sum / Lane8(count)) / Lane8(count - 1)) }
}
