internal import GSLSupport

/// The Gibbs sampler of ``ErrorsInVariablesLogistic``.
///
/// With ω_p ~ PG(1, ψ_p), ψ_p = α + βᵀb_p, and κ_p = y_p − 1/2 the likelihood is exp(κψ − ωψ²/2): normal in
/// (α, β) given b, and in b given (α, β).
struct LogisticSampler<let count: Int> {
  private let model: ErrorsInVariablesLogistic
  private let kappas: [Double]
  private var lesions: LatentLesions<count>
  private var effects: [FeatureVector<count>]
  private var intercept: Double
  private var slope = FeatureVector<count>()
  private var mean = FeatureVector<count>()
  private var spread: HuangWandCovariance<count>
  private let fixedSpread: CovarianceDraw<count>?

  init(_ model: ErrorsInVariablesLogistic, patients: [CohortPatient]) {
    self.model = model
    kappas = patients.map { $0.isEffective ? 0.5 : -0.5 }
    lesions = LatentLesions(patients.map(\.lesions), spreadScale: model.spreadScale)
    effects = [FeatureVector<count>](repeating: FeatureVector(), count: patients.count)
    intercept = model.interceptMean
    spread = HuangWandCovariance(scale: model.spreadScale)
    if case .fixed(let mean, let covariance) = model.structure {
      self.mean = FeatureVector(mean)
      fixedSpread = CovarianceDraw(FeatureMatrix(covariance))
    } else {
      fixedSpread = nil
    }
  }

  /// Where the chain stands.
  var state: LogisticState<count> {
    LogisticState(
      intercept: intercept, slope: slope, mean: mean, spread: (fixedSpread ?? spread.current).covariance,
      within: lesions.within?.current.covariance)
  }

  mutating func step(using stream: inout RandomStream) {
    let precision = (fixedSpread ?? spread.current).precision
    let center = precision * mean
    // Sums over patients for (α, β) given ω and b: Σω, Σωb, Σωbbᵀ, Σκ, Σκb.
    var total = 0.0
    var weighted = FeatureVector<count>()
    var square = FeatureMatrix<count>()
    var (kappaSum, kappaWeighted) = (0.0, FeatureVector<count>())
    for patient in 0..<kappas.count {
      let message = lesions.patientMessages[patient]
      let kappa = kappas[patient]
      let omega = PolyaGamma.draw(intercept + slope.dot(effects[patient]), using: &stream)
      var sum = precision + message.precision
      sum.addOuterProduct(slope, weight: omega)
      let effect = TriangularFactor(sum).drawNormal(
        linear: center + message.linear + (kappa - omega * intercept) * slope, using: &stream)
      effects[patient] = effect
      total += omega
      weighted += omega * effect
      square.addOuterProduct(effect, weight: omega)
      kappaSum += kappa
      kappaWeighted += kappa * effect
    }
    drawCoefficients(
      total: total, weighted: weighted, square: square, kappaSum: kappaSum, kappaWeighted: kappaWeighted,
      using: &stream)
    if fixedSpread == nil { drawStructure(using: &stream) }
    lesions.update(patientEffects: effects, using: &stream)
  }

  /// (α, β) jointly: β with α integrated out (a Schur complement), then α given β.
  private mutating func drawCoefficients(
    total: Double, weighted: FeatureVector<count>, square: FeatureMatrix<count>, kappaSum: Double,
    kappaWeighted: FeatureVector<count>, using stream: inout RandomStream
  ) {
    let priorPrecision = 1 / (model.interceptSD * model.interceptSD)
    let pivot = total + priorPrecision
    let right = kappaSum + priorPrecision * model.interceptMean
    var complement = square + FeatureMatrix(diagonal: 1 / (model.slopeSD * model.slopeSD))
    complement.addOuterProduct(weighted, weight: -1 / pivot)
    slope = TriangularFactor(complement)
      .drawNormal(linear: kappaWeighted - (right / pivot) * weighted, using: &stream)
    intercept = (right - weighted.dot(slope)) / pivot + stream.normal() / pivot.squareRoot()
  }

  /// μ_x and Σ_x given every b.
  private mutating func drawStructure(using stream: inout RandomStream) {
    let precision = spread.current.precision
    var (sum, squares) = (FeatureVector<count>(), FeatureMatrix<count>())
    var total = FeatureMatrix<count>(diagonal: 1 / (model.meanScale * model.meanScale))
    for effect in effects {
      sum += effect
      total += precision
    }
    mean = TriangularFactor(total).drawNormal(linear: precision * sum, using: &stream)
    for effect in effects { squares.addOuterProduct(effect - mean) }
    spread.update(squares: squares, items: effects.count, using: &stream)
  }
}
