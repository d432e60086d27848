// The table. Limits are far beyond tissue, so that only another unit or a slip of the pen lies outside.
extension PlausibleRange {
  private static let diffusionUnits = [
    OtherUnit("10⁻³ mm²/s, µm²/ms or 10⁻⁹ m²/s", factor: 1e-3, written: "0.001"),
    OtherUnit("10⁻⁶ mm²/s or µm²/s", factor: 1e-6, written: "1e-6"),
    OtherUnit("m²/s", factor: 1e6, written: "1e6"),
  ]
  private static let secondsUnits = [
    OtherUnit("ms", factor: 1e-3, written: "0.001"), OtherUnit("µs", factor: 1e-6, written: "1e-6"),
  ]
  private static let fractionUnits = [OtherUnit("percent", factor: 1e-2, written: "0.01")]

  /// D or ADC, in mm²/s.
  public static let diffusion = PlausibleRange(
    "D", 1e-5...2e-2, unit: "mm²/s", otherUnits: diffusionUnits)
  /// ADC, in mm²/s.
  public static let apparentDiffusion = PlausibleRange(
    "ADC", 1e-5...2e-2, unit: "mm²/s", otherUnits: diffusionUnits)
  /// D*, in mm²/s.
  public static let pseudoDiffusion = PlausibleRange(
    "D*", 1e-4...1, unit: "mm²/s", otherUnits: diffusionUnits)
  /// f · D*, in mm²/s.
  public static let perfusionProduct = PlausibleRange(
    "f·D*", 1e-7...0.5, unit: "mm²/s", otherUnits: diffusionUnits)
  /// f, a pure number.
  public static let perfusionFraction = PlausibleRange(
    "f", 0...1, unit: "", otherUnits: fractionUnits)
  /// T1, in seconds.
  public static let t1 = PlausibleRange("T1", 0.01...20, unit: "s", otherUnits: secondsUnits)
  /// The standard deviation of a logarithm: 0.05 for 5 %.
  public static let logarithmSD = PlausibleRange(
    "standard deviation of a logarithm", 0.001...1, unit: "(0.05 for 5 %)",
    otherUnits: [OtherUnit("percent", factor: 1e-2, written: "0.01")],
    advice: "Divide by the value if it is an absolute standard deviation, or write n/a if it is unknown")

  /// The standard deviation of a prior on a logarithm, a logit or a pure number.
  public static let priorSD = PlausibleRange(
    "standard deviation of a prior", 0.001...10, unit: "on the axis of the parameter (0.4 for 40 %)",
    advice: "Give it on that axis: a narrower prior leaves the data nothing to say")
  /// κ, the inversion factor: 2 for a perfect inversion.
  public static let inversionFactor = PlausibleRange("inversion factor", 0.1...2.5, unit: "")

  /// One b-value, in s/mm².
  public static let bValue = PlausibleRange(
    "b-value", 0...20_000, unit: "s/mm²",
    otherUnits: [OtherUnit("s/m²", factor: 1e-6, written: "1e-6")])
  /// The largest b-value of a series, in s/mm²: below 20 it is in another unit.
  public static let largestBValue = PlausibleRange(
    "largest b-value", 20...20_000, unit: "s/mm²",
    otherUnits: [
      OtherUnit("ms/µm²", factor: 1e3, written: "1000"), OtherUnit("s/m²", factor: 1e-6, written: "1e-6"),
    ])
  /// An inversion or saturation time, in seconds.
  public static let inversionTime = PlausibleRange(
    "inversion time", 1e-4...20, unit: "s", otherUnits: secondsUnits)
  /// The repetition time of a spin-echo, inversion-recovery or saturation-recovery sequence, in seconds.
  public static let repetitionTime = PlausibleRange(
    "repetition time", 5e-4...60, unit: "s", otherUnits: secondsUnits)
  /// The repetition time of a spoiled gradient echo (variable flip angles), in seconds.
  public static let excitationInterval = PlausibleRange(
    "repetition time of a spoiled gradient echo", 5e-4...1, unit: "s", otherUnits: secondsUnits)
  /// A flip angle, in degrees.
  public static let flipAngle = PlausibleRange(
    "flip angle", 0.5...180, unit: "degrees",
    otherUnits: [OtherUnit("radians", factor: 180 / Double.pi, written: "57.2958")])
  /// The share of PD-L1 positive cells, in percent.
  public static let pdl1 = PlausibleRange("PD-L1 share", 0...100, unit: "%")
}
