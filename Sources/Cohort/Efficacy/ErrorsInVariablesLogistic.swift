internal import Foundation
internal import GSLSupport
internal import InferenceCore

/// Logistic regression on features that are known with error only: the second opinion beside
/// ``TwoGroupModel``.
///
///     y_p ~ Bernoulli(1 / (1 + exp(−α − βᵀ b_p)))        outcome of patient p
///     b_p ~ N(μ_x, Σ_x),  x_j ~ N(b_p, Σ_w),  m_j ~ N(x_j, V_j)
///     α ~ N(logit π₀, 1.5²),  β_k ~ N(0, 1) per reference unit,  μ_x ~ N(0, 2²),  Σ ~ Huang–Wand(1)
///
/// Σ_w and x_j only if some patient has several lesions, else x_j = b_p. The prior of β keeps it finite when
/// the classes separate. Carroll, Ruppert, Stefanski and Crainiceanu 2006, chapter 9.
public struct ErrorsInVariablesLogistic: Sendable, Equatable, Codable {
  /// What is known of the distribution of true features.
  public enum Structure: Sendable, Equatable, Codable {
    /// μ_x and Σ_x are learned.
    case learned
    /// μ_x and Σ_x (row-major) are given.
    case fixed(mean: [Double], covariance: [Double])
  }

  /// The prior mean of α.
  public var interceptMean: Double
  /// The prior standard deviation of α.
  public var interceptSD: Double
  /// The prior standard deviation of each β_k.
  public var slopeSD: Double
  /// M, the prior standard deviation of μ_x.
  public var meanScale: Double
  /// A, the prior scale of the standard deviations.
  public var spreadScale: Double
  /// Whether the distribution of true features is learned.
  public var structure: Structure

  /// The model with its default priors; α is centred on logit `prevalence`.
  public init(
    prevalence: Double = 0.5, interceptSD: Double = 1.5, slopeSD: Double = 1, meanScale: Double = 2,
    spreadScale: Double = 1, structure: Structure = .learned
  ) {
    self.interceptMean = SpecialFunctions.logit(prevalence)
    self.interceptSD = interceptSD
    self.slopeSD = slopeSD
    self.meanScale = meanScale
    self.spreadScale = spreadScale
    self.structure = structure
  }

  /// Draws from the posterior given `patients`, by Pólya–Gamma Gibbs sampling; conditions as for
  /// ``TwoGroupModel``.
  public func fit(
    _ patients: [CohortPatient], features: [String], sampling: CohortSampling = .standard, seed: UInt64,
    unit: Int = 0
  ) -> LogisticPosterior {
    func run<let count: Int>(_ start: LogisticSampler<count>) -> LogisticPosterior {
      let hasWithin = patients.contains { $0.lesions.count > 1 }
      let parameters = LogisticState<count>.parameters(features: features, hasWithin: hasWithin)
      var values: [Double] = []
      values.reserveCapacity(sampling.chains * sampling.draws * parameters.count)
      for chain in 0..<sampling.chains {
        var stream = RandomStream(StreamKey(seed: seed, chain: chain, unit: unit, purpose: .hyperparameters))
        var sampler = start
        for _ in 0..<sampling.warmup { sampler.step(using: &stream) }
        for _ in 0..<sampling.draws {
          sampler.step(using: &stream)
          sampler.state.append(to: &values)
        }
      }
      return LogisticPosterior(
        features: features, hasWithin: hasWithin,
        draws: Draws(
          parameters: parameters, chainCount: sampling.chains, drawCount: sampling.draws, values: values))
    }
    precondition(
      patients.allSatisfy { $0.lesions.allSatisfy { $0.means.count == features.count } },
      "every lesion is measured by the features \(features)")
    switch features.count {
    case 1: return run(LogisticSampler<1>(self, patients: patients))
    case 2: return run(LogisticSampler<2>(self, patients: patients))
    case 3: return run(LogisticSampler<3>(self, patients: patients))
    case 4: return run(LogisticSampler<4>(self, patients: patients))
    default: preconditionFailure("the logistic model takes 1 to \(TwoGroupModel.mostFeatures) features")
    }
  }
}
