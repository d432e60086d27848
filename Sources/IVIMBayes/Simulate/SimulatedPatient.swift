/// A patient of known truth, before any image is made.
struct SimulatedPatient: Sendable {
  /// A lesion and what becomes of it.
  struct Lesion: Sendable {
    var name: String
    /// In voxels, from 0.
    var center: [Double]
    /// Semi-axes at baseline, in voxels.
    var radii: [Double]
    /// Diameter after the whole change over diameter at baseline.
    var size: Double
    /// The tissue at baseline.
    var tissue: SimulatedTissue
    /// The whole change.
    var change: TissueAxes
    var heterogeneity: Heterogeneity
    /// What each visit's scan moves the tissue by although it has not changed.
    var scanShifts: [TissueAxes]

    /// The tissue at a visit, without what differs between scans anyway.
    func tissue(at visit: ScanPlan.Visit) -> SimulatedTissue { tissue.moved(by: visit.progress * change) }

    /// The semi-axes at a visit, in voxels.
    func radii(at visit: ScanPlan.Visit) -> [Double] {
      radii.map { $0 * (1 + (size - 1) * visit.progress) * visit.contour }
    }
  }

  /// What keys the random numbers of this patient.
  var index: Int
  /// As in `sub-LABEL`.
  var label: String
  /// PR, SD or PD.
  var outcome: String
  var isEffective: Bool
  var isPDL1Positive: Bool
  var lesions: [Lesion]
  /// What each visit's SNR is multiplied by.
  var snr: [Double]
  /// Extents of every image in voxels.
  var shape: [Int]

  var subject: String { "sub-\(label)" }
  /// The fields of the participant's row.
  var pdl1: String { isPDL1Positive ? "positive" : "negative" }
}
