public import InferenceCore
public import LaneMath

/// A mode of a patch given the sites beside it, with the normal approximation there.
@usableFromInline
struct PatchMode: Sendable {
  /// x: place × d, z of the field's coordinates and what is a site's own.
  @usableFromInline let place: [Double]
  /// log p there.
  @usableFromInline let logDensity: Double
  /// The log of the approximation's integral, up to a constant: log p − log |A|.
  @usableFromInline let logEvidence: Double
  /// The Cholesky factor A of the precision, packed.
  @usableFromInline let factor: [Double]
  /// True if the climb ended because there was nothing left to gain.
  @usableFromInline let isConverged: Bool

  @usableFromInline
  init(place: [Double], logDensity: Double, factor: [Double], isConverged: Bool) {
    (self.place, self.logDensity, self.factor) = (place, logDensity, factor)
    self.isConverged = isConverged
    logEvidence =
      logDensity - place.indices.reduce(0) { $0 + Double.log(factor[packedIndex($1, $1)]) }
  }

  /// |Aᵀ(x − mode)|².
  @usableFromInline
  func squaredDistance(to x: [Double]) -> Double {
    var whitened = [Double](repeating: 0, count: x.count)
    var index = 0
    for row in x.indices {
      let deviation = x[row] - place[row]
      for k in 0...row {
        whitened[k] += factor[index] * deviation
        index += 1
      }
    }
    return whitened.reduce(0) { $0 + $1 * $1 }
  }
}

/// The normal approximations at the modes of a patch as one mixture, each weighted by its integral.
@usableFromInline
struct PatchProposal: Sendable {
  @usableFromInline let modes: [PatchMode]
  /// log (weight · |A|), up to a constant of all: log p at the mode.
  private let heights: [Double]
  private let weights: [Double]

  @usableFromInline
  init(_ modes: [PatchMode]) {
    self.modes = modes
    let largest = modes.reduce(-Double.infinity) { max($0, $1.logEvidence) }
    weights = modes.map { Double.exp($0.logEvidence - largest) }
    heights = modes.map { $0.logDensity - largest }
  }

  /// log Σ weight · N(x; mode, (A Aᵀ)⁻¹), up to a constant.
  @usableFromInline
  func logDensity(at x: [Double]) -> Double {
    let terms = modes.indices.map { heights[$0] - 0.5 * modes[$0].squaredDistance(to: x) }
    let largest = terms.reduce(-Double.infinity) { max($0, $1) }
    return largest + Double.log(terms.reduce(0) { $0 + Double.exp($1 - largest) })
  }

  /// A draw.
  @usableFromInline
  func draw(using random: inout LaneRandom<Double>) -> [Double] {
    let mode = modes[random.index(inProportionTo: weights)]
    let count = mode.place.count
    var x = [Double](repeating: 0, count: count)
    for k in stride(from: 0, to: count, by: 2) {
      let (a, b) = random.normalPair()
      x[k] = a
      if k + 1 < count { x[k + 1] = b }
    }
    LaneCholesky.solveTransposed(factor: mode.factor, &x, dimension: count)
    for k in 0..<count { x[k] += mode.place[k] }
    return x
  }
}

extension LaneRandom where L == Double {
  /// An index of `weights`, drawn in proportion to them.
  @usableFromInline
  mutating func index(inProportionTo weights: [Double]) -> Int {
    var left = uniform() * weights.reduce(0, +)
    var index = 0
    while index < weights.count - 1 && left > weights[index] {
      left -= weights[index]
      index += 1
    }
    return index
  }
}
