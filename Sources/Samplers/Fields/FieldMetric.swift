internal import GSLSupport
internal import InferenceCore
public import LaneMath

/// A Gaussian stand-in for the fields given their population, site by site: where Hamiltonian moves get their metric.
///
/// The coordinates of a site are z, the whitened field, and what is its own. With H_v the curvature of the site's surrogate
/// and L̄, λ̄ a reference population, the precision is
///
///     A = blockdiag(Jᵀ H_v J) + diag(P_k(λ̄_k), 0),  J = blockdiag(L̄, 1)
///
/// kept as Cholesky factors C of compact blocks of sites, between which it has nothing: inside a block the factor costs
/// O(sites · width²) once, and a product with C⁻¹ or C⁻ᵀ O(sites · width).
@usableFromInline
struct FieldMetric: Sendable {
  /// The slots, block after block, in the order of the factors.
  @usableFromInline let slots: [Int]
  /// Where each block begins, in numbers, and its factor.
  private let starts: [Int]
  private let factors: [BandCholeskyFactor]

  /// No block is larger, in sites.
  private static var largestBlock: Int { 64 }
  /// The precision of coordinates that are a site's own where the data say nothing of them.
  private static var leastPrecision: Double { 1e-9 }

  /// The metric of `surrogate` at the population `hyper`; nil if a block is not positive definite.
  @usableFromInline
  init?<L: Lane>(
    _ surrogate: SiteSurrogate<L>, layout: SiteLayout<L>, graph: SiteGraph, at hyper: FieldHyperparameters
  ) {
    let blocks = graph.blocks(ofAtMost: Self.largestBlock).map { $0.map { layout.slots[$0] } }
    var (starts, factors, begin) = ([Int](), [BandCholeskyFactor](), 0)
    for block in blocks {
      guard let factor = Self.factor(of: block, surrogate, layout, hyper) else { return nil }
      starts.append(begin)
      factors.append(factor)
      begin += factor.order
    }
    slots = blocks.flatMap { $0 }
    self.starts = starts
    self.factors = factors
  }

  /// The factor of A for the sites in the slots of `block`.
  private static func factor<L: Lane>(
    of block: [Int], _ surrogate: SiteSurrogate<L>, _ layout: SiteLayout<L>, _ hyper: FieldHyperparameters
  ) -> BandCholeskyFactor? {
    let (p, d) = (hyper.dimension, surrogate.dimension)
    let place = Dictionary(uniqueKeysWithValues: zip(block, block.indices))
    // Every edge inside the block once: the earlier site, the later one, and the weight.
    let edges = block.enumerated().flatMap { later, slot in
      (layout.starts[slot]..<layout.starts[slot + 1]).compactMap { entry -> (Int, Int, Double)? in
        guard let earlier = place[layout.neighbours[entry]], earlier < later else { return nil }
        return (earlier, later, layout.weights[entry])
      }
    }
    let order = block.count * d
    let width = edges.reduce(d - 1) { max($0, ($1.1 - $1.0) * d) }
    let stride = width + 1
    var band = [Double](repeating: 0, count: order * stride)
    for (index, slot) in block.enumerated() {
      let own = ownPrecision(slot, surrogate, hyper)
      for i in 0..<d {
        for j in 0...i { band[(index * d + j) * stride + i - j] = own[packedIndex(i, j)] }
        let lambda = i < p ? hyper.dependence[i] : 0
        band[(index * d + i) * stride] +=
          i < p ? lambda * layout.slotDiagonal[slot] + 1 - lambda : leastPrecision
      }
    }
    for (earlier, later, weight) in edges {
      for k in 0..<p {
        band[(earlier * d + k) * stride + (later - earlier) * d] -= hyper.dependence[k] * weight
      }
    }
    return BandCholeskyFactor(band, order: order, bandwidth: width)
  }

  /// Jᵀ H J of the site in `slot`, packed.
  private static func ownPrecision<L: Lane>(
    _ slot: Int, _ surrogate: SiteSurrogate<L>, _ hyper: FieldHyperparameters
  ) -> [Double] {
    let (p, d, factor) = (hyper.dimension, surrogate.dimension, hyper.factor)
    func jacobian(_ i: Int, _ j: Int) -> Double {
      if i < p && j < p { return j <= i ? factor[packedIndex(i, j)] : 0 }
      return i == j ? 1 : 0
    }
    var result = [Double](repeating: 0, count: packedIndex(d, 0))
    for i in 0..<d {
      for j in 0...i {
        for a in 0..<d {
          for b in 0..<d {
            result[packedIndex(i, j)] +=
              jacobian(a, i) * surrogate.curvature(ofSlot: slot, a, b) * jacobian(b, j)
          }
        }
      }
    }
    return result
  }

  /// C⁻¹ x.
  @usableFromInline
  func solveLower(_ x: inout [Double]) {
    for (start, factor) in zip(starts, factors) { factor.solveLower(&x, from: start) }
  }

  /// Cᵀ x.
  @usableFromInline
  func multiplyUpper(_ x: inout [Double]) {
    for (start, factor) in zip(starts, factors) { factor.multiplyUpper(&x, from: start) }
  }

  /// C⁻ᵀ x.
  @usableFromInline
  func solveUpper(_ x: inout [Double]) {
    for (start, factor) in zip(starts, factors) { factor.solveUpper(&x, from: start) }
  }
}
