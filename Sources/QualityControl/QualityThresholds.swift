/// What makes a volume of a lesion suspect.
///
/// The defaults were set on simulated lesions of 60 to 800 voxels at SNR 20 to 40 so that a faultless volume is flagged
/// in well under 1 % and a volume scaled by 0.7 or shifted by two voxels in over 95 %; the tests hold them to it.
public struct QualityThresholds: Sendable, Equatable {
  /// Two-sided probability beyond which a residual of the lesion mean is no chance.
  public var residualProbability = 5e-4
  /// The smallest relative deviation of the lesion mean worth a flag.
  public var smallestDeviation = 0.05
  /// How far a lesion's mean curve is from any one tissue's, as a share of the largest signal: on scans of the prostate
  /// the biexponential fit of region means leaves 0.3 to 0.5 %.
  public var curveMisfit = 0.005
  /// The weight of the expected residual variance against the observed one, in observations (moderated t, Smyth 2004,
  /// doi:10.2202/1544-6115.1027).
  public var priorObservations = 4.0
  /// The smallest displacement worth a flag, voxels.
  public var smallestShift = 0.8
  /// How much better the displaced volume must match: log-likelihood gain.
  public var shiftEvidence = 12.0
  /// Voxels that one independent noise value stands for, after the scanner's interpolation.
  public var voxelsPerIndependentNoise = 4.0
  /// |standardised residual| beyond which a voxel is an outlier.
  public var outlierResidual = 4.0
  /// The share of outlying voxels beyond which a volume is flagged.
  public var outlyingShare = 0.2

  /// The defaults.
  public init() {}
}
