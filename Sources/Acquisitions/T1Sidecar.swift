public import Foundation
internal import Tables

/// What a BIDS sidecar says of a T1 scan: times in s, angles in degrees.
public struct T1Sidecar: Sendable, Equatable {
  /// `InversionTime`, a number or a list.
  public var inversionTimes: [Double]?
  /// `FlipAngle`, a number or a list.
  public var flipAngles: [Double]?
  /// `RepetitionTimeExcitation`, or without it `RepetitionTime`.
  public var repetitionTime: Double?
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

  /// Reads a sidecar.
  ///
  /// - Throws: `badSidecar` if it is no JSON object or a known key has a value of the wrong kind; `likelyMilliseconds`
  ///   for a time beyond 20 s; `badNumber` for one that is not positive.
  public static func read(_ file: URL) throws(AcquisitionError) -> T1Sidecar {
    let fields: [String: Field]
    do {
      fields = try JSONDecoder().decode([String: Field].self, from: try SmallFile.read(file))
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
    for key in ["RepetitionTimeExcitation", "RepetitionTime"] where sidecar.repetitionTime == nil {
      sidecar.repetitionTime = try numbers(key)?.first
      try T1Series.check(times: sidecar.repetitionTime.map { [$0] } ?? [], place: "\(place), \(key)")
    }
    let used: Set = ["InversionTime", "FlipAngle", "RepetitionTimeExcitation", "RepetitionTime"]
    let others = fields.keys.filter { !used.contains($0) }.sorted()
    let dropped = others.filter { key in identifying.contains { key.hasPrefix($0) } }
    let ignored = others.filter { !dropped.contains($0) }
    if !ignored.isEmpty { sidecar.notices.append("\(place): ignored \(ignored.joined(separator: ", "))") }
    if !dropped.isEmpty {
      sidecar.notices.append("\(place): dropped, may identify a person: \(dropped.joined(separator: ", "))")
    }
    return sidecar
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
