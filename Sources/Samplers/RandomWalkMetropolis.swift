public import GSLSupport
public import InferenceCore
public import LaneMath

/// Random-walk Metropolis with the Laplace covariance: the plain sampler, one unit and one draw at a time.
///
/// x' = x + s A⁻ᵀ z with A Aᵀ the information at the mode; accepted with probability min(1, p(x')/p(x)) (Metropolis
/// et al. 1953, doi:10.1063/1.1699114). During warm-up log s climbs by cₜ (acceptance − 0.30), cₜ = min(½, 5/t^0.7)
/// (Andrieu and Thoms 2008, doi:10.1007/s11222-008-9110-y); then it is frozen. It is slow and obvious: the lane sampler
/// is held equal to it by a test.
public struct RandomWalkMetropolis<Density: LaneLogDensity>: ~Copyable where Density.L == Double {
  @usableFromInline var density: Density
  @usableFromInline let mode: LaneMode<Double>
  @usableFromInline var random: RandomStream
  @usableFromInline var logDensity: Double
  @usableFromInline var scale: Double
  /// The current position.
  public var position: [Double]

  /// A chain on `density` that starts at the mode plus twice a Laplace draw.
  @inlinable
  public init(on density: Density, about mode: LaneMode<Double>, random: consuming RandomStream) {
    self.density = density
    self.mode = mode
    self.random = random
    position = mode.position
    logDensity = mode.logDensity
    scale = 2
    let start = proposal()
    let value = self.density.logDensity(at: start)
    if value.isFinite {
      position = start
      logDensity = value
    }
    scale = 2.38 / Double(mode.position.count).squareRoot()
  }

  /// Runs `count` steps that adapt the scale of the proposal.
  @inlinable
  public mutating func warmUp(_ count: Int) {
    for t in 1...max(1, count) {
      let accepted = step()
      let gain = min(0.5, 5 / Double.exp(0.7 * Double.log(Double(t))))
      scale *= Double.exp(gain * ((accepted ? 1 : 0) - 0.30))
    }
  }

  /// Makes one step; true if the proposal was accepted.
  @inlinable
  @discardableResult
  public mutating func step() -> Bool {
    let trial = proposal()
    let value = density.logDensity(at: trial)
    // A NaN compares false: such a proposal is rejected.
    guard Double.log(random.uniformPositive()) < value - logDensity else { return false }
    position = trial
    logDensity = value
    return true
  }

  @inlinable
  mutating func proposal() -> [Double] {
    var step = position.indices.map { _ in random.normal() }
    LaneCholesky.solveTransposed(factor: mode.factor, &step, dimension: step.count)
    return zip(position, step).map { $0 + scale * $1 }
  }
}
