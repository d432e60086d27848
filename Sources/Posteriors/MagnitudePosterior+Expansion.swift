public import InferenceCore
public import LaneMath
public import SignalModels

extension MagnitudePosterior {
  /// The first derivatives of the log likelihood of one value with respect to ν and log σ, and positive stand-ins for the
  /// second.
  @usableFromInline struct ValueExpansion {
    @usableFromInline var slope: L
    @usableFromInline var sigmaSlope: L
    @usableFromInline var information: L
    @usableFromInline var sigmaInformation: L

    @inlinable
    init(slope: L, sigmaSlope: L, information: L, sigmaInformation: L) {
      self.slope = slope
      self.sigmaSlope = sigmaSlope
      self.information = information
      self.sigmaInformation = sigmaInformation
    }
  }

  /// As the protocol asks; ∂ν/∂η = S₀ ∂g/∂η and ∂ν/∂log S₀ = ν, with the sign of g on both. The information takes the
  /// observed curvature of each value in ν, no less than a tenth of 1/σ², and none between ν and σ.
  @inlinable
  public mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    shape.evaluate(at: position, signal: &signal, derivatives: &derivatives, workspace: &workspace)
    let (amplitudePlace, n) = (amplitudeIndex, shape.settingCount)
    let amplitude = L.exp(position[amplitudePlace])
    let (noise, precision) = noiseLevel(at: position)
    for k in gradient.indices { gradient[k] = 0 }
    for k in information.indices { information[k] = 0 }
    let sigmaPlace = amplitudePlace + 1
    for i in 0..<n {
      let nu = amplitude * signal[i]
      let value = expansion(of: i, about: nu.magnitudes, sigma: noise, precision: precision)
      let slope = L.select(nu < 0, -value.slope, value.slope)
      for row in 0...amplitudePlace {
        let forward = row == amplitudePlace ? nu : amplitude * derivatives[row * n + i]
        gradient[row] += slope * forward
        let weighted = value.information * forward
        for column in 0...row {
          let other = column == amplitudePlace ? nu : amplitude * derivatives[column * n + i]
          information[packedIndex(row, column)] += weighted * other
        }
      }
      if case .pooled = sigma {
        gradient[sigmaPlace] += value.sigmaSlope
        information[packedIndex(sigmaPlace, sigmaPlace)] += value.sigmaInformation
      }
    }
    prior.addExpansion(at: position, gradient: &gradient, information: &information)
    if case .pooled(let nu0, let variance) = sigma {
      let relative = variance * precision
      gradient[sigmaPlace] += nu0 * (relative - 1)
      information[packedIndex(sigmaPlace, sigmaPlace)] += 2 * (nu0 * relative)
    }
    return logLikelihood(at: position) + logPrior(at: position)
  }

  @inlinable
  func expansion(of i: Int, about nu: L, sigma: L, precision: L) -> ValueExpansion {
    averages[i] == 1
      ? magnitudeExpansion(signals[i], nu, precision)
      : averageExpansion(signals[i], averages[i], RiceMoments(noiseless: nu, sigma: sigma), nu, sigma)
  }

  /// With z = yν/σ² and r = I_L/I_(L−1)(z): ∂/∂ν = (y r − ν)/σ², −∂²/∂ν² = 1/σ² − (y/σ²)² r', r' = 1 − (2L − 1) r/z − r²,
  /// ∂/∂log σ = −2L + (y − ν)²/σ² + 2z(1 − r).
  @inlinable
  func magnitudeExpansion(_ y: L, _ nu: L, _ precision: L) -> ValueExpansion {
    let coils = Double(density.coilCount)
    let scaled = y * precision
    let z = scaled * nu
    let slope = density.bessel.slope(z)
    let ratio = 1 + slope
    let residual = y - nu
    // r/z → 1/(2L) at z = 0.
    let ratioOverZ = L.select(z < 1e-6, L(0.5 / coils), ratio / L.maximum(z, L(1e-6)))
    let curvature = (1 - (2 * coils - 1) * ratioOverZ) - ratio * ratio
    let observed = precision - scaled * scaled * curvature
    return ValueExpansion(
      slope: residual * precision + scaled * slope,
      sigmaSlope: residual * residual * precision - 2 * (z * slope) - L(2 * coils),
      information: L.maximum(observed, 0.1 * precision), sigmaInformation: L(2))
  }

  /// With e = y − μ and V' = ∂V/∂ν: ∂/∂ν = n e μ'/V + (n e²/V − 1) V'/(2V), and as much for log σ, where
  /// ∂μ/∂log σ = μ − ν μ' and ∂V/∂log σ = 2V − ν V'.
  @inlinable
  func averageExpansion(_ y: L, _ n: Double, _ rice: RiceMoments<L>, _ nu: L, _ sigma: L) -> ValueExpansion {
    let residual = y - rice.mean
    let weight = L(n) / rice.variance
    let excess = 0.5 * (weight * residual * residual - 1) / rice.variance
    let meanSigma = rice.mean - nu * rice.meanSlope
    let varianceSigma = 2 * rice.variance - nu * rice.varianceSlope
    let relative = varianceSigma / rice.variance
    return ValueExpansion(
      slope: weight * residual * rice.meanSlope + excess * rice.varianceSlope,
      sigmaSlope: weight * residual * meanSigma + excess * varianceSigma,
      information: weight * rice.meanSlope * rice.meanSlope + 0.001 * weight,
      sigmaInformation: 0.5 * (relative * relative) + weight * (meanSigma * meanSigma))
  }
}
