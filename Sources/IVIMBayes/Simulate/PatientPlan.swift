internal import Foundation
internal import GSLSupport

/// What `simulate patient` makes: one patient with lesions of known change, scanned at every visit.
public struct PatientPlan: SimulationPlan, Equatable {
  /// An ellipsoid of varying tissue, and what treatment makes of it.
  public struct Lesion: Codable, Sendable, Equatable {
    /// What the lesion is called.
    public var name = "lesion"
    /// Centre in voxels, counted from 0.
    public var center = [8.0, 12.0, 3.0]
    /// Semi-axes in voxels.
    public var radii = [4.0, 4.0, 2.2]
    /// The lesion's median tissue at baseline.
    public var tissue = SimulatedTissue()
    /// How its voxels differ.
    public var heterogeneity = Heterogeneity()
    /// The change of the tissue on the axes log D, logit f, log D*, log T1.
    public var change = TissueAxes()
    /// Diameter afterwards over diameter before.
    public var size = 1.0

    /// An unchanging lesion.
    public init() {}
  }

  /// The name of the simulated subject, as in `sub-LABEL`.
  public var label = "SYN01"
  /// CR, PR, SD or PD.
  public var outcome = "PR"
  /// positive or negative.
  public var pdl1 = "positive"
  /// Extents in voxels.
  public var shape = [26, 24, 7]
  /// The lesions; where two overlap, the later one counts.
  public var lesions = [Lesion]()
  /// Protocol, visits and what differs between scans.
  public var scan = ScanPlan()

  /// The default plan: one lesion that does not change, and one that responds (D up, T1 down, smaller).
  ///
  /// The first is a lesion of all defaults, because the lesions of a plan file are completed from it.
  public init() {
    var first = Lesion()
    first.name = "upper-lobe"
    var second = Lesion()
    second.name = "lower-lobe"
    second.center = [18, 11, 3]
    second.radii = [3.6, 4, 2.2]
    second.tissue.d = 0.95e-3
    second.tissue.f = 0.22
    second.tissue.t1 = 1.5
    second.heterogeneity.pattern = .rimCore
    second.change = TissueAxes(d: 0.25, f: 0.1, t1: -0.12)
    second.size = 0.85
    lesions = [first, second]
  }

  /// What cannot be simulated.
  public var complaints: [String] {
    var complaints = scan.complaints
    func require(_ holds: Bool, _ complaint: String) {
      if !holds { complaints.append(complaint) }
    }
    require(label.isBIDSLabel, "label must consist of letters and digits")
    require(["CR", "PR", "SD", "PD"].contains(outcome), "outcome must be CR, PR, SD or PD")
    require(["positive", "negative"].contains(pdl1), "pdl1 must be positive or negative")
    require(
      shape.count == 3 && shape.allSatisfy { (1...512).contains($0) }, "shape needs three extents, 1 to 512")
    require(!lesions.isEmpty, "lesions needs one lesion or more")
    if let complaint = Self.complaint(ofShape: shape.map(Double.init), volumes: scan.mostVolumes) {
      complaints.append(complaint)
    }
    for lesion in lesions {
      require(
        lesion.center.count == 3 && lesion.radii.count == 3 && lesion.radii.allSatisfy { $0 > 0 },
        "each lesion needs a center and three positive radii")
      require(lesion.size > 0, "the size of a lesion must be positive")
      for complaint in [lesion.tissue.complaint, lesion.heterogeneity.complaint].compactMap({ $0 }) {
        complaints.append(complaint)
      }
    }
    return complaints
  }

  /// The patient with what `seed` lets differ between the scans.
  func patient(seed: UInt64) -> SimulatedPatient {
    SimulatedPatient(
      index: 0, label: label, outcome: outcome, isEffective: ["CR", "PR"].contains(outcome),
      isPDL1Positive: pdl1 == "positive",
      lesions: lesions.enumerated().map { number, lesion in
        SimulatedPatient.Lesion(
          name: lesion.name, center: lesion.center, radii: lesion.radii, size: lesion.size,
          tissue: lesion.tissue, change: lesion.change, heterogeneity: lesion.heterogeneity,
          scanShifts: scan.scanShifts(seed: seed, patient: 0, lesion: number))
      },
      snr: scan.visits.map { _ in 1 }, shape: shape)
  }
}

extension ScanPlan {
  /// What differs between the scans of one lesion although it has not changed, for each visit.
  func scanShifts(seed: UInt64, patient: Int, lesion: Int) -> [TissueAxes] {
    var random = RandomStream(StreamKey(seed: seed, chain: patient, unit: lesion, purpose: .simulatedLesion))
    return visits.map { _ in random.step(sd: scanToScan) }
  }
}

extension RandomStream {
  /// A normal step on each axis with these SDs.
  mutating func step(sd: TissueAxes) -> TissueAxes {
    TissueAxes(values: sd.values.map { $0 * normal() })
  }

  /// A number between `bounds[0]` and `bounds[1]`, uniform on the log axis.
  mutating func logUniform(_ bounds: [Double]) -> Double {
    bounds[0] * pow(bounds[1] / bounds[0], uniform())
  }
}
