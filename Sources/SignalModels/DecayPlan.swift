internal import Acquisitions
public import LaneMath

/// e^(−bᵢ D) for every b-value of a protocol with as few exponentials as possible.
///
/// b-values of a protocol are mostly sums of smaller ones (50 = 20 + 30), and e^(−(a+b)D) = e^(−aD) e^(−bD): the plan
/// is an addition chain, found once, that replaces most exponentials by one multiplication each. A product of n
/// factors carries n roundings; with chains of a protocol's length the relative error stays below 10⁻¹⁴.
public struct DecayPlan: Sendable, Equatable {
  /// How one decay is made.
  @usableFromInline enum Rule: Sendable, Equatable {
    case one
    case exponential(weighting: Double)
    case product(Int, Int)
    case same(Int)
  }

  @usableFromInline struct Step: Sendable, Equatable {
    @usableFromInline var target: Int
    @usableFromInline var rule: Rule
  }

  @usableFromInline let steps: [Step]
  /// The number of b-values; their decays are written first.
  public let settingCount: Int
  /// The decays that an evaluation writes: those of the b-values, then intermediate ones.
  public let nodeCount: Int

  /// The plan for weightings in ms/µm² (non-negative), in any order, repeats allowed.
  public init(weightings: [Double]) {
    var steps: [Step] = []
    var nodes: [(weighting: Double, index: Int)] = []
    var nextIndex = weightings.count
    let order = weightings.indices.sorted { weightings[$0] < weightings[$1] }
    for setting in order {
      let weighting = weightings[setting]
      if weighting == 0 {
        steps.append(Step(target: setting, rule: .one))
        continue
      }
      if let twin = nodes.first(where: { Self.agree($0.weighting, weighting) }) {
        steps.append(Step(target: setting, rule: .same(twin.index)))
        continue
      }
      if let (a, b) = Self.pair(in: nodes, summingTo: weighting) {
        steps.append(Step(target: setting, rule: .product(a.index, b.index)))
      } else if let (a, b, c) = Self.triple(in: nodes, summingTo: weighting) {
        steps.append(Step(target: nextIndex, rule: .product(a.index, b.index)))
        nodes.append((a.weighting + b.weighting, nextIndex))
        steps.append(Step(target: setting, rule: .product(nextIndex, c.index)))
        nextIndex += 1
      } else {
        steps.append(Step(target: setting, rule: .exponential(weighting: weighting)))
      }
      nodes.append((weighting, setting))
    }
    self.steps = steps
    self.settingCount = weightings.count
    self.nodeCount = nextIndex
  }

  /// The number of exponentials that one evaluation costs.
  public var exponentialCount: Int {
    steps.count { if case .exponential = $0.rule { true } else { false } }
  }

  /// Writes e^(−bᵢ `rate`) to `decays[offset + i]` for every b-value i, and intermediate decays behind them.
  @inlinable
  func evaluate<L: Lane>(rate: L, into decays: inout [L], at offset: Int = 0) {
    for step in steps {
      let target = offset + step.target
      switch step.rule {
      case .one: decays[target] = 1
      case .exponential(let weighting): decays[target] = L.exp(-weighting * rate)
      case .product(let a, let b): decays[target] = decays[offset + a] * decays[offset + b]
      case .same(let twin): decays[target] = decays[offset + twin]
      }
    }
  }

  private typealias Node = (weighting: Double, index: Int)

  private static func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(a, b) }

  private static func pair(in nodes: [Node], summingTo total: Double) -> (Node, Node)? {
    for a in nodes.reversed() {
      if let b = nodes.first(where: { agree(a.weighting + $0.weighting, total) }) { return (a, b) }
    }
    return nil
  }

  private static func triple(in nodes: [Node], summingTo total: Double) -> (Node, Node, Node)? {
    for c in nodes.reversed() where c.weighting < total {
      if let (a, b) = pair(in: nodes, summingTo: total - c.weighting) { return (a, b, c) }
    }
    return nil
  }
}
