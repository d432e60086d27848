public import InferenceCore
public import LaneMath
internal import GSLSupport

/// The Laplace approximation in every lane, as a proposal with tails that a posterior does not outgrow.
///
///     x = m + √(4/χ²₄) A⁻ᵀ z        z ~ N(0, I), A Aᵀ the information at the mode m
///
/// is multivariate t with 4 degrees of freedom. Every draw comes with its log ratio log p(x) − log t₄(x): what Pareto
/// smoothing needs to say whether the approximation can be trusted, and to put right what it gets wrong.
public struct LaplaceApproximation<L: Lane>: Sendable {
  /// The mode and the curvature there.
  public let mode: LaneMode<L>
  @usableFromInline let logNormaliser: L

  /// The approximation about `mode`.
  @inlinable
  public init(about mode: LaneMode<L>) {
    self.mode = mode
    let n = mode.position.count
    var sum = L(Self.logConstant(dimension: n))
    for k in 0..<n { sum += L.log(mode.factor[packedIndex(k, k)]) }
    logNormaliser = sum
  }

  /// Draws a position in every lane into `position`; returns log p − log t₄ there.
  ///
  /// The mean of e^ratio is ∫ p: the evidence, up to the constant that the density leaves out.
  /// - −∞ where the density has no finite value.
  @inlinable
  public func draw<Density: LaneLogDensity<L>>(
    of density: inout Density, into position: inout [L], using random: inout LaneRandom<L>
  ) -> L {
    let n = mode.position.count
    var square = L(0)
    for k in stride(from: 0, to: n, by: 2) {
      let (a, b) = random.normalPair()
      position[k] = a
      square += a * a
      if k + 1 < n {
        position[k + 1] = b
        square += b * b
      }
    }
    let chiSquared = -2 * L.log(random.uniformPositive() * random.uniformPositive())
    LaneCholesky.solveTransposed(factor: mode.factor, &position, dimension: n)
    let stretch = (4 / chiSquared).squareRoot()
    for k in 0..<n { position[k] = mode.position[k] + stretch * position[k] }
    // (x − m)ᵀ A Aᵀ (x − m) / 4 = |z|² / χ².
    let logProposal = logNormaliser - (0.5 * Double(4 + n)) * L.log(1 + square / chiSquared)
    let value = density.logDensity(at: position)
    return L.select(value.areFinite, value - logProposal, L(-Double.infinity))
  }

  /// log Γ((4 + n)/2) − log Γ(2) − n/2 log 4π.
  @usableFromInline
  static func logConstant(dimension n: Int) -> Double {
    SpecialFunctions.logGamma(0.5 * Double(4 + n)) - 0.5 * Double(n) * Double.log(4 * .pi)
  }
}
