/// What is scanned and how: the part of a plan that patients share.
public struct ScanPlan: Codable, Sendable, Equatable {
  /// The diffusion series.
  public struct Diffusion: Codable, Sendable, Equatable {
    /// b-values in s/mm².
    public var bValues = [0.0, 10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 500, 600, 800, 1000]
    /// s0 of the first lesion over the SD of the noise.
    public var snr = 40.0
    /// rician or gaussian.
    public var noise = "rician"

    enum CodingKeys: String, CodingKey {
      case bValues = "b_values"
      case snr, noise
    }
  }

  /// The T1 series.
  public struct T1: Codable, Sendable, Equatable {
    /// ir, look-locker, molli or vfa; none for no series.
    public var method = "ir"
    /// Inversion times in s, or flip angles in degrees.
    public var settings = [0.05, 0.15, 0.35, 0.7, 1.2, 2.0, 3.2, 5.0]
    /// Time between excitations (vfa) or inversions (ir), s.
    public var repetitionTime = 10.0
    /// k in 1 − k e^(−TI/T1) of an inversion recovery, 2 if perfect.
    public var inversion = 1.95
    /// T1/T1* of Look-Locker and MOLLI.
    public var t1OverT1star = 1.35
    /// m0 of the first lesion over the SD of the noise.
    public var snr = 60.0
    /// rician or gaussian.
    public var noise = "rician"

    enum CodingKeys: String, CodingKey {
      case method, settings
      case repetitionTime = "repetition_time"
      case inversion
      case t1OverT1star = "t1_over_t1star"
      case snr, noise
    }
  }

  /// One session.
  public struct Visit: Codable, Sendable, Equatable {
    /// The session's name, as in `ses-NAME`.
    public var name = "pre"
    /// The share of each lesion's change that has happened: 0 at baseline.
    public var progress = 0.0
    /// What the SNR of both series is multiplied by.
    public var snr = 1.0
    /// What every lesion's diameters are multiplied by, beside its own change of size: contouring.
    public var contour = 1.0
  }

  /// Edges of a voxel in mm.
  public var voxelSize = [2.5, 2.5, 5.0]
  /// The diffusion series.
  public var diffusion = Diffusion()
  /// The T1 series.
  public var t1 = T1()
  /// The sessions; the first is the baseline.
  public var visits = [Visit(), Visit(name: "post", progress: 1, snr: 0.8)]
  /// SDs between two scans of an unchanged lesion: physiology and positioning, each lesion on its own.
  public var scanToScan = TissueAxes(d: 0.05, f: 0.2, dstar: 0.3, t1: 0.02)
  /// The tissue outside the lesions.
  public var background = SimulatedTissue()
  /// SDs between the voxels of the background.
  public var backgroundSD = TissueAxes(d: 0.1, f: 0.25, dstar: 0.15, t1: 0.04)
  /// SD of log s0 and log m0 between voxels.
  public var sdLogSignal = 0.05

  enum CodingKeys: String, CodingKey {
    case voxelSize = "voxel_size"
    case diffusion, t1, visits
    case scanToScan = "scan_to_scan"
    case background
    case backgroundSD = "background_sd"
    case sdLogSignal = "sd_log_signal"
  }

  /// The defaults: both series, before and after treatment.
  public init() {
    background.d = 1.6e-3
    background.f = 0.08
    background.t1 = 1.0
    background.s0 = 600
    background.m0 = 800
  }

  /// Volumes of the longer of the two series.
  var mostVolumes: Int { max(diffusion.bValues.count, t1.settings.count) }

  /// What is wrong with the plan.
  var complaints: [String] {
    var complaints: [String] = []
    func require(_ holds: Bool, _ complaint: String) {
      if !holds { complaints.append(complaint) }
    }
    require(
      voxelSize.count == 3 && voxelSize.allSatisfy { $0 > 0 && $0.isFinite },
      "voxel_size needs three positive numbers")
    require(
      diffusion.bValues.count >= 2 && diffusion.bValues.allSatisfy { $0 >= 0 && $0.isFinite },
      "b_values needs two numbers or more, none negative")
    require(
      Set(diffusion.bValues.filter { $0 <= 1000 }).count >= 2, "b_values needs two up to 1000 for the ADC")
    require(
      [diffusion.snr, t1.snr].allSatisfy { $0 > 0 && $0.isFinite }, "each snr must be a positive number")
    require(
      [diffusion.noise, t1.noise].allSatisfy(["gaussian", "rician"].contains),
      "noise must be gaussian or rician")
    require(
      ["ir", "look-locker", "molli", "vfa", "none"].contains(t1.method),
      "the t1 method must be ir, look-locker, molli, vfa or none")
    require(
      t1.method == "none" || (!t1.settings.isEmpty && t1.settings.allSatisfy { $0 > 0 && $0.isFinite }),
      "the t1 settings must be positive numbers")
    require(
      t1.method != "vfa" || t1.settings.allSatisfy { $0 < 180 }, "flip angles must be below 180 degrees")
    require(
      t1.method == "vfa" || t1.settings.allSatisfy { $0 < 20 },
      "inversion times are in seconds, and all below 20")
    require(
      t1.repetitionTime > 0 && t1.t1OverT1star > 0 && t1.inversion > 0,
      "repetition_time, inversion and t1_over_t1star must be positive")
    require(!visits.isEmpty, "visits needs one session or more")
    require(
      Set(visits.map(\.name)).count == visits.count && visits.allSatisfy { $0.name.isBIDSLabel },
      "each visit needs a name of its own, of letters and digits only")
    require(
      visits.allSatisfy { $0.snr > 0 && $0.contour > 0 && (0...1).contains($0.progress) },
      "snr and contour of a visit must be positive, progress between 0 and 1")
    require(
      scanToScan.areDeviations && backgroundSD.areDeviations && sdLogSignal >= 0,
      "standard deviations must not be negative")
    if let complaint = background.complaint { complaints.append(complaint) }
    return complaints
  }
}

extension String {
  /// True for what may follow `sub-` and `ses-`: letters and digits.
  var isBIDSLabel: Bool { !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } }
}
