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
  private var values: [Double] = []

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
    let perChain = draws.drawsPerChain
    var workspace =
      workspaces.removeValue(forKey: perChain)
      ?? VoxelConvergence(chainCount: draws.chainCount, drawsPerChain: perChain)
    values = [Double](repeating: 0, count: perChain * draws.chainCount)
    var statistics = [[VoxelStatistics]](repeating: [], count: lanes.count)
    var hopeless = Set<Int>()
    for (q, quantity) in quantities.enumerated() where quantity.isMapped && hopeless.count < lanes.count {
      let moments = LaneMoments(of: draws, quantity: q, scale: quantity.scale)
      for (place, lane) in lanes.enumerated() where !hopeless.contains(lane) {
        draws.copy(quantity: q, lane: lane, into: &values)
        workspace.take(values, givingUpBelow: floor)
        if workspace.bulkESS < floor { hopeless.insert(lane) }
        let contraction = 1 - moments.axisVariance[lane] / prior.variances[q]
        statistics[place].append(
          VoxelStatistics(
            mean: Float(moments.mean[lane]), sd: Float(moments.variance[lane].squareRoot()),
            q05: Float(workspace.quantile(0.05)), median: Float(workspace.quantile(0.5)),
            q95: Float(workspace.quantile(0.95)), rHat: Float(workspace.rHat),
            bulkESS: Float(workspace.bulkESS),
            grade: contraction.isNaN ? .dataDominated : Grade(contraction: contraction)))
      }
    }
    workspaces[perChain] = workspace
    return statistics
  }
}

/// Moments of the draws of eight voxels, on the natural scale and on the quantity's axis.
struct LaneMoments {
  /// The grade asks for the variance on the axis to a tenth or so: every fourth draw tells.
  private static var axisStride: Int { 4 }

  let mean: Lane8
  let variance: Lane8
  let axisVariance: Lane8

  init(of draws: GroupDraws, quantity: Int, scale: LesionScale) {
    var natural = RunningMoments()
    var axis = RunningMoments()
    for chain in 0..<draws.chainCount {
      for (index, value) in draws[quantity, chain].enumerated() {
        natural.add(value)
        guard index % Self.axisStride == 0 else { continue }
        switch scale {
        case .log: axis.add(Lane8.log(value))
        case .logit: axis.add(Lane8.log(value / (1 - value)))
        case .identity: break
        }
      }
    }
    mean = natural.mean
    variance = natural.variance
    axisVariance = scale == .identity ? natural.variance : axis.variance
  }
}

/// Mean and variance of a stream of lanes, about the first value to avoid cancellation.
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

  var mean: Lane8 { (origin ?? 0) + sum / Lane8(count) }
  var variance: Lane8 { Lane8.maximum(0, (squares - sum * sum / Lane8(count)) / Lane8(count - 1)) }
}
