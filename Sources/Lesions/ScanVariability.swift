/// How much a parameter of a lesion scatters between two scans although nothing changed.
///
/// Within-subject standard deviations on the log scale. The total is what test–retest studies publish; the
/// *physiological* part is left of it when the posterior variance of the images is taken away, and is what a
/// change must be widened by: physiology, repositioning, contouring.
public struct ScanVariability: Sendable, Equatable, Codable {
  /// w_total, of the logarithm.
  public var total: Double
  /// w_phys, of the logarithm.
  public var physiological: Double
  /// Where the numbers come from.
  public var source: String
  /// True if they were measured in another organ or in a phantom.
  public var isBorrowed: Bool
  /// True if w_phys is the whole of w_total because the posterior variances of the study are unknown: then a
  /// change counts the noise of the images twice and is conservative.
  public var isConservative: Bool

  /// A variability from a study; without `physiological` all of the total is taken as physiological.
  public init(total: Double, physiological: Double? = nil, source: String, isBorrowed: Bool = false) {
    self.total = total
    self.physiological = physiological ?? total
    self.source = source
    self.isBorrowed = isBorrowed
    self.isConservative = physiological == nil
  }

  /// RC = 1.96 √2 w_total = 2.77 w_total: 95 % of unchanged lesions change less, on the log scale.
  public var repeatabilityCoefficient: Double { 1.96 * 2.0.squareRoot() * total }

  /// What the source column of tables prints: the source, and what is to be held against it.
  public var label: String {
    source + (isBorrowed ? "; borrowed" : "") + (isConservative ? "; conservative" : "")
  }

  /// How T1 was measured, which decides how well it repeats.
  public enum T1Method: String, Sendable, Codable {
    /// Inversion recovery, Look-Locker, MOLLI, SASHA.
    case recovery
    /// Variable flip angle.
    case variableFlipAngle = "vfa"
  }

  /// The built-in figure of `parameter`, for users without a test–retest study of their own.
  ///
  /// - `diameter`: largest diameter of the lesion in mm, if known: ADC repeats better in lesions above 3 cm.
  /// - Nil for f · D*, of which no figure was found.
  public static func builtIn(
    _ parameter: LesionParameter, diameter: Double? = nil, t1Method: T1Method = .recovery
  ) -> ScanVariability? {
    let rectum = "test-retest in rectal cancer, 26 patients, 3 T (Medicine 2017)"
    switch parameter {
    case .apparentDiffusion:
      // wCV 7.1 % of all lesions, 3.9 % above 3 cm, 9.6 % below (upper limit of the confidence interval of
      // all).
      let total = diameter.map { $0 > 30 ? 0.039 : 0.096 } ?? 0.071
      return ScanVariability(total: total, source: "lung tumours, 4 sites (Weller 2017)")
    case .diffusion:
      return ScanVariability(total: 0.09, source: rectum, isBorrowed: true)
    case .perfusionFraction, .perfusionVolume:
      return ScanVariability(total: 0.45, source: rectum, isBorrowed: true)
    case .pseudoDiffusion:
      return ScanVariability(total: 0.71, source: rectum, isBorrowed: true)
    case .perfusionProduct:
      return nil
    case .t1:
      return t1Method == .recovery
        ? ScanVariability(
          total: 0.03, source: "MOLLI in the heart, coefficient of repeatability 72 ms", isBorrowed: true)
        : ScanVariability(total: 0.10, source: "VFA phantom, 8 centres (Bane 2018)", isBorrowed: true)
    }
  }
}
