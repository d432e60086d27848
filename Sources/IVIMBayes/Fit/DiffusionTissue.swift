internal import Acquisitions
internal import GSLSupport
internal import LaneMath
internal import Posteriors
internal import SignalModels

/// Biexponential IVIM in tissue with these priors.
struct BiexponentialTissue: TissueModel {
  let shape: BiexponentialIVIM
  let priors: TissuePriors
  let openAxis = BiexponentialIVIM.openAxis
  /// Much slow perfusion, or little of the fast kind: log(D* − D).
  var modeAxis: Int? { openAxis }
  static let quantities = [
    Quantity("d", unit: "mm2/s", scale: .log),
    Quantity("f", unit: "", scale: .logit),
    Quantity("dstar", unit: "mm2/s", scale: .log),
    Quantity("fdstar", unit: "mm2/s", scale: .log, isMapped: false),
    .s0, .sigma,
  ]
  var quantities: [Quantity] { Self.quantities }

  init(bValues: [Double], priors: TissuePriors) {
    shape = BiexponentialIVIM(bValues: bValues.map { BValue($0) })
    self.priors = priors
  }

  var axes: [FieldAxis] {
    let spreads = priors.heterogeneity
    return [
      FieldAxis(
        "d", unit: "mm2/s", mean: Double.log(1000 * priors.d.median), sd: priors.d.sd,
        spread: spreads["d"] ?? 0.3
      ) { 1e-3 * Double.exp($0) },
      FieldAxis("f", unit: "", mean: logitF, sd: priors.f.sd, spread: spreads["f"] ?? 0.5) {
        Double.logistic($0)
      },
      FieldAxis(
        "dstar_minus_d", unit: "mm2/s", mean: Double.log(1000 * priors.dStarMinusD.median),
        sd: priors.dStarMinusD.sd, spread: spreads["dstar_minus_d"] ?? 0.3
      ) { 1e-3 * Double.exp($0) },
    ]
  }

  private var logitF: Double { Double.log(priors.f.median / (1 - priors.f.median)) }

  /// η = (log D, logit f, log(D* − D)), D in µm²/ms.
  func prior(of rows: [Int]) -> NormalPrior<Lane8> {
    NormalPrior(
      means: [Double.log(1000 * priors.d.median), logitF, Double.log(1000 * priors.dStarMinusD.median)],
      standardDeviations: [priors.d.sd, priors.f.sd, priors.dStarMinusD.sd])
  }

  func values(eta: [Lane8], amplitude: Lane8, sigma: Lane8) -> [Lane8] {
    let d = 1e-3 * Lane8.exp(eta[0])
    let f = Lane8.logistic(eta[1])
    let dStar = d + 1e-3 * Lane8.exp(eta[2])
    return [d, f, dStar, f * dStar, amplitude, sigma]
  }

  func set(
    _ values: inout [Lane8], eta: [Lane8], byproducts: [Lane8], from first: Int, amplitude: Lane8,
    sigma: Lane8
  ) {
    let (d, f, delta) = (1e-3 * byproducts[first], byproducts[first + 1], byproducts[first + 2])
    let dStar = d + 1e-3 * delta
    values[0] = d
    values[1] = f
    values[2] = dStar
    values[3] = f * dStar
    values[4] = amplitude
    values[5] = sigma
  }

  let amplitudeIndex = 4

  func coordinates(of values: [Double]) -> [Double] {
    let (d, f, dStar) = (values[0], values[1], values[2])
    return [Double.log(1000 * d), Double.log(f / (1 - f)), Double.log(1000 * (dStar - d))]
  }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    let d = priors.d.median * Double.exp(priors.d.sd * random.normal())
    let f = Double.logistic(logitF + priors.f.sd * random.normal())
    let dStar = d + priors.dStarMinusD.median * Double.exp(priors.dStarMinusD.sd * random.normal())
    return [d, f, dStar, f * dStar, .nan, .nan]
  }
}

/// Monoexponential decay in tissue with these priors; alone it reports S₀ and σ too.
struct MonoexponentialTissue: TissueModel {
  let shape: MonoexponentialADC
  let priors: TissuePriors
  let openAxis = 0
  private let isAlone: Bool
  var reportsOneCoordinate: Bool { !isAlone }

  init(bValues: [Double], priors: TissuePriors, isAlone: Bool) {
    shape = MonoexponentialADC(bValues: bValues.map { BValue($0) })
    self.priors = priors
    self.isAlone = isAlone
  }

  var quantities: [Quantity] { Self.quantities(isAlone: isAlone) }

  static func quantities(isAlone: Bool) -> [Quantity] {
    [Quantity("adc", unit: "mm2/s", scale: .log)] + (isAlone ? [.s0, .sigma] : [])
  }

  var axes: [FieldAxis] {
    [
      FieldAxis(
        "adc", unit: "mm2/s", mean: Double.log(1000 * priors.adc.median), sd: priors.adc.sd,
        spread: priors.heterogeneity["adc"] ?? 0.3
      ) { 1e-3 * Double.exp($0) }
    ]
  }

  /// η = (log ADC), ADC in µm²/ms.
  func prior(of rows: [Int]) -> NormalPrior<Lane8> {
    NormalPrior(means: [Double.log(1000 * priors.adc.median)], standardDeviations: [priors.adc.sd])
  }

  func values(eta: [Lane8], amplitude: Lane8, sigma: Lane8) -> [Lane8] {
    let adc = 1e-3 * Lane8.exp(eta[0])
    return isAlone ? [adc, amplitude, sigma] : [adc]
  }

  let amplitudeIndex = 1

  func coordinates(of values: [Double]) -> [Double] { [Double.log(1000 * values[0])] }

  func priorDraw(using random: inout RandomStream) -> [Double] {
    let adc = priors.adc.median * Double.exp(priors.adc.sd * random.normal())
    return isAlone ? [adc, .nan, .nan] : [adc]
  }
}
