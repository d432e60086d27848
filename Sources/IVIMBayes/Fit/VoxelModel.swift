internal import GSLSupport
internal import LaneMath

/// What a fit does with voxels: the model of one acquisition, its priors and noise, and the sampler of a lane group.
protocol VoxelModel: Sendable {
  associatedtype Sampler: GroupSampler

  /// The reported quantities, in the order of the draws.
  var quantities: [Quantity] { get }
  /// The sampler of eight rows of the voxel table (the last row repeated where there are fewer).
  func sampler(of rows: [Int]) -> Sampler
  /// One draw of the quantities from the prior of a voxel; NaN for those with a flat prior.
  func priorDraw(using random: inout RandomStream) -> [Double]
}

/// Draws of the quantities of eight voxels.
protocol GroupSampler: Sendable {
  /// Appends `count` draws of every chain.
  mutating func draw(_ count: Int, into draws: inout GroupDraws)
}

/// Draws of one lane group: for each quantity and chain the draws of eight voxels.
struct GroupDraws: Sendable {
  let quantityCount: Int
  let chainCount: Int
  /// Draws of quantity q in chain c at `q * chainCount + c`.
  private(set) var series: [[Lane8]]

  init(quantityCount: Int, chainCount: Int) {
    self.quantityCount = quantityCount
    self.chainCount = chainCount
    series = [[Lane8]](repeating: [], count: quantityCount * chainCount)
  }

  var drawsPerChain: Int { series[0].count }

  mutating func append(_ value: Lane8, quantity: Int, chain: Int) {
    series[quantity * chainCount + chain].append(value)
  }

  subscript(quantity: Int, chain: Int) -> [Lane8] { series[quantity * chainCount + chain] }

  /// The draws of one voxel, chain after chain, every `stride`-th, written to `values`.
  func copy(quantity: Int, lane: Int, into values: inout [Double]) {
    var place = 0
    for chain in 0..<chainCount {
      for draw in self[quantity, chain] {
        values[place] = draw.numbers[lane]
        place += 1
      }
    }
  }
}
