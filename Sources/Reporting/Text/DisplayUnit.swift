/// The unit in which people read a parameter, and the factor from the unit of the files.
///
/// T1 in ms, D, D* and ADC in 10⁻³ mm²/s, f in %; every other unit as it is.
public struct DisplayUnit: Sendable, Equatable {
  /// The unit as printed; empty for a pure number.
  public let symbol: String
  /// Value in this unit = value in the files × factor.
  public let factor: Double

  /// The unit for `parameter`, stored in `unit` (as in the lesion table: "mm²/s", "s", "1").
  public init(parameter: String, unit: String) {
    switch (parameter, unit) {
    case ("f", _), ("f_vol", _): (symbol, factor) = ("%", 100)
    case (_, "mm²/s"), (_, "mm2/s"), (_, "mm^2/s"): (symbol, factor) = ("10⁻³ mm²/s", 1000)
    case (_, "s"): (symbol, factor) = ("ms", 1000)
    case (_, "1"): (symbol, factor) = ("", 1)
    default: (symbol, factor) = (unit, 1)
    }
  }
}
