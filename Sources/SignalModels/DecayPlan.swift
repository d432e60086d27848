internal import Acquisitions
public import LaneMath

/// e^(−bᵢ D) for every b-value of a protocol with as few exponentials as possible.
///
/// b-values of a protocol are mostly sums of smaller ones (50 = 20 + 30), and e^(−(a+b)D) = e^(−aD) e^(−bD): the plan
/// is an addition chain, found once, that replaces most exponentials by one multiplication each. A product of n
/// factors carries n roundings; with chains of a protocol's length the relative error stays below 10⁻¹⁴.
public struct DecayPlan: Sendable, Equatable {
  /// The decays of weighting 0.
  @usableFromInline let ones: [Int]
  /// The decays that need an exponential, and their weightings.
  @usableFromInline let exponentials: [(target: Int, weighting: Double)]
  /// The decays that are products of two before them.
  @usableFromInline let products: ProductChain
  /// The decays that equal another.
  @usableFromInline let copies: [(target: Int, twin: Int)]
  /// The number of b-values; their decays are written first.
  public let settingCount: Int
  /// The decays that an evaluation writes: those of the b-values, then intermediate ones.
  public let nodeCount: Int

  /// The plan for weightings in ms/µm² (non-negative), in any order, repeats allowed.
  public init(weightings: [Double]) {
    var ones: [Int] = []
    var exponentials: [(Int, Double)] = []
    var products: [ProductChain.Step] = []
    var copies: [(Int, Int)] = []
    var nodes: [(weighting: Double, index: Int)] = []
    var nextIndex = weightings.count
    let order = weightings.indices.sorted { weightings[$0] < weightings[$1] }
    for setting in order {
      let weighting = weightings[setting]
      if weighting == 0 {
        ones.append(setting)
        continue
      }
      if let twin = nodes.first(where: { Self.agree($0.weighting, weighting) }) {
        copies.append((setting, twin.index))
        continue
      }
      if let (a, b) = Self.pair(in: nodes, summingTo: weighting) {
        products.append(ProductChain.Step(target: setting, first: a.index, second: b.index))
      } else if let (a, b, c) = Self.triple(in: nodes, summingTo: weighting) {
        products.append(ProductChain.Step(target: nextIndex, first: a.index, second: b.index))
        nodes.append((a.weighting + b.weighting, nextIndex))
        products.append(ProductChain.Step(target: setting, first: nextIndex, second: c.index))
        nextIndex += 1
      } else {
        exponentials.append((setting, weighting))
      }
      nodes.append((weighting, setting))
    }
    self.ones = ones
    self.exponentials = exponentials
    self.products = ProductChain(products)
    self.copies = copies
    self.settingCount = weightings.count
    self.nodeCount = nextIndex
  }

  /// The number of exponentials that one evaluation costs.
  public var exponentialCount: Int { exponentials.count }

  /// Writes e^(−bᵢ `rate`) to `decays[offset + i]` for every b-value i, and intermediate decays behind them.
  @inlinable
  func evaluate<L: Lane>(rate: L, into decays: inout [L], at offset: Int = 0) {
    for target in ones { decays[offset + target] = 1 }
    for (target, weighting) in exponentials { decays[offset + target] = L.exp(-weighting * rate) }
    LaneSums.multiply(&decays, at: offset, along: products)
    for (target, twin) in copies { decays[offset + target] = decays[offset + twin] }
  }

  /// True if both plans make the same decays in the same way.
  public static func == (a: DecayPlan, b: DecayPlan) -> Bool {
    a.ones == b.ones && a.exponentials.elementsEqual(b.exponentials, by: ==) && a.products == b.products
      && a.copies.elementsEqual(b.copies, by: ==) && a.settingCount == b.settingCount
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
