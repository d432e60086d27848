internal import Foundation

/// A straight or logarithmic axis: from values to places on the page.
public struct PlotScale: Sendable, Equatable {
  /// Whether equal steps are equal differences or equal ratios.
  public enum Kind: Sendable {
    case linear
    case logarithmic
  }

  let kind: Kind
  let lower: Double
  let upper: Double
  let start: Double
  let end: Double

  /// The axis on which `lower` stands at `start` and `upper` at `end`.
  ///
  /// An empty or inverted domain is widened; a logarithmic one that is not positive becomes linear.
  public init(_ kind: Kind = .linear, _ lower: Double, _ upper: Double, from start: Double, to end: Double) {
    let isUsable = lower.isFinite && upper.isFinite
    var (low, high) = isUsable ? (min(lower, upper), max(lower, upper)) : (0, 1)
    self.kind = kind == .logarithmic && low <= 0 ? .linear : kind
    if low == high { (low, high) = low == 0 ? (-1, 1) : (low - abs(low) * 0.1, high + abs(high) * 0.1) }
    (self.lower, self.upper, self.start, self.end) = (low, high, start, end)
  }

  /// The place of `value`, beyond the ends if it is.
  public func place(_ value: Double) -> Double {
    let share =
      kind == .linear
      ? (value - lower) / (upper - lower) : log(value / lower) / log(upper / lower)
    return start + share * (end - start)
  }

  /// The place of `value`, at the end if it lies beyond.
  func clamped(_ value: Double) -> Double { place(min(max(value, lower), upper)) }

  /// Round numbers inside the domain, about `count` of them.
  public func ticks(_ count: Int = 5) -> [Double] {
    if kind == .logarithmic {
      for steps in [[1.0], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]] {
        let decades = Int(floor(log10(lower)))...Int(ceil(log10(upper)))
        let found = decades.flatMap { decade in steps.map { $0 * pow(10, Double(decade)) } }
          .filter { $0 >= lower * 0.999 && $0 <= upper * 1.001 }
        if found.count >= 3 { return found }
      }
    }
    let raw = (upper - lower) / Double(max(count, 1))
    // Steps that no double holds: a domain of numbers next to nothing, or as wide as all of them.
    guard raw.isNormal else { return [] }
    let magnitude = pow(10, floor(log10(raw)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * magnitude }.first { $0 >= raw * 0.999 } ?? raw
    let first = Int((lower / step - 1e-6).rounded(.up)), last = Int((upper / step + 1e-6).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// A tick's number, with as many decimals as its step needs.
  public static func label(_ value: Double) -> String {
    if value.isInfinite { return value > 0 ? "∞" : "−∞" }
    let text = String(format: "%.6g", value)
    return text.replacingOccurrences(of: "-", with: "−")
  }
}
