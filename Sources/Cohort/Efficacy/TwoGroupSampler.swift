internal import GSLSupport

/// The Gibbs sampler of ``TwoGroupModel``, for a number of features fixed when it is compiled.
///
/// One step draws, in this order, from full or partly collapsed conditionals (van Dyk and Park 2008,
/// doi:10.1198/016214508000000409):
/// 1. μ₁, μ₀ given Σ_b, Σ_w, with every b and x integrated out: without this the means and a small Σ_b would
/// crawl along together; 2. b_p given μ and the measurements, x integrated out; 3. Σ_b given b and μ; 4. x_j,
/// then Σ_w (``LatentLesions``). π has its own Beta distribution.
struct TwoGroupSampler<let count: Int> {
  let model: TwoGroupModel
  private let isEffective: [Bool]
  private var lesions: LatentLesions<count>
  private var between: HuangWandCovariance<count>
  private(set) var effects: [FeatureVector<count>]
  private var means = (ineffective: FeatureVector<count>(), effective: FeatureVector<count>())

  init(_ model: TwoGroupModel, patients: [CohortPatient]) {
    self.model = model
    isEffective = patients.map(\.isEffective)
    lesions = LatentLesions(patients.map(\.lesions), spreadScale: model.spreadScale)
    between = HuangWandCovariance(scale: model.spreadScale)
    effects = [FeatureVector<count>](repeating: FeatureVector(), count: patients.count)
  }

  /// Where the chain stands.
  func state(using stream: inout RandomStream) -> TwoGroupState<count> {
    let prevalence =
      switch model.prevalence {
      case .fixed(let value): value
      case .learned:
        stream.beta(
          1 + Double(isEffective.count { $0 }), 1 + Double(isEffective.count { !$0 }))
      }
    return TwoGroupState(
      effective: means.effective, ineffective: means.ineffective, between: between.current.covariance,
      within: lesions.within?.current.covariance, prevalence: prevalence)
  }

  mutating func step(using stream: inout RandomStream) {
    drawMeans(using: &stream)
    let spread = between.current.precision
    let centers = (effective: spread * means.effective, ineffective: spread * means.ineffective)
    var squares = FeatureMatrix<count>()
    for patient in 0..<isEffective.count {
      let message = lesions.patientMessages[patient]
      let isEffective = isEffective[patient]
      let effect = TriangularFactor(spread + message.precision).drawNormal(
        linear: (isEffective ? centers.effective : centers.ineffective) + message.linear, using: &stream)
      effects[patient] = effect
      squares.addOuterProduct(effect - (isEffective ? means.effective : means.ineffective))
    }
    between.update(squares: squares, items: isEffective.count, using: &stream)
    lesions.update(patientEffects: effects, using: &stream)
  }

  /// μ_r | Σ_b ~ N(P⁻¹ Σ_p Λ_p m_p, P⁻¹), P = Σ_p Λ_p + 1/M², with Λ_p = (Σ_b + V_p)⁻¹.
  private mutating func drawMeans(using stream: inout RandomStream) {
    let prior = FeatureMatrix<count>(diagonal: 1 / (model.meanScale * model.meanScale))
    var precisions = (effective: prior, ineffective: prior)
    var linears = (effective: FeatureVector<count>(), ineffective: FeatureVector<count>())
    let spread = between.current.precision
    for patient in 0..<isEffective.count {
      let message = lesions.patientMessages[patient]
      let precision = message.precisionPassed(through: spread)
      let linear = precision * message.location
      if isEffective[patient] {
        precisions.effective += precision
        linears.effective += linear
      } else {
        precisions.ineffective += precision
        linears.ineffective += linear
      }
    }
    means.effective = TriangularFactor(precisions.effective).drawNormal(
      linear: linears.effective, using: &stream)
    means.ineffective = TriangularFactor(precisions.ineffective).drawNormal(
      linear: linears.ineffective, using: &stream)
  }
}
