import Foundation
import TestSupport
import Testing

/// The examples of the library, run as programs: their answers are those of quadrature.
///
/// Means and SDs by the trapezoid rule on the same densities in numpy; with an ESS of 2,000 or more a difference of 0.1 SD is 4.5 standard
/// errors, and the last printed digit adds half a unit.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)"))
struct ExamplesTests {
  @Test(arguments: [
    ("one-voxel", ["d": (1.0873, 0.0262), "f": (9.045, 1.154), "dstar": (30.19, 9.77)]),
    ("own-model", ["d": (0.93027, 0.00528), "kurtosis": (0.94821, 0.01132)]),
  ])
  func `An example prints the posterior`(name: String, expected: [String: (mean: Double, sd: Double)]) throws
  {
    let outcome = try Command.run([], of: try Command.product(name))
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let header = try #require(outcome.lines.first).split(separator: " ").map(String.init)
    #expect(header.prefix(3) == ["parameter", "unit", "mean"])
    var found = 0
    for line in outcome.lines.dropFirst() {
      let fields = line.split(separator: " ").map(String.init)
      guard let reference = fields.first.flatMap({ expected[$0] }) else { continue }
      // The first number after name and unit; a unit may hold a space and digits, but is no number itself.
      let numbers = fields.dropFirst().compactMap { Double($0) }
      let digit = 0.5 * Self.lastPlace(of: try #require(fields.dropFirst().first { Double($0) != nil }))
      #expect(abs(numbers[0] - reference.mean) <= 0.1 * reference.sd + digit, "\(line)")
      #expect(abs(numbers[1] - reference.sd) <= 0.1 * reference.sd + digit, "\(line)")
      found += 1
    }
    #expect(found == expected.count)
  }

  /// 0.01 of "1.23", 1 of "12".
  private static func lastPlace(of number: String) -> Double {
    let decimals = number.firstIndex(of: ".").map { number.distance(from: $0, to: number.endIndex) - 1 } ?? 0
    return pow(10, -Double(decimals))
  }
}
