internal import Foundation
internal import GSLSupport

/// What `simulate cohort` makes: patients whose treatment was effective or not, with lesions that change accordingly.
///
/// The truth of lesion j of patient p in group r moves on the axes log D, logit f, log D*, log T1 by
///
///     Δ_j = μ_r + SD_patient ε_p + SD_lesion ε_j
///
/// and its baseline varies likewise about `tissue`. PD-L1 is drawn independently of everything. The defaults separate the
/// groups by d′ ≈ 1.6 in Δ log ADC and in post-treatment log T1: chosen for demonstration, not taken from patients.
public struct CohortPlan: SimulationPlan, Equatable {
  /// The mean change of each group.
  public struct Response: Codable, Sendable, Equatable {
    /// Of patients whose treatment was effective.
    public var effective = TissueAxes(d: 0.2, f: 0.1, t1: -0.12)
    /// Of the others.
    public var ineffective = TissueAxes(d: 0.01)
  }

  /// Diameters after the whole change over diameters before, by outcome.
  public struct Sizes: Codable, Sendable, Equatable {
    /// Of partial response.
    public var pr = 0.65
    /// Of stable disease.
    public var sd = 1.0
    /// Of progressive disease.
    public var pd = 1.25

    enum CodingKeys: String, CodingKey {
      case pr = "PR"
      case sd = "SD"
      case pd = "PD"
    }

    func size(of outcome: String) -> Double { outcome == "PR" ? pr : outcome == "PD" ? pd : sd }
  }

  /// How well a lesion is measured where no images are made (`--as-table`).
  public struct TableNoise: Codable, Sendable, Equatable {
    /// Typical SDs of a lesion's mean.
    public var sd = TissueAxes(d: 0.03, f: 0.12, dstar: 0.25, t1: 0.015)
    /// The largest of these SDs over the smallest, between scans.
    public var spread = 5.0
  }

  /// The number of patients.
  public var patients = 23
  /// How many of them were treated effectively.
  public var effective = 12
  /// The probability of PD-L1 being positive, in both groups.
  public var pdl1Positive = 0.5
  /// Smallest and largest number of lesions of a patient.
  public var lesionsPerPatient = [1, 3]
  /// Smallest and largest diameter at baseline, mm.
  public var diameter = [14.0, 28.0]
  /// The patterns that lesions take in turn.
  public var patterns = Heterogeneity.Pattern.allCases
  /// SDs and smoothness within lesions; the pattern is taken from `patterns`.
  public var heterogeneity = Heterogeneity()
  /// The median tissue at baseline.
  public var tissue = SimulatedTissue()
  /// SDs of the baseline between patients.
  public var patientSD = TissueAxes(d: 0.12, f: 0.3, dstar: 0.2, t1: 0.05)
  /// SDs of the baseline between the lesions of a patient.
  public var lesionSD = TissueAxes(d: 0.08, f: 0.2, dstar: 0.1, t1: 0.03)
  /// The mean change of each group.
  public var change = Response()
  /// SDs of the change between patients.
  public var changePatientSD = TissueAxes(d: 0.1, f: 0.25, dstar: 0.15, t1: 0.04)
  /// SDs of the change between the lesions of a patient.
  public var changeLesionSD = TissueAxes(d: 0.05, f: 0.1, dstar: 0.1, t1: 0.02)
  /// What becomes of the diameters.
  public var size = Sizes()
  /// Smallest and largest factor of a scan's SNR.
  public var snrFactor = [0.7, 1.3]
  /// How well lesions are measured in a table.
  public var tableNoise = TableNoise()
  /// Protocol, visits and what differs between scans.
  public var scan = ScanPlan()

  enum CodingKeys: String, CodingKey {
    case patients, effective
    case pdl1Positive = "pdl1_positive"
    case lesionsPerPatient = "lesions_per_patient"
    case diameter = "diameter_mm"
    case patterns, heterogeneity, tissue
    case patientSD = "patient_sd"
    case lesionSD = "lesion_sd"
    case change
    case changePatientSD = "change_patient_sd"
    case changeLesionSD = "change_lesion_sd"
    case size
    case snrFactor = "snr_factor"
    case tableNoise = "table_noise"
    case scan
  }

  /// The default plan: 23 patients, 12 of them treated effectively.
  public init() {}

  /// What cannot be simulated.
  public var complaints: [String] {
    var complaints = scan.complaints
    func require(_ holds: Bool, _ complaint: String) {
      if !holds { complaints.append(complaint) }
    }
    func isRange(_ bounds: [Double]) -> Bool { bounds.count == 2 && bounds[0] > 0 && bounds[0] <= bounds[1] }
    require((1...9999).contains(patients), "patients must be 1 to 9999")
    require((0...max(0, patients)).contains(effective), "effective must be between 0 and patients")
    require((0...1).contains(pdl1Positive), "pdl1_positive must be a probability")
    require(
      lesionsPerPatient.count == 2 && lesionsPerPatient[0] >= 1
        && lesionsPerPatient[0] <= lesionsPerPatient[1]
        && lesionsPerPatient[1] <= 20,
      "lesions_per_patient needs two increasing numbers, 1 to 20")
    require(
      isRange(diameter) && (diameter.last ?? 0) <= 300, "diameter_mm needs two increasing numbers up to 300")
    require(isRange(snrFactor), "snr_factor needs two increasing positive numbers")
    require(!patterns.isEmpty, "patterns needs one pattern or more")
    require(
      [patientSD, lesionSD, changePatientSD, changeLesionSD, tableNoise.sd].allSatisfy(\.areDeviations),
      "standard deviations must not be negative")
    require(tableNoise.spread >= 1, "the spread of table_noise must be 1 or more")
    require([size.pr, size.sd, size.pd].allSatisfy { (0.05...5).contains($0) }, "sizes must be 0.05 to 5")
    for complaint in [tissue.complaint, heterogeneity.complaint].compactMap({ $0 }) {
      complaints.append(complaint)
    }
    // The extents follow from the rest of the plan, and mean nothing where it does not.
    guard complaints.isEmpty else { return complaints }
    let extents = CohortGeometry.extents(self)
    return Self.complaint(ofShape: extents, volumes: scan.mostVolumes).map { ["\($0): enlarge voxel_size"] }
      ?? []
  }

  /// The patients that `seed` draws; patient p of the same group does not depend on how many follow.
  func drawPatients(seed: UInt64) -> [SimulatedPatient] {
    let groups = drawGroups(seed: seed)
    return groups.indices.map { drawPatient($0, isEffective: groups[$0], seed: seed) }
  }

  /// Which patients were treated effectively: `effective` of them, in random order.
  private func drawGroups(seed: UInt64) -> [Bool] {
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulatedCohort))
    var groups = (0..<patients).map { $0 < effective }
    for place in stride(from: patients - 1, to: 0, by: -1) {
      groups.swapAt(place, random.uniformInteger(below: place + 1))
    }
    return groups
  }

  private func drawPatient(_ index: Int, isEffective: Bool, seed: UInt64) -> SimulatedPatient {
    var random = RandomStream(StreamKey(seed: seed, unit: index, purpose: .simulatedPatient))
    let isPositive = random.bernoulli(pdl1Positive)
    let outcome = isEffective ? "PR" : random.bernoulli(0.5) ? "SD" : "PD"
    let ownTissue = random.step(sd: patientSD)
    let ownChange = random.step(sd: changePatientSD)
    let snr = scan.visits.map { _ in random.logUniform(snrFactor) }
    let spare = lesionsPerPatient[1] - lesionsPerPatient[0] + 1
    let count = lesionsPerPatient[0] + random.uniformInteger(below: spare)
    let places = CohortGeometry(self)
    let lesions = (0..<count).map { number in
      var variation = heterogeneity
      variation.pattern = patterns[(index + number) % patterns.count]
      let mean = isEffective ? change.effective : change.ineffective
      let radius = random.logUniform(diameter) / 2
      return SimulatedPatient.Lesion(
        name: "lesion-\(number + 1)",
        center: places.center(number).map { $0 + 0.5 * (random.uniform() - 0.5) },
        radii: scan.voxelSize.map { radius * (0.9 + 0.2 * random.uniform()) / $0 },
        size: size.size(of: outcome),
        tissue: tissue.moved(by: ownTissue + random.step(sd: lesionSD)),
        change: mean + ownChange + random.step(sd: changeLesionSD), heterogeneity: variation,
        scanShifts: scan.scanShifts(seed: seed, patient: index, lesion: number))
    }
    let digits = max(2, "\(patients)".count)
    return SimulatedPatient(
      index: index, label: "SYN" + String(format: "%0\(digits)d", index + 1), outcome: outcome,
      isEffective: isEffective, isPDL1Positive: isPositive, lesions: lesions, snr: snr, shape: places.shape)
  }
}

/// Where the lesions of a cohort's patients lie: side by side along x, each in a box that holds the largest.
private struct CohortGeometry {
  let shape: [Int]
  private let boxWidth: Int

  init(_ plan: CohortPlan) {
    shape = Self.extents(plan).map { Int($0) }
    boxWidth = shape[0] / plan.lesionsPerPatient[1]
  }

  /// The extents of the images in voxels: numbers that no integer need hold as long as nobody has checked them.
  static func extents(_ plan: CohortPlan) -> [Double] {
    let visits = plan.scan.visits
    let growth = [plan.size.pr, plan.size.sd, plan.size.pd].flatMap { size in
      visits.map { (1 + (size - 1) * $0.progress) * $0.contour }
    }
    let largest = plan.diameter[1] * 1.1 * (growth.max() ?? 1)
    let box = plan.scan.voxelSize.map { (largest / $0).rounded(.up) + 3 }
    return [box[0] * Double(plan.lesionsPerPatient[1]), box[1], box[2]]
  }

  /// The middle of box `number`, in voxels.
  func center(_ number: Int) -> [Double] {
    [
      Double(number * boxWidth) + Double(boxWidth - 1) / 2, Double(shape[1] - 1) / 2,
      Double(shape[2] - 1) / 2,
    ]
  }
}
