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
  /// d.
  @usableFromInline let dimension: Int
  /// Where each block begins, in numbers, and its factor.
  private let starts: [Int]
  private let factors: [BandCholeskyFactor]

  /// No block is larger, in sites.
  @usableFromInline static var largestBlock: Int { 64 }

  /// The metric of `surrogate` at the population `hyper`; nil if a block is not positive definite.
  @usableFromInline
  init?<L: Lane>(
    _ surrogate: SiteSurrogate<L>, layout: SiteLayout<L>, graph: SiteGraph, at hyper: FieldHyperparameters
  ) {
    let (p, d) = (hyper.dimension, surrogate.dimension)
    let factor = hyper.factor
    dimension = d
    let blocks = graph.blocks(ofAtMost: Self.largestBlock)
    slots = blocks.flatMap { $0.map { layout.slots[$0] } }
    var starts: [Int] = []
    var factors: [BandCholeskyFactor] = []
    var begin = 0
    for block in blocks {
      var place: [Int: Int] = [:]
      for (index, site) in block.enumerated() { place[layout.slots[site]] = index }
      var width = d - 1
      for site in block {
        let slot = layout.slots[site]
        for entry in layout.starts[slot]..<layout.starts[slot + 1] {
          guard let other = place[layout.neighbours[entry]], let own = place[slot] else { continue }
          width = max(width, abs(other - own) * d)
        }
      }
      let order = block.count * d
      width = min(width, order - 1)
      let stride = width + 1
      var band = [Double](repeating: 0, count: order * stride)
      for (index, site) in block.enumerated() {
        let slot = layout.slots[site]
        let (group, lane) = (slot / L.count, slot % L.count)
        var matrix = [Double](repeating: 0, count: d * d)
        for i in 0..<d {
          for j in 0...i {
            let value = surrogate.information[group * packedIndex(d, 0) + i * (i + 1) / 2 + j][lane]
            matrix[i * d + j] = value
            matrix[j * d + i] = value
          }
        }
        func jacobian(_ i: Int, _ j: Int) -> Double {
          if i < p && j < p { return j <= i ? factor[i * (i + 1) / 2 + j] : 0 }
          return i == j ? 1 : 0
        }
        for i in 0..<d {
          for j in 0...i {
            var sum = 0.0
            for a in 0..<d { for b in 0..<d { sum += jacobian(a, i) * matrix[a * d + b] * jacobian(b, j) } }
            if i == j {
              sum +=
                i < p
                ? hyper.dependence[i] * layout.slotDiagonal[slot] + 1 - hyper.dependence[i] : 1e-9
            }
            band[(index * d + j) * stride + i - j] += sum
          }
        }
        for entry in layout.starts[slot]..<layout.starts[slot + 1] {
          guard let other = place[layout.neighbours[entry]], other < index else { continue }
          for k in 0..<p {
            band[(other * d + k) * stride + (index - other) * d] -=
              hyper.dependence[k] * layout.weights[entry]
          }
        }
      }
      guard let block = BandCholeskyFactor(band, order: order, bandwidth: width) else { return nil }
      starts.append(begin)
      factors.append(block)
      begin += order
    }
    self.starts = starts
    self.factors = factors
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
