/// The time from inversion to readout.
public struct InversionTime: Hashable, Sendable {
  /// TI in seconds.
  public var seconds: Double
  /// An inversion time of this many seconds.
  public init(seconds: Double) { self.seconds = seconds }
}

/// The time from saturation to readout.
public struct SaturationTime: Hashable, Sendable {
  /// TS in seconds; infinite for an image without saturation.
  public var seconds: Double
  /// A saturation time of this many seconds.
  public init(seconds: Double) { self.seconds = seconds }
}

/// The nominal angle of an excitation.
public struct FlipAngle: Hashable, Sendable {
  /// α in degrees.
  public var degrees: Double
  /// A flip angle of this many degrees.
  public init(degrees: Double) { self.degrees = degrees }

  /// α in radians.
  public var radians: Double { degrees * .pi / 180 }
}

/// How T1 was measured.
public enum T1Method: String, Sendable, CaseIterable, Codable {
  /// Inversion recovery, one readout after each inversion.
  case inversionRecovery = "ir"
  /// Many readouts after one inversion.
  case lookLocker = "look-locker"
  /// Modified Look-Locker inversion recovery.
  case molli
  /// Saturation recovery single-shot acquisition.
  case sasha
  /// Spoiled gradient echo at variable flip angles.
  case variableFlipAngle = "vfa"

  /// The option and the sidecar key that hold the method's settings.
  public var settingName: String {
    switch self {
    case .inversionRecovery, .lookLocker, .molli: "--inversion-times (InversionTime)"
    case .sasha: "--saturation-times"
    case .variableFlipAngle: "--flip-angles (FlipAngle)"
    }
  }

  /// The polarity of the signals unless the user says otherwise: magnitude for inversion recoveries, signed where a
  /// signal cannot be inverted.
  public var defaultPolarity: SignalPolarity {
    switch self {
    case .inversionRecovery, .lookLocker, .molli: .magnitude
    case .sasha, .variableFlipAngle: .signed
    }
  }
}

/// Whether the sign of an inverted signal is in the image.
public enum SignalPolarity: String, Sendable, CaseIterable, Codable {
  /// The image holds |S|.
  case magnitude
  /// The image holds S.
  case signed
}

/// What the scanner varied in a T1 series.
public enum T1Settings: Sendable, Equatable {
  /// Inversion times of `ir`, `look-locker` and `molli`.
  case inversionTimes([InversionTime])
  /// Saturation times of `sasha`.
  case saturationTimes([SaturationTime])
  /// Flip angles of `vfa`.
  case flipAngles([FlipAngle])

  /// Times in s or angles in degrees.
  public var values: [Double] {
    switch self {
    case .inversionTimes(let times): times.map(\.seconds)
    case .saturationTimes(let times): times.map(\.seconds)
    case .flipAngles(let angles): angles.map(\.degrees)
    }
  }

  /// The settings of `method`: times in s or angles in degrees.
  public init(_ values: [Double], of method: T1Method) {
    self =
      switch method {
      case .inversionRecovery, .lookLocker, .molli: .inversionTimes(values.map { InversionTime(seconds: $0) })
      case .sasha: .saturationTimes(values.map { SaturationTime(seconds: $0) })
      case .variableFlipAngle: .flipAngles(values.map { FlipAngle(degrees: $0) })
      }
  }
}
