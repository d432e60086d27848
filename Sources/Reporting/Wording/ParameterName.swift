/// What people call a parameter of the files.
public enum ParameterName {
  /// The order in which pages show parameters.
  public static let order = ["adc", "t1", "d", "f", "f_vol", "dstar", "fdstar"]

  /// "ADC" for `adc`, "D*" for `dstar`; other names as they are.
  public static func text(_ parameter: String) -> String {
    switch parameter {
    case "adc": "ADC"
    case "t1": "T1"
    case "d": "D"
    case "f": "f"
    case "f_vol": "f (volume)"
    case "dstar": "D*"
    case "fdstar": "f·D*"
    case "s0": "S0"
    default: parameter
    }
  }

  /// The parameters of `found` that pages show, in their order.
  public static func ordered(_ found: some Sequence<String>) -> [String] {
    let found = Set(found)
    return order.filter(found.contains)
  }

  /// "a, b and c".
  public static func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }
}
