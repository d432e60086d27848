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
