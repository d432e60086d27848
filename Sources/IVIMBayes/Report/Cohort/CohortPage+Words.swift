internal import Foundation
internal import Reporting

extension CohortPage {
  /// "Δ ADC", "T1 after", "ADC before".
  static func feature(_ name: String) -> String {
    let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return name }
    let parameter = ParameterName.text(parts[1])
    switch parts[0] {
    case "delta": return "Δ \(parameter)"
    case "pre": return "\(parameter) before"
    case "post": return "\(parameter) after"
    default: return name
    }
  }

  /// "CR, PR" for `CR,PR`.
  static func list(_ words: String) -> String { words.split(separator: ",").joined(separator: ", ") }

  /// "Response", "PD-L1".
  static func grouping(_ name: String) -> String {
    name == "pdl1" ? "PD-L1" : name.prefix(1).uppercased() + name.dropFirst()
  }

  /// "All patients", "Response: effective", "PD-L1: positive".
  static func group(_ name: String) -> String {
    let parts = name.split(separator: " ", maxSplits: 1).map(String.init)
    return parts.count == 2 ? "\(grouping(parts[0])): \(parts[1])" : "All patients"
  }

  static func interval(_ lower: Double, _ upper: Double) -> String {
    "\(probability(lower)) to \(probability(upper))"
  }

  static func probability(_ value: Double) -> String {
    value.isFinite ? NumberText.probability(value) : "–"
  }

  static func known(_ value: Double, _ lower: Double, _ upper: Double) -> String {
    value.isFinite ? "\(probability(value)) (\(interval(lower, upper)))" : "–"
  }

  static func signed(_ value: Double) -> String {
    let text = DecimalPlaces(1).text(value)
    return value > 0.05 ? "+\(text)" : text
  }
}
