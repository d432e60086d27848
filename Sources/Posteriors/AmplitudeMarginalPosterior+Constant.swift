internal import GSLSupport
internal import InferenceCore
internal import LaneMath
internal import SignalModels

extension AmplitudeMarginalPosterior {
  /// What `logDensity(at:)` leaves out: log p(y | η) p(η) = `logDensity(at: η)` + `logConstant`.
  ///
  /// The sum of `logLikelihoodConstant` and the prior's constant; with it, ∫ over η is the evidence p(y) of the model.
  public var logConstant: L { logLikelihoodConstant + prior.logConstant }

  /// The part of log m(y | η) that is the same for every η. With N values and n averages behind each:
  ///
  ///     known σ²               ½ Σ log n − (N−1)/2 log 2πσ²
  ///     pooled, ν₀ > 0         ½ Σ log n − (N−1)/2 log 2π + h/2 log 2 + log Γ(h/2) − log Γ(ν₀/2) + ν₀/2 log(ν₀s²/2)
  ///     pooled, ν₀ = 0         ½ Σ log n − (N−1)/2 log 2π + (N−3)/2 log 2 + log Γ((N−1)/2)
  ///     normal–inverse-gamma   ½ Σ log n − N/2 log 2π − ½ log v₀ + a₀ log c₀ + log Γ(aₙ) − log Γ(a₀)
  ///
  /// h = N − 1 + ν₀, aₙ = a₀ + N/2. Where the prior of S₀ is flat, and that of σ is 1/σ (ν₀ = 0), the evidence is per
  /// unit of S₀ and of log σ: it can be compared between signal shapes, not between noise assumptions.
  public var logLikelihoodConstant: L {
    let count = valueCount
    let freedom = count - 1
    // Each absorbed parameter leaves 1/√(Σ n), the other factor of det(X'X).
    let absorbed = Double(shape.absorbedCount) * Double.log(averages.reduce(0, +))
    let root = 0.5 * (averages.reduce(0) { $0 + Double.log($1) } - absorbed)
    let flatAmplitude = root - 0.5 * freedom * logTwoPi
    switch noise {
    case .known(let variance):
      return L(flatAmplitude) - (0.5 * freedom) * L.log(variance)
    case .pooled(let nu0, let variance):
      let constants = (0..<L.count).map { lane in
        flatAmplitude + pooledConstant(freedom, pseudoObservations: nu0[lane], variance: variance[lane])
      }
      return L(constants)
    case .normalInverseGamma(_, let v0, let a0, let c0):
      let gammas = SpecialFunctions.logGamma(a0 + 0.5 * count) - SpecialFunctions.logGamma(a0)
      let scales = a0 * Double.log(c0) - 0.5 * Double.log(v0)
      return L(root - 0.5 * count * logTwoPi + scales + gammas)
    }
  }

  private func pooledConstant(_ freedom: Double, pseudoObservations nu0: Double, variance: Double) -> Double {
    let half = 0.5 * (freedom + nu0)
    let integral = half * logTwo + SpecialFunctions.logGamma(half)
    // ∫ dσ/σ is half of ∫ dσ²/σ²: the inverse-gamma integral in σ² counts twice what 1/σ counts.
    guard nu0 > 0 else { return integral - logTwo }
    let scale = 0.5 * nu0 * Double.log(0.5 * nu0 * variance)
    return integral - SpecialFunctions.logGamma(0.5 * nu0) + scale
  }
}

extension NormalPrior {
  /// What −½ (η − μ)ᵀ P (η − μ) leaves out of the log density: ½ log det P − n/2 log 2π.
  public var logConstant: L {
    let n = mean.count
    var factor = precision
    LaneCholesky.factor(&factor, dimension: n)
    var sum = L(-0.5 * Double(n) * logTwoPi)
    for k in 0..<n { sum += L.log(factor[packedIndex(k, k)]) }
    return sum
  }
}

private let logTwo = 0.693_147_180_559_945_3
private let logTwoPi = 1.837_877_066_409_345_5
