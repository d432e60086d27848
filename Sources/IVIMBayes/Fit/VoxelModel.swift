internal import GSLSupport
internal import LaneMath

/// What a fit does with voxels: the model of one acquisition, its priors and noise, and the sampler of a lane group.
protocol VoxelModel: Sendable {
  associatedtype Sampler: GroupSampler
  associatedtype Field: LesionField

  /// The reported quantities, in the order of the draws.
  var quantities: [Quantity] { get }
  /// The sampler of eight rows of the voxel table (the last row repeated where there are fewer).
  func sampler(of rows: [Int]) -> Sampler
  /// One draw of the quantities from the prior of a voxel; NaN for those with a flat prior.
  func priorDraw(using random: inout RandomStream) -> [Double]
  /// The joint model of the voxels of a lesion.
  func field(over lesion: LesionGraph) -> Field
  /// The voxels.
  var series: FitSeries { get }
  /// What the quantities `values` of one voxel predict of its measurements; nil if the model does not say.
  func prediction(from values: [Double]) -> Prediction?
  /// log p of every measurement of a row, given the quantities `values`; nil if the model does not say.
  func logLikelihood(ofRow row: Int, from values: [Double]) -> [Double]?
  /// The measurements of a row of the voxel table, in the order of the predictions.
  func measurements(ofRow row: Int) -> [Double]
}

extension VoxelModel {
  func prediction(from values: [Double]) -> Prediction? { nil }
  func logLikelihood(ofRow row: Int, from values: [Double]) -> [Double]? { nil }
  func measurements(ofRow row: Int) -> [Double] { [] }
}

/// Draws of the quantities of eight voxels.
protocol GroupSampler: Sendable {
  /// Appends `count` draws of every chain; the sampler's quantities begin at place `first`.
  mutating func draw(_ count: Int, into draws: inout GroupDraws, at first: Int)
  /// The share of proposals accepted so far in every lane, of the worst of the chains' proposals if there are several.
  var acceptance: Lane8 { get }
  /// Divergent transitions of the no-U-turn sampler after warm-up so far.
  var divergences: Int { get }
}

/// Draws of one lane group: for each quantity that is kept, and each chain, the draws of eight voxels.
struct GroupDraws: Sendable {
  let quantityCount: Int
  let chainCount: Int
  /// The quantities of which draws are kept.
  let kept: [Bool]
  /// Draws of quantity q in chain c at `q * chainCount + c`.
  private(set) var series: [[Lane8]]

  /// Of every quantity, or of those that `kept` names.
  init(quantityCount: Int, chainCount: Int, kept: [Bool]? = nil) {
    self.quantityCount = quantityCount
    self.chainCount = chainCount
    self.kept = kept ?? [Bool](repeating: true, count: quantityCount)
    series = [[Lane8]](repeating: [], count: quantityCount * chainCount)
  }

  var drawsPerChain: Int { kept.firstIndex(of: true).map { series[$0 * chainCount].count } ?? 0 }

  mutating func append(_ value: Lane8, quantity: Int, chain: Int) {
    guard kept[quantity] else { return }
    series[quantity * chainCount + chain].append(value)
  }

  /// Makes room for `count` draws of every chain.
  mutating func reserve(_ count: Int) {
    for index in series.indices where kept[index / chainCount] { series[index].reserveCapacity(count) }
  }

  subscript(quantity: Int, chain: Int) -> [Lane8] { series[quantity * chainCount + chain] }

  /// The draws of one quantity, chain by chain.
  func chains(of quantity: Int) -> ArraySlice<[Lane8]> {
    series[quantity * chainCount..<(quantity + 1) * chainCount]
  }

  /// Keeps every second draw: the second, the fourth, ….
  mutating func keepEverySecond() {
    for index in series.indices {
      series[index] = stride(from: 1, to: series[index].count, by: 2).map { series[index][$0] }
    }
  }

  /// Appends every `stride`-th draw of `other`: the stride-th, the 2·stride-th, ….
  mutating func append(_ other: GroupDraws, every stride: Int) {
    for index in series.indices {
      let added = Swift.stride(from: stride - 1, to: other.series[index].count, by: stride)
      series[index] += added.map { other.series[index][$0] }
    }
  }
}
