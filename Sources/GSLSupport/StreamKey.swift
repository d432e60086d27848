/// What a stream of random numbers is for. Two purposes never share numbers.
public enum StreamPurpose: UInt64, Sendable, CaseIterable {
  case warmup = 1
  case sampling
  case nuisance
  case simulation
  case field
  case hyperparameters
  case resampling
  case prior
  /// The second model of a voxel (ADC beside IVIM).
  case companion
  /// The population of that model.
  case companionHyperparameters
  /// Relaxation times of tissue and blood (the blood correction of f).
  case relaxation
  /// What a page predicts of measurements.
  case prediction
  /// What a repeat scan would scatter.
  case repeatScan
  /// Tissue outside the lesions of a simulated scan, the fields inside, lesions, cohorts, patients, and measurements without
  /// images.
  case simulatedTissue
  case simulatedField
  case simulatedLesion
  case simulatedCohort
  case simulatedPatient
  case simulatedMeasurement

  /// Who may draw from streams of this purpose. Truth and inference share no numbers, whatever the seeds.
  public enum Owner: Sendable {
    /// Fits, changes, cohorts and pages: what is inferred.
    case inference
    /// `simulate`, `calibrate` and `delta --sensitivity`: scans that are made up.
    case simulation
  }

  /// The one table of owners.
  public var owner: Owner {
    switch self {
    case .warmup, .sampling, .nuisance, .field, .hyperparameters, .resampling, .prior, .companion,
      .companionHyperparameters, .relaxation, .prediction, .repeatScan:
      .inference
    case .simulation, .simulatedTissue, .simulatedField, .simulatedLesion, .simulatedCohort,
      .simulatedPatient, .simulatedMeasurement:
      .simulation
    }
  }
}

/// The identity of one stream of random numbers: *who* draws, never which thread.
///
/// Streams are keyed by (seed, chain, unit, purpose), where the unit is a voxel or a lesion, so that results do
/// not depend on the number of threads or on the order of the work.
public struct StreamKey: Hashable, Sendable {
  /// The seed of the run.
  public var seed: UInt64
  /// The chain, from 0.
  public var chain: Int
  /// The voxel or lesion, by its index.
  public var unit: Int
  /// What the numbers are for.
  public var purpose: StreamPurpose

  /// The key of chain `chain` of unit `unit` (voxel or lesion index) for `purpose`.
  public init(seed: UInt64, chain: Int = 0, unit: Int = 0, purpose: StreamPurpose) {
    self.seed = seed
    self.chain = chain
    self.unit = unit
    self.purpose = purpose
  }

  /// 64 bits that seed the generator: the four fields absorbed one after the other by the finaliser of
  /// splitmix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195), a bijection at every step.
  public var generatorSeed: UInt64 {
    var hash: UInt64 = 0x243f_6a88_85a3_08d3
    for word in [seed, UInt64(bitPattern: Int64(chain)), UInt64(bitPattern: Int64(unit)), purpose.rawValue] {
      hash = Self.mix((hash ^ word) &+ 0x9e37_79b9_7f4a_7c15)
    }
    return hash
  }

  private static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
