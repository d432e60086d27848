extension TwoGroupPosterior {
  /// The probability for one lesion of a new patient, measured as `lesion`.
  ///
  /// - Nothing measured: the prevalence, with a Bayes factor of 1.
  /// - `seed` keys the draws behind the range `ifKnown`; everything else is free of simulation.
  public func predict(lesion: FeatureMeasurement, seed: UInt64 = 0) -> EfficacyPrediction {
    predict(.lesion([lesion]), seed: seed)
  }

  /// The probability for one lesion of which the images gave `draws` of the features instead of a normal
  /// posterior.
  ///
  /// L_r is then the mean over the draws of N(x; μ_r, C + `scanCovariance`), the scan-to-scan covariance of
  /// the features (row-major). At most 200 draws are used, evenly spaced.
  public func predict(draws: [[Double]], scanCovariance: [Double], seed: UInt64 = 0) -> EfficacyPrediction {
    precondition(!draws.isEmpty, "a lesion without draws says nothing")
    let step = max(1, draws.count / 200)
    // A message needs an inverse: a spread of 10⁻⁶ reference units stands for none.
    let covariance = scanCovariance.enumerated().map { index, entry in
      entry + (index % (features.count + 1) == 0 ? 1e-12 : 0)
    }
    let mixture = stride(from: 0, to: draws.count, by: step).map {
      FeatureMeasurement(means: draws[$0], covariance: covariance)
    }
    return predict(.lesion(mixture), seed: seed)
  }

  /// The probability for a new patient, from all `lesions` together.
  ///
  /// Nil if there are several lesions but the cohort has one for each patient: it then knows nothing of the
  /// spread within patients, and counting the lesions as independent would overstate what they say.
  public func predict(patient lesions: [FeatureMeasurement], seed: UInt64 = 0) -> EfficacyPrediction? {
    guard !lesions.isEmpty, hasWithin || lesions.count == 1 else { return nil }
    return predict(.patient(lesions), seed: seed)
  }

  /// P(effective) of a new patient without what qualifies it, many times faster; nil as
  /// ``predict(patient:seed:)``.
  public func probability(patient lesions: [FeatureMeasurement]) -> Double? {
    guard !lesions.isEmpty, hasWithin || lesions.count == 1 else { return nil }
    func run<let count: Int>(_ states: [TwoGroupState<count>]) -> Double {
      TwoGroupPredictor(states: states).probability(.patient(lesions.map { $0.message() }))
    }
    switch features.count {
    case 1: return run(states() as [TwoGroupState<1>])
    case 2: return run(states() as [TwoGroupState<2>])
    case 3: return run(states() as [TwoGroupState<3>])
    default: return run(states() as [TwoGroupState<4>])
    }
  }

  private enum Target {
    case lesion([FeatureMeasurement])
    case patient([FeatureMeasurement])
  }

  private func predict(_ target: Target, seed: UInt64) -> EfficacyPrediction {
    func run<let count: Int>(_ states: [TwoGroupState<count>]) -> EfficacyPrediction {
      let evidence: TwoGroupPredictor<count>.Evidence =
        switch target {
        case .lesion(let mixture): .lesion(mixture.map { $0.message() })
        case .patient(let lesions): .patient(lesions.map { $0.message() })
        }
      return TwoGroupPredictor(states: states).predict(evidence, seed: seed)
    }
    switch features.count {
    case 1: return run(states() as [TwoGroupState<1>])
    case 2: return run(states() as [TwoGroupState<2>])
    case 3: return run(states() as [TwoGroupState<3>])
    default: return run(states() as [TwoGroupState<4>])
    }
  }
}
