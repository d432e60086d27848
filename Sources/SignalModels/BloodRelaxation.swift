public import LaneMath

/// The share of blood in a voxel's volume from its share in the signal: what T1 and T2 weighting does to f.
///
///     w = (1 − e^(−TR/T1)) e^(−TE/T2)        f_vol = f wₜ / (f wₜ + (1 − f) w_b)
///
/// for tissue (t) and blood (b). Lemke et al. 2010, doi:10.1002/mrm.22565. All times in one unit.
///
/// - Applied to each draw, with the draw's own T1 and T2 where they are uncertain: the extra variance then shows.
/// - f and f_vol of one cohort must never be mixed.
public struct BloodRelaxation<L: Lane>: Sendable {
  /// wₜ.
  public let tissueWeight: L
  /// w_b.
  public let bloodWeight: L

  /// The weights of a spin echo of `echoTime` and `repetitionTime`.
  @inlinable
  public init(
    echoTime: Double, repetitionTime: Double, tissueT1: L, tissueT2: L, bloodT1: L, bloodT2: L
  ) {
    func weight(_ t1: L, _ t2: L) -> L { (1 - L.exp(L(-repetitionTime) / t1)) * L.exp(L(-echoTime) / t2) }
    tissueWeight = weight(tissueT1, tissueT2)
    bloodWeight = weight(bloodT1, bloodT2)
  }

  /// f_vol for the signal fraction f; 0 stays 0 and 1 stays 1.
  @inlinable
  public func volumeFraction(ofSignalFraction f: L) -> L {
    f * tissueWeight / (f * tissueWeight + (1 - f) * bloodWeight)
  }

  /// The signal fraction for the volume fraction f_vol: the inverse.
  @inlinable
  public func signalFraction(ofVolumeFraction f: L) -> L {
    f * bloodWeight / (f * bloodWeight + (1 - f) * tissueWeight)
  }
}
