internal import Foundation

/// The settings of a T1 scan as the command line and the sidecars give them.
public struct T1Protocol: Sendable, Equatable {
  /// How T1 was measured.
  public var method: T1Method
  /// Times in s or angles in degrees, one for each volume.
  public var settings: T1Settings
  /// Time between excitations or inversions, s; nil if unknown.
  public var repetitionTime: Double?
  /// Flip angle of the readout, where only one was used; nil if unknown.
  public var readoutAngle: FlipAngle?
  /// Whether signals carry their sign.
  public var polarity: SignalPolarity
  /// What the user should know.
  public var notices: [String] = []

  /// A protocol of these settings, checked.
  ///
  /// - Throws: `likelyMilliseconds`, `badNumber`, `missingSetting` for `vfa` without a repetition time.
  public init(
    _ method: T1Method, settings: [Double], repetitionTime: Double? = nil, readoutAngle: FlipAngle? = nil,
    polarity: SignalPolarity? = nil, place: String
  ) throws(AcquisitionError) {
    guard !settings.isEmpty else { throw .missingSetting(what: method.settingName, place: place) }
    if method == .variableFlipAngle {
      for (index, angle) in settings.enumerated() where !(angle > 0 && angle < 180) {
        throw .badNumber(
          place: place, entry: index + 1, value: angle, requirement: "an angle between 0 and 180 degrees")
      }
      guard let repetitionTime else {
        throw .missingSetting(what: "--repetition-time (RepetitionTimeExcitation)", place: place)
      }
      guard repetitionTime <= T1Series.longestExcitationTime else {
        throw .likelyMilliseconds(place: "repetition time of \(place)", value: repetitionTime)
      }
    } else {
      try T1Series.check(times: settings, place: place, infinite: method == .sasha)
    }
    try T1Series.check(times: repetitionTime.map { [$0] } ?? [], place: "repetition time")
    if method != .variableFlipAngle, let repetitionTime,
      let longest = settings.filter(\.isFinite).max(), repetitionTime < longest
    {
      throw .badRepetition(
        place: "repetition time of \(place)",
        reason:
          "\(repetitionTime) s is shorter than the longest \(method == .sasha ? "saturation" : "inversion") time, "
          + "\(longest) s",
        advice: "Give the time from one preparation to the next with --repetition-time, in seconds")
    }
    self.method = method
    self.settings = T1Settings(settings, of: method)
    self.repetitionTime = repetitionTime
    self.readoutAngle = readoutAngle
    self.polarity = polarity ?? method.defaultPolarity
  }

  /// The protocol of files with sidecars, where numbers of the command line win, with a notice.
  ///
  /// - Parameters:
  ///   - method: How T1 was measured.
  ///   - sidecars: One for each file, in the order of the files.
  ///   - settings: Times in s or angles in degrees from the command line.
  ///   - repetitionTime: From the command line, s.
  ///   - polarity: From the command line.
  ///   - volumes: The number of volumes of the series, if it is known.
  ///   - place: The first file, for messages.
  /// - Throws: what the other initialiser throws; `badRepetition` for sidecars of different repetition times, `otherOrder` for
  ///   those that hold the command line's numbers in another order, `settingsMissing` for too few.
  public init(
    _ method: T1Method, sidecars: [T1Sidecar], settings: [Double]? = nil, repetitionTime: Double? = nil,
    polarity: SignalPolarity? = nil, volumes: Int? = nil, place: String
  ) throws(AcquisitionError) {
    let stated: [Double] =
      switch method {
      case .inversionRecovery, .lookLocker, .molli: sidecars.flatMap { $0.inversionTimes ?? [] }
      case .variableFlipAngle: sidecars.flatMap { $0.flipAngles ?? [] }
      case .sasha: []
      }
    let longest = (settings ?? stated).filter(\.isFinite).max() ?? 0
    let found = sidecars.flatMap { $0.repetitionTimes(of: method, longest: longest) ?? [] }
    let distinct = found.reduce(into: [Double]()) { kept, time in
      if !kept.contains(where: { abs($0 - time) <= 1e-3 * time }) { kept.append(time) }
    }
    if distinct.count > 1, repetitionTime == nil {
      throw .badRepetition(
        place: place,
        reason:
          "the sidecars state the repetition times \(distinct.map { "\($0)" }.joined(separator: ", ")) s, and the model "
          + "takes one for all volumes",
        advice: "Fit volumes of one repetition time, or give --repetition-time if the sidecars are wrong")
    }
    let scalings = Set(sidecars.compactMap(\.displayScaling)).sorted()
    if scalings.count > 1 {
      throw .differentScaling(place: place, slopes: scalings)
    }
    let statedRepetition = found.first
    if let settings, settings != stated, settings.sorted() == stated.sorted() {
      throw .otherOrder(place: place, option: method.settingName)
    }
    if let volumes, settings == nil, !stated.isEmpty, stated.count != volumes {
      throw .settingsMissing(
        place: place, what: method.settingName, found: stated.count, volumes: volumes)
    }
    let angles = Set(sidecars.flatMap { $0.flipAngles ?? [] })
    try self.init(
      method, settings: settings ?? stated, repetitionTime: repetitionTime ?? statedRepetition,
      readoutAngle: method != .variableFlipAngle && angles.count == 1
        ? angles.first.map { FlipAngle(degrees: $0) } : nil,
      polarity: polarity, place: place)
    notices = sidecars.flatMap(\.notices)
    if let settings, !stated.isEmpty, settings != stated {
      notices.append("the command line's \(method.settingName) replaces the sidecar's")
    }
    if let repetitionTime, found.contains(where: { $0 != repetitionTime }) {
      notices.append("the command line's --repetition-time replaces the sidecar's")
    }
  }

  /// The numbers of `--inversion-times`, `--saturation-times` or `--flip-angles`: a list or the name of a file.
  ///
  /// - Throws: `unreadable`, `notOneRow`, `notANumber`, `badNumber`.
  public static func settings(parsing option: String, of method: T1Method) throws(AcquisitionError)
    -> [Double]
  {
    let requirement: NumberList.Requirement = method == .sasha ? .positiveOrInfinite : .positive
    let file = URL(filePath: option)
    if Double(option.prefix { $0 != "," }) == nil, FileManager.default.fileExists(atPath: file.path) {
      return try NumberList.read(file, requirement: requirement)
    }
    return try NumberList.parse(option, place: method.settingName, requirement: requirement)
  }
}
