internal import GSLSupport
internal import InferenceCore

/// Two groups of patients, effective and ineffective treatment, seen through measurements with error.
///
///     m_j | x_j ~ N(x_j, V_j)            lesion j as measured, V_j known
///     x_j | b_p ~ N(b_p, Σ_w)            only if some patient has several lesions
///     b_p | y_p = r ~ N(μ_r, Σ_b)        patient p, group r
///     μ_r ~ N(0, M² I),  Σ ~ Huang–Wand(A),  y_p ~ Bernoulli(π),  π ~ Beta(1, 1) or given
///
/// In the reference units of the features. The groups share Σ_b because cohorts are small, which makes the
/// log odds linear in x: Fisher's discriminant with measurement error.
public struct TwoGroupModel: Sendable, Equatable, Codable {
  /// M, the prior standard deviation of the group means.
  public var meanScale: Double
  /// A, the prior scale of the standard deviations between and within patients.
  public var spreadScale: Double
  /// π.
  public var prevalence: Prevalence

  /// The model with its default priors, M = 2 and A = 1.
  public init(meanScale: Double = 2, spreadScale: Double = 1, prevalence: Prevalence = .learned) {
    self.meanScale = meanScale
    self.spreadScale = spreadScale
    self.prevalence = prevalence
  }

  /// The largest number of features that the model takes: more have no place in cohorts of this size.
  public static let mostFeatures = 4

  /// Draws from the posterior given `patients`, by Gibbs sampling.
  ///
  /// - The group sizes are not judged here: one class, or no patient at all, gives a posterior that is the
  ///   prior where nothing was seen. ``EfficacyModel`` refuses such cohorts.
  /// - `unit` keys the random streams, so that refits of the same cohort are independent.
  /// - Precondition: every measurement has `features.count` features, between 1 and ``mostFeatures``.
  public func fit(
    _ patients: [CohortPatient], features: [String], sampling: CohortSampling = .standard, seed: UInt64,
    unit: Int = 0, keepsPatientEffects: Bool = false
  ) -> TwoGroupPosterior {
    func run<let count: Int>(_ sampler: TwoGroupSampler<count>) -> TwoGroupPosterior {
      let hasWithin = patients.contains { $0.lesions.count > 1 }
      let parameters = TwoGroupState<count>.parameters(features: features, hasWithin: hasWithin)
      var values: [Double] = []
      values.reserveCapacity(sampling.chains * sampling.draws * parameters.count)
      var effects: [[Double]] = []
      for chain in 0..<sampling.chains {
        var stream = RandomStream(StreamKey(seed: seed, chain: chain, unit: unit, purpose: .sampling))
        var sampler = sampler
        for _ in 0..<sampling.warmup { sampler.step(using: &stream) }
        for _ in 0..<sampling.draws {
          sampler.step(using: &stream)
          sampler.state(using: &stream).append(to: &values)
          if keepsPatientEffects { effects.append(sampler.effects.flatMap(\.array)) }
        }
      }
      return TwoGroupPosterior(
        features: features, hasWithin: hasWithin,
        draws: Draws(
          parameters: parameters, chainCount: sampling.chains, drawCount: sampling.draws, values: values),
        patientEffects: effects)
    }
    precondition(
      patients.allSatisfy { $0.lesions.allSatisfy { $0.means.count == features.count } },
      "every lesion is measured by the features \(features)")
    switch features.count {
    case 1: return run(TwoGroupSampler<1>(self, patients: patients))
    case 2: return run(TwoGroupSampler<2>(self, patients: patients))
    case 3: return run(TwoGroupSampler<3>(self, patients: patients))
    case 4: return run(TwoGroupSampler<4>(self, patients: patients))
    default: preconditionFailure("the two-group model takes 1 to \(Self.mostFeatures) features")
    }
  }
}
