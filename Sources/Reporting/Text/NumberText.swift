internal import Foundation

/// Numbers that are not in the unit of a parameter, as every table and page prints them.
public enum NumberText {
  /// R̂ with three decimals; "n/a" for NaN.
  public static func rHat(_ value: Double) -> String { DecimalPlaces(3).text(value) }

  /// ESS rounded down to tens where it passes, to the draw where it does not: a reader of a failing number wants it.
  public static func effectiveSize(_ value: Double, limit: Double = 400) -> String {
    // No run has so many draws, but a table that someone has edited may say so.
    guard abs(value) < 0x1p53 else { return DecimalPlaces(0).text(value) }
    return String(Int(value >= limit ? (value / 10).rounded(.down) * 10 : value.rounded(.down)))
  }

  /// A probability or AUC with two decimals, `<0.01` and `>0.99` at the ends: never 0 or 1.
  public static func probability(_ value: Double) -> String {
    if value < 0.01 { return "<0.01" }
    if value > 0.99 { return ">0.99" }
    return DecimalPlaces(2).text(value)
  }

  /// A p-value: two decimals, three below 0.1, `<0.001` below that.
  public static func pValue(_ value: Double) -> String {
    value < 0.001 ? "<0.001" : DecimalPlaces(value < 0.1 ? 3 : 2).text(value)
  }

  /// "1 lesion", "3 lesions"; `plural` where an s does not make it.
  public static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// A change in whole percent, always with its sign; `fraction` is 0.12 for +12 %.
  public static func percentChange(_ fraction: Double) -> String {
    let digits = DecimalPlaces(0).text(100 * fraction)
    return (digits == "0" || digits.hasPrefix("−") || digits == "n/a" ? digits : "+\(digits)") + " %"
  }
}
