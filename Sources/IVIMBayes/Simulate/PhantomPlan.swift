/// What `simulate phantom` makes: protocol, noise, tissue and lesions. Every entry has a default.
public struct PhantomPlan: SimulationPlan, Equatable {
  /// A lesion: an ellipsoid of one tissue with normal variation between voxels on the log and logit axes.
  public struct Lesion: Codable, Sendable, Equatable {
    /// What the lesion is called.
    public var name = "lesion"
    /// Centre in voxels, counted from 0.
    public var center = [10.0, 16.0, 3.0]
    /// Semi-axes in voxels.
    public var radii = [4.0, 4.0, 2.2]
    /// What it is made of.
    public var tissue = Tissue()

    /// A lesion with the defaults.
    public init() {}
  }

  /// Medians in mm²/s (f: a fraction) and SDs between voxels on the log axes (f: logit).
  public struct Tissue: Codable, Sendable, Equatable {
    /// D, mm²/s.
    public var d = 1.1e-3
    /// The perfusion fraction.
    public var f = 0.15
    /// D*, mm²/s, above D.
    public var dstar = 20e-3
    /// The signal at b = 0.
    public var s0 = 800.0
    /// SD of log D between voxels.
    public var sdLogD = 0.10
    /// SD of logit f between voxels.
    public var sdLogitF = 0.25
    /// SD of log D* between voxels.
    public var sdLogDstar = 0.15

    /// The default tissue.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case d, f, dstar, s0
      case sdLogD = "sd_log_d"
      case sdLogitF = "sd_logit_f"
      case sdLogDstar = "sd_log_dstar"
    }
  }

  /// The name of the simulated subject, as in `sub-NAME`.
  public var name = "phantom"
  /// b-values in s/mm².
  public var bValues = [0.0, 10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 500, 600, 800, 1000]
  /// Extents in voxels.
  public var shape = [32, 32, 6]
  /// Edges of a voxel in mm.
  public var voxelSize = [2.0, 2.0, 5.0]
  /// Signal-to-noise ratio of the background tissue at b = 0.
  public var snr = 40.0
  /// gaussian or rician.
  public var noise = "gaussian"
  /// The tissue outside the lesions.
  public var background = Tissue()
  /// The lesions; where two overlap, the later one counts.
  public var lesions = [Lesion]()

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case bValues = "b_values"
    case shape
    case voxelSize = "voxel_size"
    case snr, noise, background, lesions
  }

  /// The default plan: two lesions in tissue of lower perfusion.
  public init() {
    background.f = 0.08
    background.d = 1.6e-3
    background.s0 = 600
    var first = Lesion()
    first.name = "upper-lobe"
    var second = Lesion()
    second.name = "lower-lobe"
    second.center = [22, 15, 2.5]
    second.radii = [3.2, 3.6, 2]
    second.tissue.d = 0.9e-3
    second.tissue.f = 0.22
    lesions = [first, second]
  }

  /// What cannot be simulated.
  public var complaints: [String] {
    var complaints: [String] = []
    func require(_ holds: Bool, _ complaint: String) {
      if !holds { complaints.append(complaint) }
    }
    require(name.isBIDSLabel, "name must consist of letters and digits")
    require(
      shape.count == 3 && shape.allSatisfy { (1...2048).contains($0) }, "shape needs three extents, 1 to 2048"
    )
    require(
      voxelSize.count == 3 && voxelSize.allSatisfy { $0 > 0 }, "voxel_size needs three positive numbers")
    require(
      bValues.count >= 2 && bValues.allSatisfy { $0 >= 0 },
      "b_values needs two numbers or more, none negative")
    require(snr > 0, "snr must be positive")
    require(["gaussian", "rician"].contains(noise), "noise must be gaussian or rician")
    for lesion in lesions {
      let isEllipsoid = lesion.center.count == 3 && lesion.radii.count == 3
      require(
        isEllipsoid && lesion.radii.allSatisfy { $0 > 0 },
        "each lesion needs a center and three positive radii")
    }
    for tissue in [background] + lesions.map(\.tissue) {
      let isOrdered = tissue.d > 0 && tissue.dstar > tissue.d
      require(isOrdered && tissue.f > 0 && tissue.f < 1, "each tissue needs 0 < f < 1 and 0 < d < dstar")
      require(tissue.s0 > 0 && tissue.s0.isFinite, "each tissue needs an s0 above 0")
      require(
        [tissue.sdLogD, tissue.sdLogitF, tissue.sdLogDstar].allSatisfy { $0 >= 0 && $0.isFinite },
        "standard deviations must not be negative")
    }
    if let complaint = Self.complaint(ofShape: shape.map(Double.init), volumes: bValues.count) {
      complaints.append(complaint)
    }
    return complaints
  }
}
