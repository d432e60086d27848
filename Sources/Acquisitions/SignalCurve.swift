/// The signals of one region, one for each setting: a line of a table of regions, or the mean of a lesion.
public struct SignalCurve: Sendable, Equatable {
  /// The patient or scan.
  public let id: String
  /// The name of the region.
  public let lesion: String
  /// b-values in s/mm², times in s, or angles in degrees.
  public let settings: [Double]
  /// Signals in image units, in the order of the settings.
  public let signals: [Double]
  /// Averages n of each signal: its noise variance is σ²/n.
  public let averages: [Double]

  /// A curve of these signals.
  public init(id: String, lesion: String, settings: [Double], signals: [Double], averages: [Double]) {
    precondition(
      settings.count == signals.count && settings.count == averages.count,
      "a curve has one signal and one n for each setting")
    self.id = id
    self.lesion = lesion
    self.settings = settings
    self.signals = signals
    self.averages = averages
  }

  /// The part of the curve with the b-values that `selection` takes of an image.
  public func selecting(_ selection: DiffusionSelection) -> SignalCurve {
    let kept = selection.shellsInRange(of: settings.map { BValue($0) }).flatMap(\.volumes).sorted()
    return SignalCurve(
      id: id, lesion: lesion, settings: kept.map { settings[$0] }, signals: kept.map { signals[$0] },
      averages: kept.map { averages[$0] })
  }
}
