@testable import Tables
import Testing

/// One table of what numbers can be: another unit is named with its factor.
@Suite struct PlausibleRangeTests {
  @Test(arguments: [
    (PlausibleRange.t1, 1200.0, "Multiply by 0.001 if the numbers are in ms"),
    (.t1, 1_200_000, "Multiply by 1e-6 if the numbers are in µs"),
    (.apparentDiffusion, 1.2, "Multiply by 0.001 if the numbers are in 10⁻³ mm²/s, µm²/ms or 10⁻⁹ m²/s"),
    (.apparentDiffusion, 1200, "Multiply by 1e-6 if the numbers are in 10⁻⁶ mm²/s or µm²/s"),
    (.diffusion, 1.1e-9, "Multiply by 1e6 if the numbers are in m²/s"),
    (.pseudoDiffusion, 20, "Multiply by 0.001 if the numbers are in 10⁻³ mm²/s, µm²/ms or 10⁻⁹ m²/s"),
    (.perfusionProduct, 4, "Multiply by 0.001 if the numbers are in 10⁻³ mm²/s, µm²/ms or 10⁻⁹ m²/s"),
    (.perfusionFraction, 15, "Multiply by 0.01 if the numbers are in percent"),
    (.logarithmSD, 3, "Multiply by 0.01 if the numbers are in percent"),
    (.largestBValue, 1.0, "Multiply by 1000 if the numbers are in ms/µm²"),
    (.bValue, 8e8, "Multiply by 1e-6 if the numbers are in s/m²"),
    (.inversionTime, 2500, "Multiply by 0.001 if the numbers are in ms"),
    (.repetitionTime, 8000, "Multiply by 0.001 if the numbers are in ms"),
    (.excitationInterval, 4.2, "Multiply by 0.001 if the numbers are in ms"),
    (.flipAngle, 0.26, "Multiply by 57.2958 if the numbers are in radians"),
    (.t1, -1, "Correct the number, or leave it out"),
    (.t1, .infinity, "Correct the number, or leave it out"),
    (
      .logarithmSD, 1e-4,
      "Divide by the value if it is an absolute standard deviation, or write n/a if it is unknown"
    ),
  ]) func outside(_ range: PlausibleRange, _ number: Double, _ advice: String) throws {
    let error = try #require(throws: PlausibleRange.Implausible.self) { try range.check(number) }
    #expect(error.advice == advice)
    #expect(error.problem.contains(range.quantity))
    if let factor = error.likelyUnit?.factor { #expect(range.contains(number * factor)) }
  }

  @Test(arguments: [
    (PlausibleRange.t1, 1.2), (.apparentDiffusion, 1.2e-3), (.pseudoDiffusion, 0.02),
    (.perfusionFraction, 0.15),
    (.perfusionProduct, 4e-3), (.logarithmSD, 0.03), (.bValue, 0), (.largestBValue, 800),
    (.inversionTime, 0.05),
    (.repetitionTime, 8), (.excitationInterval, 0.0042), (.flipAngle, 15), (.pdl1, 100),
  ]) func inside(_ range: PlausibleRange, _ number: Double) throws {
    try range.check(number)
  }

  @Test func problemsNameTheRange() throws {
    let error = try #require(throws: PlausibleRange.Implausible.self) { try PlausibleRange.t1.check(1200) }
    #expect(error.problem == "1200 is no plausible T1: the range is 0.01 to 20 s")
  }
}
