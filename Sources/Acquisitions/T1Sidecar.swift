public import Foundation
internal import Tables

/// What a BIDS sidecar says of a T1 scan: times in s, angles in degrees.
public struct T1Sidecar: Sendable, Equatable {
  /// `InversionTime`, a number or a list.
  public var inversionTimes: [Double]?
  /// `FlipAngle`, a number or a list.
  public var flipAngles: [Double]?
  /// `RepetitionTimeExcitation`: the time between two excitations, s; a number or a list.
  public var excitationIntervals: [Double]?
  /// `RepetitionTimePreparation`: the time between two inversions or saturations, s; a number or a list.
  public var preparationIntervals: [Double]?
  /// `RepetitionTime`, whose meaning depends on the sequence, s; a number or a list.
  public var plainRepetitionTimes: [Double]?
  /// `PhilipsRescaleSlope`, where the stored values are those of the display (`UsePhilipsFloatNotDisplayScaling` 0).
  public var displayScaling: Double?
  /// What messages call it.
  public var place = "the sidecar"
  /// Keys that were not used, by name only; those that may identify a patient are said to be dropped.
  public var notices: [String] = []

  /// A sidecar that says nothing.
  public init() {}

  /// Beginnings of the keys with which scanners and converters name people, places and dates
  /// (DICOM PS3.15, annex E: basic application level confidentiality profile).
  private static let identifying = [
    "Patient", "OtherPatient", "AccessionNumber", "Institution", "Station", "ReferringPhysician",
    "PerformingPhysician", "Operator", "Physician", "StudyInstance", "SeriesInstance", "StudyID", "StudyDate",
    "SeriesDate", "AcquisitionDate", "ContentDate", "AcquisitionTime", "StudyTime", "SeriesTime",
    "DeviceSerial",
    "IssuerOf", "ProcedureStepDescription", "SOPInstance", "FrameOfReference",
  ]

  /// The repetition times that a model of `method` means: between excitations for variable flip angles, between preparations
  /// for the others.
  ///
  /// An inversion recovery of one readout has one excitation for each inversion, so that both are the same. Excitations that
  /// follow each other faster than `longest`, the longest time from an inversion to its readout, are those of a readout.
  public func repetitionTimes(of method: T1Method, longest: Double) -> [Double]? {
    if method == .variableFlipAngle { return excitationIntervals ?? plainRepetitionTimes }
    let excitations = excitationIntervals.flatMap { ($0.min() ?? 0) < longest ? nil : $0 }
    return preparationIntervals ?? excitations ?? plainRepetitionTimes
  }

  /// This sidecar with what `other`, farther away, says and it does not.
  func completed(by other: T1Sidecar) -> T1Sidecar {
    var whole = self
    whole.inversionTimes = inversionTimes ?? other.inversionTimes
    whole.flipAngles = flipAngles ?? other.flipAngles
    whole.excitationIntervals = excitationIntervals ?? other.excitationIntervals
    whole.preparationIntervals = preparationIntervals ?? other.preparationIntervals
    whole.plainRepetitionTimes = plainRepetitionTimes ?? other.plainRepetitionTimes
    whole.displayScaling = displayScaling ?? other.displayScaling
    whole.notices += other.notices
    return whole
  }

  /// Reads a sidecar. NaN and infinities, which JSON does not have, are taken for missing values.
  ///
  /// - Throws: `badSidecar` if it is no JSON object or a known key has a value of the wrong kind; `likelyMilliseconds`
  ///   for a time beyond 20 s; `badNumber` for one that is not positive.
  public static func read(_ file: URL) throws(AcquisitionError) -> T1Sidecar {
    let fields: [String: Field]
    do {
      fields = try JSONDecoder().decode(
        [String: Field].self, from: Self.withoutNaN(try SmallFile.read(file)))
    } catch let error as SmallFile.Failure {
      throw .unreadable(file: file, reason: error.reason)
    } catch {
      throw .badSidecar(file: file, reason: "it is not a JSON object")
    }
    var sidecar = T1Sidecar()
    func numbers(_ key: String) throws(AcquisitionError) -> [Double]? {
      guard let field = fields[key] else { return nil }
      guard let numbers = field.numbers, !numbers.isEmpty else {
        throw .badSidecar(file: file, reason: "\(key) must be a number or a list of numbers")
      }
      return numbers
    }
    let place = file.relativePath
    sidecar.inversionTimes = try numbers("InversionTime")
    try T1Series.check(times: sidecar.inversionTimes ?? [], place: "\(place), InversionTime")
    sidecar.flipAngles = try numbers("FlipAngle")
    func times(_ key: String) throws(AcquisitionError) -> [Double]? {
      let found = try numbers(key)
      try T1Series.check(times: found ?? [], place: "\(place), \(key)")
      return found
    }
    sidecar.excitationIntervals = try times("RepetitionTimeExcitation")
    sidecar.preparationIntervals = try times("RepetitionTimePreparation")
    sidecar.plainRepetitionTimes = try times("RepetitionTime")
    sidecar.place = place
    if try numbers("UsePhilipsFloatNotDisplayScaling")?.first == 0 {
      sidecar.displayScaling = try numbers("PhilipsRescaleSlope")?.first
    }
    let used: Set = [
      "PhilipsRescaleSlope", "UsePhilipsFloatNotDisplayScaling",
      "InversionTime", "FlipAngle", "RepetitionTimeExcitation", "RepetitionTimePreparation", "RepetitionTime",
    ]
    let others = fields.keys.filter { !used.contains($0) }.sorted()
    let dropped = others.filter { key in identifying.contains { key.hasPrefix($0) } }
    let ignored = others.filter { !dropped.contains($0) }
    if !ignored.isEmpty { sidecar.notices.append("\(place): ignored \(ignored.joined(separator: ", "))") }
    if !dropped.isEmpty {
      sidecar.notices.append("\(place): dropped, may identify a person: \(dropped.joined(separator: ", "))")
    }
    return sidecar
  }

  /// JSON with `null` in the place of the words NaN and Infinity outside of strings.
  static func withoutNaN(_ json: Data) -> Data {
    var (result, isString, isEscaped) = ([UInt8](), false, false)
    let bytes = Array(json)
    let words = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if !isString, let word = words.first(where: { bytes[place...].starts(with: $0) }) {
        result += Array("null".utf8)
        place += word.count
        continue
      }
      if isEscaped {
        isEscaped = false
      } else if isString && byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isString.toggle()
      }
      result.append(byte)
      place += 1
    }
    return Data(result)
  }

  /// A value of the sidecar, of which only numbers matter.
  private struct Field: Decodable {
    let numbers: [Double]?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        numbers = [number]
      } else {
        numbers = try? container.decode([Double].self)
      }
    }
  }
}
