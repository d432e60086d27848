/// What two fits must share before their lesions may be compared, and a lesion share with a cohort.
///
/// A scanner, a b-set or a prior that differs shifts every parameter a little; the shift would look like a
/// change.
public struct ProtocolFingerprint: Sendable, Equatable, Codable {
  /// One modality: how it was scanned and how it was fitted.
  public struct Fit: Sendable, Equatable, Codable {
    /// `biexponential`, `ir`, `vfa`, ….
    public var model: String
    /// b-values in s/mm², inversion times in s, or flip angles in degrees, ascending.
    public var settings: [Double]
    /// `gaussian`, `rician`, ….
    public var noise: String
    /// `independent`, `hierarchical`, `spatial`.
    public var prior: String
    /// SHA-256 of the priors, or their name.
    public var priorHash: String
    /// In tesla, if known.
    public var fieldStrength: Double?
    /// True if the settings are times counted from heart beats (MOLLI, SASHA), which no two scans share.
    public var hasTriggeredTimes: Bool

    /// A fit of one modality.
    public init(
      model: String, settings: [Double], noise: String, prior: String, priorHash: String,
      fieldStrength: Double? = nil, hasTriggeredTimes: Bool = false
    ) {
      self.model = model
      self.settings = settings.sorted()
      self.noise = noise
      self.prior = prior
      self.priorHash = priorHash
      self.fieldStrength = fieldStrength
      self.hasTriggeredTimes = hasTriggeredTimes
    }
  }

  /// The fit of each modality, by `ivim` and `t1`.
  public var fits: [String: Fit]

  /// A fingerprint of one or two modalities.
  public init(_ fits: [String: Fit]) { self.fits = fits }

  /// What differs between two fingerprints, in words; empty if they may be compared.
  ///
  /// A modality that only one of them has is no difference, and neither is a field strength that one does not
  /// know. Settings are compared as sets: how often one is repeated is no difference. Within 1 % (5 s/mm² for
  /// b-values below 500) they count as equal; of times that follow the heart beat only the number is compared.
  public func differences(from other: ProtocolFingerprint) -> [String] {
    fits.keys.sorted().flatMap { modality -> [String] in
      guard let one = fits[modality], let two = other.fits[modality] else { return [] }
      var differences: [String] = []
      for (name, left, right) in [
        ("model", one.model, two.model), ("noise", one.noise, two.noise), ("prior", one.prior, two.prior),
        ("priors", one.priorHash, two.priorHash),
      ] where left != right {
        differences.append("\(modality) \(name) \(left) against \(right)")
      }
      if one.hasTriggeredTimes && two.hasTriggeredTimes {
        if one.settings.count != two.settings.count {
          differences.append(
            "\(modality) settings: \(one.settings.count) times against \(two.settings.count)")
        }
      } else if !Self.isSameSet(one.settings, two.settings, tolerance: modality == "ivim" ? 5 : 0) {
        differences.append(
          "\(modality) settings \(Self.list(one.settings)) against \(Self.list(two.settings))")
      }
      if let left = one.fieldStrength, let right = two.fieldStrength, abs(left - right) > 0.1 {
        differences.append("\(modality) field strength \(left) T against \(right) T")
      }
      return differences
    }
  }

  /// True if every setting of each has a setting of the other within the tolerance.
  private static func isSameSet(_ one: [Double], _ two: [Double], tolerance: Double) -> Bool {
    func isIn(_ set: [Double], _ value: Double) -> Bool {
      set.contains { $0 == value || abs($0 - value) <= max(tolerance, 0.01 * max(abs($0), abs(value))) }
    }
    return one.allSatisfy { isIn(two, $0) } && two.allSatisfy { isIn(one, $0) }
  }

  /// The distinct settings, as messages list them.
  private static func list(_ settings: [Double]) -> String {
    Set(settings).sorted().map { $0 == $0.rounded() && abs($0) < 1e9 ? "\(Int($0))" : "\($0)" }
      .joined(separator: ", ")
  }
}
