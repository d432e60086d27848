/// What a quantity can plausibly be, in the unit that ivimbayes takes it in.
///
/// One table for every reader: cohorts, test–retest pairs, priors, sidecars, `.bval` files, tables of regions. A number
/// outside is refused with the factor that would mend it, as T1 in milliseconds or an ADC in 10⁻³ mm²/s would give a wrong
/// result without a word.
public struct PlausibleRange: Sendable, Equatable {
  /// Another unit in which the quantity is often written.
  public struct OtherUnit: Sendable, Equatable {
    /// The name of the unit, as the end of "if the numbers are in …".
    public let name: String
    /// What turns a number in that unit into one in ``PlausibleRange/unit``.
    public let factor: Double
    /// The factor as it is written in messages.
    public let factorText: String

    /// A unit of which one is `factor` of ours.
    public init(_ name: String, factor: Double, written factorText: String) {
      self.name = name
      self.factor = factor
      self.factorText = factorText
    }
  }

  /// What the numbers are: "T1", "ADC".
  public let quantity: String
  /// The unit, as messages name it; empty for a pure number.
  public let unit: String
  /// The plausible numbers, in ``unit``.
  public let numbers: ClosedRange<Double>
  /// Units that the quantity is often written in.
  public let otherUnits: [OtherUnit]
  /// What to do about a number that no other unit explains.
  public let advice: String

  /// A range of `numbers` in `unit`.
  public init(
    _ quantity: String, _ numbers: ClosedRange<Double>, unit: String, otherUnits: [OtherUnit] = [],
    advice: String = "Correct the number, or leave it out"
  ) {
    self.quantity = quantity
    self.unit = unit
    self.numbers = numbers
    self.otherUnits = otherUnits
    self.advice = advice
  }

  /// A number outside of its range.
  public struct Implausible: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number.
    public let number: Double
    /// The range that it is outside of.
    public let range: PlausibleRange
    /// The unit that would bring it into the range; nil if none would.
    public let likelyUnit: OtherUnit?

    /// What is wrong, as the middle of a message: no capital, no full stop.
    public var problem: String {
      let unit = range.unit.isEmpty ? "" : " \(range.unit)"
      return "\(PlausibleRange.text(number)) is no plausible \(range.quantity): the range is "
        + "\(PlausibleRange.text(range.numbers.lowerBound)) to \(PlausibleRange.text(range.numbers.upperBound))\(unit)"
    }

    /// What to do about it, as a sentence without its full stop.
    public var advice: String {
      guard let likelyUnit else { return range.advice }
      return "Multiply by \(likelyUnit.factorText) if the numbers are in \(likelyUnit.name)"
    }

    /// The problem and the advice.
    public var description: String { "\(problem). \(advice)." }
  }

  /// True for a number in the range.
  public func contains(_ number: Double) -> Bool { numbers.contains(number) }

  /// Checks one number; a missing one (NaN) is for the reader to judge before.
  ///
  /// - Throws: `Implausible` with the first other unit that brings the number into the range.
  public func check(_ number: Double) throws(Implausible) {
    guard !contains(number) else { return }
    throw Implausible(
      number: number, range: self, likelyUnit: otherUnits.first { contains(number * $0.factor) })
  }

  /// A number as messages print it: 1200, 0.001, 1e-05.
  static func text(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
    return "\(number)"
  }
}
