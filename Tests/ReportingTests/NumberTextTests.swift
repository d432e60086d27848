import Reporting
import Testing

struct NumberTextTests {
  @Test func `decimals follow the half-width, and stop at two Monte Carlo errors`() {
    // D in 10⁻³ mm²/s: ±0.034, MCSE 0.0004 → one digit: two decimals; two digits: three.
    #expect(DecimalPlaces(halfWidth: 0.034, mcse: 0.0004).count == 2)
    #expect(DecimalPlaces(halfWidth: 0.034, mcse: 0.0004, significantDigits: 2).count == 3)
    // An MCSE of 0.02 allows no hundredths: 2 MCSE = 0.04 has its first digit there, which is the last kept.
    #expect(DecimalPlaces(halfWidth: 0.034, mcse: 0.02, significantDigits: 2).count == 2)
    #expect(DecimalPlaces(halfWidth: 0.034, mcse: 0.06, significantDigits: 2).count == 1)
    // T1 in ms: ±80 → tens.
    #expect(DecimalPlaces(halfWidth: 80, mcse: 0.5).count == -1)
    #expect(DecimalPlaces(halfWidth: 1000, mcse: .nan).count == -3)
    #expect(DecimalPlaces(halfWidth: 0, mcse: .nan).count == 3)
    #expect(DecimalPlaces(halfWidth: .nan, mcse: 0.01).count == 2)
    #expect(min(DecimalPlaces(2), DecimalPlaces(-1)) == DecimalPlaces(-1))
  }

  @Test func `values are rounded to their places, with a true minus sign`() {
    #expect(DecimalPlaces(2).text(1.23456) == "1.23")
    #expect(DecimalPlaces(0).text(1412.4) == "1412")
    #expect(DecimalPlaces(-1).text(1416) == "1420")
    #expect(DecimalPlaces(-2).text(-1460) == "−1500")
    #expect(DecimalPlaces(1).text(-0.04) == "0.0")
    #expect(DecimalPlaces(1).text(-0.06) == "−0.1")
    #expect(DecimalPlaces(3).text(.nan) == "n/a")
    #expect(DecimalPlaces(3).text(-.infinity) == "−∞")
  }

  @Test func `R-hat, ESS, probabilities, p and changes have their own forms`() {
    #expect(NumberText.rHat(1.00249) == "1.002" && NumberText.rHat(.nan) == "n/a")
    #expect(NumberText.effectiveSize(1249.9) == "1240" && NumberText.effectiveSize(399.9) == "399")
    #expect(NumberText.effectiveSize(400) == "400" && NumberText.effectiveSize(.nan) == "n/a")
    #expect(
      NumberText.effectiveSize(.infinity) == "∞" && NumberText.effectiveSize(1e20) == "100000000000000000000")
    #expect(NumberText.probability(0) == "<0.01" && NumberText.probability(1) == ">0.99")
    #expect(NumberText.probability(0.01) == "0.01" && NumberText.probability(0.904) == "0.90")
    #expect(NumberText.probability(.nan) == "n/a")
    #expect(NumberText.pValue(0.0004) == "<0.001" && NumberText.pValue(0.0134) == "0.013")
    #expect(NumberText.pValue(0.456) == "0.46")
    #expect(NumberText.percentChange(0.124) == "+12 %" && NumberText.percentChange(-0.3) == "−30 %")
    #expect(NumberText.percentChange(0.001) == "0 %" && NumberText.percentChange(-0.001) == "0 %")
    #expect(NumberText.percentChange(.nan) == "n/a %")
  }

  @Test func `parameters are shown in the units people read`() {
    #expect(DisplayUnit(parameter: "d", unit: "mm²/s") == DisplayUnit(parameter: "adc", unit: "mm2/s"))
    #expect(DisplayUnit(parameter: "d", unit: "mm²/s").symbol == "10⁻³ mm²/s")
    #expect(DisplayUnit(parameter: "t1", unit: "s").factor == 1000)
    #expect(DisplayUnit(parameter: "f", unit: "1").symbol == "%")
    #expect(DisplayUnit(parameter: "lambda", unit: "1").symbol == "")
    #expect(DisplayUnit(parameter: "s0", unit: "a.u.").symbol == "a.u.")
  }
}
