internal import Acquisitions
internal import Foundation
internal import NIfTI
internal import Tables

/// An image that a converter has made, with what its b-values and its sidecar say of it.
public struct ImportedImage: Sendable, Equatable {
  /// The name of its file.
  public let name: String
  /// The number of volumes.
  public let volumes: Int
  /// s/mm²; nil if there are none.
  public let bValues: [Double]?
  /// s; nil if the sidecar has none.
  public let inversionTime: Double?
  /// Degrees; nil if the sidecar has none.
  public let flipAngle: Double?
  /// Time between excitations, s; nil if the sidecar has none.
  public let repetitionTime: Double?
  /// What does not fit together.
  public let notices: [String]

  /// One line for a person: what the image can be fitted as.
  public var summary: String {
    let shape = "\(name)\t\(volumes) volumes"
    if let bValues {
      let known = Set(bValues.filter { !$0.isNaN }.map { $0.rounded() }).sorted()
      let words = known.map(TabSeparatedTable.field) + (bValues.contains(where: \.isNaN) ? ["?"] : [])
      return "\(shape)\tb = \(words.joined(separator: " "))"
    }
    if let inversionTime { return "\(shape)\tTI = \(inversionTime) s" }
    if let flipAngle { return "\(shape)\tflip angle \(flipAngle) degrees" }
    return shape
  }

  /// True if the name of a series speaks of diffusion.
  private static func isNamedLikeDiffusion(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["dwi", "diff", "ivim", "dti", "adc", "ep2d", "resolve", "b0", "bval"].contains {
      name.contains($0)
    }
  }

  var record: [String: Any] {
    var members: [String: Any] = ["name": name, "volumes": volumes, "notices": notices]
    members["b_values"] = bValues
    members["inversion_time"] = inversionTime
    members["flip_angle"] = flipAngle
    members["repetition_time"] = repetitionTime
    return members
  }

  /// Looks at the image `file` and the files beside it.
  init(_ file: URL) throws {
    let image = try NIfTIImage.read(file)
    var notices: [String] = []
    name = file.lastPathComponent
    volumes = image.volumeCount
    let weightings = file.bidsSibling(".bval")
    if FileManager.default.fileExists(atPath: weightings.path) {
      let text = try String(contentsOf: weightings, encoding: .utf8)
      let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) ?? .nan }
      if numbers.count != image.volumeCount {
        notices.append("\(numbers.count) b-values for \(image.volumeCount) volumes: do not fit it")
      }
      if let wrong = numbers.first(where: { !($0 >= 0 && $0.isFinite) }) {
        notices.append("b-value \(wrong): do not fit it")
      }
      let rule = LeastSettings.diffusion(isMonoexponential: false)
      do throws(RunError) {
        _ = try rule.check(
          numbers.filter(\.isFinite).map { $0.rounded() }, isSigmaKnown: false, isPointEstimate: false,
          place: name)
        do { try BValue.check(numbers.filter(\.isFinite), place: name) } catch { throw RunError(error) }
      } catch { notices.append("IVIM cannot be fitted: \(error.description)") }
      bValues = numbers
    } else {
      bValues = nil
      if image.volumeCount > 2, Self.isNamedLikeDiffusion(name) || image.volumeCount >= 6 {
        notices.append(
          "\(image.volumeCount) volumes without b-values: if this is diffusion, the b-values are in private fields that the "
            + "converter does not know; write them into \(file.bidsSibling(".bval").lastPathComponent), one a volume"
        )
      }
    }
    let fields = (try? Data(contentsOf: file.bidsSibling(".json"))).flatMap {
      try? JSONSerialization.jsonObject(with: $0) as? [String: Any]
    }
    if fields == nil { notices.append("no sidecar: give times and angles by hand") }
    func number(_ key: String) -> Double? { (fields?[key] as? NSNumber)?.doubleValue }
    inversionTime = number("InversionTime")
    flipAngle = number("FlipAngle")
    repetitionTime = number("RepetitionTimeExcitation") ?? number("RepetitionTime")
    if let excitation = number("RepetitionTimeExcitation"), let repetition = number("RepetitionTime"),
      abs(excitation - repetition) > 0.01 * excitation
    {
      notices.append(
        "RepetitionTime is \(repetition) s and RepetitionTimeExcitation \(excitation) s: the first may be the converter's estimate; the second is taken"
      )
    }
    for (key, value) in [("InversionTime", inversionTime), ("the repetition time", repetitionTime)] {
      if let value, !(value > 0 && value <= 20) {
        notices.append("\(key) is \(value) s, which is no time in seconds: check the sidecar")
      }
    }
    if image.volumeCount > 1, inversionTime != nil || flipAngle != nil {
      notices.append(
        "\(image.volumeCount) volumes and one \(inversionTime != nil ? "InversionTime" : "FlipAngle"): the converter merged a "
          + "series and kept the first value; give all of them to fit t1")
    }
    self.notices = notices
  }
}
