/// What can be wrong with one volume of one lesion.
public enum VolumeFault: String, Sendable, CaseIterable, Codable {
  /// The lesion's mean signal is off the curve.
  case signal
  /// The surroundings of the lesion are displaced.
  case shift
  /// Many of the lesion's voxels are off their curves.
  case outliers
}

/// The quality of one volume in one lesion: a line of the quality table.
public struct VolumeQuality: Sendable, Equatable {
  /// The lesion's label.
  public let label: Int
  /// The lesion's name.
  public let name: String
  /// The volume, counted from 0 in the file.
  public let volume: Int
  /// b-value in s/mm², time in s, or angle in degrees.
  public let setting: Double
  /// Mean signal of the lesion, image units.
  public let meanSignal: Double
  /// (mean − prediction from the other volumes) / its standard deviation; NaN if the others do not determine a curve.
  public let standardizedResidual: Double
  /// Displacement against the other volumes, voxels; NaN where the surroundings do not show it.
  public let edgeShift: Double
  /// Share of the lesion's voxels whose residual is beyond the threshold; NaN if there are too few volumes.
  public let outlyingShare: Double
  /// Mean signal over the noise SD of one voxel; NaN if there are too few volumes.
  public let snr: Double
  /// What is wrong; empty for a good volume.
  public let faults: [VolumeFault]

  /// The quality of one volume in one lesion.
  public init(
    label: Int, name: String, volume: Int, setting: Double, meanSignal: Double, standardizedResidual: Double,
    edgeShift: Double, outlyingShare: Double, snr: Double, faults: [VolumeFault]
  ) {
    self.label = label
    self.name = name
    self.volume = volume
    self.setting = setting
    self.meanSignal = meanSignal
    self.standardizedResidual = standardizedResidual
    self.edgeShift = edgeShift
    self.outlyingShare = outlyingShare
    self.snr = snr
    self.faults = faults
  }

  /// True if something is wrong.
  public var isFlagged: Bool { !faults.isEmpty }
}
