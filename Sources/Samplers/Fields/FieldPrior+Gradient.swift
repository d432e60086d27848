internal import GSLSupport
internal import InferenceCore
internal import LaneMath

/// What a field says of the gradient in its population: sums over the sites.
@usableFromInline
struct PopulationForces: Sendable {
  /// Σ g, g the gradient of the log likelihood in η.
  @usableFromInline var sums: [Double]
  /// Σ g zᵀ, packed lower triangle.
  @usableFromInline var products: [Double]
  /// zᵀz and zᵀQ̃z of each coordinate.
  @usableFromInline var squares: [Double]
  @usableFromInline var roughness: [Double]
  /// V − E, E the exponent of 1/|L|: 0 for proper fields.
  @usableFromInline var missingExponent = 0.0

  @usableFromInline
  init(dimension p: Int) {
    sums = [Double](repeating: 0, count: p)
    products = [Double](repeating: 0, count: packedIndex(p, 0))
    squares = sums
    roughness = sums
  }
}

extension FieldPrior {
  /// The gradient, in the coordinates of the population, of log p(φ) + Σ [½ log det P_k − ½ zᵀP_k z] + Σ ℓ(μ + L z), z held.
  @usableFromInline
  func gradient(
    at coordinates: [Double], of hyper: FieldHyperparameters, _ forces: PopulationForces,
    spectrum: FieldSpectrum
  )
    -> [Double]
  {
    var gradient = coordinates
    let p = axes.count
    let factor = hyper.factor
    var place = 0
    for k in 0..<p {
      if structure != .intrinsic {
        gradient[place] = forces.sums[k]
        if axes[k].sd.isFinite {
          gradient[place] -= (hyper.mean[k] - axes[k].mean) / (axes[k].sd * axes[k].sd)
        }
        place += 1
      }
      // L's row is τ times a function of the partial correlations.
      let work = (0...k).map { factor[packedIndex(k, $0)] * forces.products[packedIndex(k, $0)] }
      let spread = axes[k].spread
      gradient[place] =
        (work.reduce(0, +) + forces.missingExponent) / hyper.spread[k]
        * spread.slope(atCoordinate: coordinates[place])
        + spread.logDensitySlope(atCoordinate: coordinates[place])
      place += 1
      var rest = 1.0
      for j in 0..<k {
        let z = hyper.partial[strictIndex(k, j)]
        let own = hyper.spread[k] * rest.squareRoot() * forces.products[packedIndex(k, j)]
        let later = work[(j + 1)...].reduce(0, +)
        gradient[place] =
          (1 - z * z) * own - z * (later + forces.missingExponent) - 2 * z
          * (correlationShape + 0.5 * Double(p - 2 - j))
        rest *= 1 - z * z
        place += 1
      }
      if structure == .leroux {
        let (x, lambda) = (coordinates[place], hyper.dependence[k])
        let density = Double.exp(-0.5 * x * x) * 0.398_942_280_401_432_7
        let slope = spectrum.halfLogDeterminantSlope(dependence: lambda)
        gradient[place] = density * (slope - 0.5 * (forces.roughness[k] - forces.squares[k])) - x
        place += 1
      }
    }
    if huangWand != nil { addCorrection(to: &gradient, at: coordinates, of: hyper) }
    return gradient
  }

  /// Adds the slope of `covarianceCorrection`, by differences.
  private func addCorrection(
    to gradient: inout [Double], at coordinates: [Double], of hyper: FieldHyperparameters
  ) {
    let width = 1e-5
    for k in coordinates.indices {
      guard let (below, above) = settings(beside: coordinates, along: k, by: width, of: hyper) else {
        continue
      }
      gradient[k] += (covarianceCorrection(of: above) - covarianceCorrection(of: below)) / (2 * width)
    }
  }

  /// `hyper` on both sides of `coordinates`, `width` away along one of them; nil where that leaves the range of numbers.
  func settings(beside coordinates: [Double], along k: Int, by width: Double, of hyper: FieldHyperparameters)
    -> (below: FieldHyperparameters, above: FieldHyperparameters)?
  {
    var (low, high) = (coordinates, coordinates)
    low[k] -= width
    high[k] += width
    guard let below = setting(to: low, of: hyper), let above = setting(to: high, of: hyper) else {
      return nil
    }
    return (below, above)
  }
}

extension SpreadPrior {
  /// dτ/dx.
  func slope(atCoordinate x: Double) -> Double {
    guard case .halfNormal(let scale) = self else { return Double.exp(x) }
    let t = value(x) / scale
    return 0.5 * scale * Double.exp(0.5 * (t * t - x * x))
  }

  /// d log p/dx.
  func logDensitySlope(atCoordinate x: Double) -> Double {
    if case .halfNormal = self { return -x }
    let width = 1e-5
    return (logDensity(atCoordinate: x + width) - logDensity(atCoordinate: x - width)) / (2 * width)
  }
}

extension FieldSpectrum {
  /// d/dλ of `halfLogDeterminant`, by differences that stay inside (0, 1).
  func halfLogDeterminantSlope(dependence: Double) -> Double {
    let width = 1e-5 * min(dependence, 1 - dependence)
    let (low, high) = (dependence - width, dependence + width)
    return (halfLogDeterminant(dependence: high) - halfLogDeterminant(dependence: low)) / (high - low)
  }
}
