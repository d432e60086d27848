public import InferenceCore
public import LaneMath
public import SignalModels

extension AmplitudeMarginalPosterior {
  /// Draws the constant β₀, the amplitude β₁ and σ of a model with a constant of its own, given η and its byproducts.
  ///
  ///     β₁, σ as `drawNuisance`        β₀ ~ N(ȳ − β₁ ḡ, σ/√(Σ n))
  ///
  /// so that (β₀, β₁) given η is the bivariate t of N − 2 degrees of freedom about least squares when σ is unknown.
  ///
  /// - Parameters:
  ///   - eta: The draw of the coordinates.
  ///   - byproducts: Those of `logDensity(at: eta)`.
  ///   - mean: ȳ, `shape.weightedMean` of the signals as measured.
  ///   - random: The stream.
  /// - Returns: β₀, β₁ and σ.
  @inlinable
  public mutating func drawLinearParameters<Base: SignalShape>(
    at eta: [L], from byproducts: [L], signalMean mean: L, using random: inout LaneRandom<L>
  ) -> (offset: L, amplitude: L, sigma: L) where Shape == OffsetShape<Base> {
    let (amplitude, sigma) = drawNuisance(from: byproducts, using: &random)
    shape.base.evaluate(at: eta, signal: &signal, workspace: &workspace)
    let centre = mean - amplitude * shape.weightedMean(signal)
    let total = averages.reduce(0, +)
    let offset = centre + (1 / total.squareRoot()) * (sigma * random.normalPair().0)
    return (offset, amplitude, sigma)
  }
}
