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

  /// As the protocol asks: in (η, log S₀, log σ) first, then carried over to (η, v, u) by the chain rule.
  ///
  /// ∂ν/∂η = S₀ ∂g/∂η and ∂ν/∂log S₀ = ν, with the sign of g on both. The information takes the observed curvature of each
  /// value in ν, no less than a tenth of 1/σ², and none between ν and σ.
  @inlinable
  public mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    shape.evaluate(at: position, signal: &signal, derivatives: &derivatives, workspace: &workspace)
    let (axis, n) = (amplitudeIndex, shape.settingCount)
    let fit = projection()
    let precision = place(position, fit)
    let (amplitude, noise) = (byproducts[0], byproducts[1])
    for k in gradient.indices { gradient[k] = 0 }
    for k in information.indices { information[k] = 0 }
    let isSampled = sigma.coordinateCount == 1
    for i in 0..<n {
      let nu = amplitude * signal[i]
      let value = expansion(of: i, about: nu.magnitudes, sigma: noise, precision: precision)
      let slope = L.select(nu < 0, -value.slope, value.slope)
      for row in 0...axis {
        let forward = row == axis ? nu : amplitude * derivatives[row * n + i]
        gradient[row] += slope * forward
        let weighted = value.information * forward
        for column in 0...row {
          let other = column == axis ? nu : amplitude * derivatives[column * n + i]
          information[packedIndex(row, column)] += weighted * other
        }
      }
      if isSampled {
        gradient[axis + 1] += value.sigmaSlope
        information[packedIndex(axis + 1, axis + 1)] += value.sigmaInformation
      }
    }
    prior.addExpansion(at: natural, gradient: &gradient, information: &information)
    if case .pooled(let nu0, let variance) = sigma {
      let relative = variance * precision
      gradient[axis + 1] += nu0 * (relative - 1)
      information[packedIndex(axis + 1, axis + 1)] += 2 * (nu0 * relative)
    }
    carryOver(fit, &gradient, &information)
    return logLikelihood(precision) + logPrior(precision)
  }

  /// Turns gradient and information in (η, log S₀, log σ) into those in (η, v, u).
  ///
  /// Adding row k of the shift's Jacobian, x'ⱼ = xⱼ + cⱼ x_k for j < k, is gradientⱼ += cⱼ gradient_k and the same on rows
  /// and columns of the information.
  @inlinable
  mutating func carryOver(
    _ fit: (gg: L, gy: L, amplitude: L), _ gradient: inout [L], _ information: inout [L]
  ) {
    let (axis, n) = (amplitudeIndex, shape.settingCount)
    // ∂ log Ŝ₀/∂η = Σ n y ∂|g| / Σ n y|g| − 2 Σ n g ∂g / Σ n g².
    for k in 0..<axis {
      var gdg = L(0)
      var ydg = L(0)
      for i in 0..<n {
        let weighted = averages[i] * derivatives[k * n + i]
        gdg += signal[i] * weighted
        ydg += L.select(signal[i] < 0, -signals[i], signals[i]) * weighted
      }
      amplitudeSlopes[k] = ydg / fit.gy - 2 * (gdg / fit.gg)
    }
    if case .pooled(let nu0, let variance) = sigma {
      // ∂/∂x of ½ log(R + ν₀ s²) = −Σ n (y − |ν|) ∂|ν| / (R + ν₀ s²), with ∂ν/∂η at fixed log S₀.
      let amplitude = byproducts[0]
      let total = residualLevel(nu0, variance) * (Double(n) + nu0)
      for k in 0...axis {
        var sum = L(0)
        for i in 0..<n {
          let nu = amplitude * signal[i]
          let residual = averages[i] * (signals[i] - nu.magnitudes)
          let forward = k == axis ? nu : amplitude * derivatives[k * n + i]
          sum += L.select(nu < 0, -residual, residual) * forward
        }
        levelSlopes[k] = -sum / total
      }
      shear(axis + 1, levelSlopes, &gradient, &information)
    }
    shear(axis, amplitudeSlopes, &gradient, &information)
  }

  /// x'ⱼ = xⱼ + cⱼ x_k for the coordinates j before k.
  @inlinable
  func shear(_ k: Int, _ slopes: [L], _ gradient: inout [L], _ information: inout [L]) {
    let corner = information[packedIndex(k, k)]
    for row in 0..<k {
      gradient[row] += slopes[row] * gradient[k]
      for column in 0...row {
        let crossed =
          slopes[row] * information[packedIndex(k, column)] + slopes[column]
          * information[packedIndex(k, row)]
        information[packedIndex(row, column)] += crossed + (slopes[row] * slopes[column]) * corner
      }
    }
    for row in 0..<k { information[packedIndex(k, row)] += slopes[row] * corner }
    // Rows beyond k cross with k as they do with what k now adds to the others.
    var row = k + 1
    while packedIndex(row, row) < information.count {
      for column in 0..<k {
        information[packedIndex(row, column)] += slopes[column] * information[packedIndex(row, k)]
      }
      row += 1
    }
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
