import InferenceCore
import LaneMath
import Posteriors
import SignalModels

/// The amplitude marginal as some codes have it: −(N/2) log R, without −½ log G and with N for N − 1.
struct UncorrectedMarginal: LaneLogDensity, Sendable {
  /// The right posterior under p(S₀, σ) = 1/σ.
  var right: AmplitudeMarginalPosterior<BiexponentialIVIM, Lane8>

  var dimension: Int { right.dimension }
  var byproducts: [Lane8] { right.byproducts }

  mutating func logDensity(at eta: [Lane8]) -> Lane8 {
    let value = right.logDensity(at: eta)
    let (gg, residual) = (right.byproducts[0], right.byproducts[2])
    return value + 0.5 * (Lane8.log(gg) - Lane8.log(residual))
  }

  mutating func expand(at eta: [Lane8], gradient: inout [Lane8], information: inout [Lane8]) -> Lane8 {
    // The proposal may keep the right curvature: it decides nothing but the acceptance rate.
    _ = right.expand(at: eta, gradient: &gradient, information: &information)
    return logDensity(at: eta)
  }
}
