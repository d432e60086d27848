import Testing

@testable import Reporting

/// Sentences by rule.
@Suite struct ChangeWordsTests {
  static func words(_ increase: Double, median: Double = 24) -> ChangeWords {
    ChangeWords(
      parameter: "adc", percentMedian: median, percentLower: 7, percentUpper: 43,
      probabilityOfIncrease: increase,
      probabilityOfDecrease: 1 - increase)
  }

  @Test func `The words follow the probability of the direction`() {
    #expect(Self.words(0.95).sentence == "ADC rose by about 24 % (90 % interval +7 to +43 %)")
    #expect(Self.words(0.949).sentence == "ADC may have risen (probability 0.95)")
    #expect(Self.words(0.80).sentence == "ADC may have risen (probability 0.80)")
    #expect(Self.words(0.799).sentence == "ADC: direction unresolved (+7 to +43 %)")
    #expect(Self.words(0.05, median: -9).sentence == "ADC fell by about 9 % (90 % interval +7 to +43 %)")
    #expect(Self.words(0.2).sentence == "ADC may have fallen (probability 0.80)")
    #expect(Self.words(0.5).sign == "rise" && Self.words(0.4).sign == "fall")
  }

  @Test func `Changes carry their sign, a true minus, and no sign at zero`() {
    #expect(Self.words(0.9, median: -9.4).median == "−9 %" && Self.words(0.9, median: 0.3).median == "0 %")
    #expect(ChangeWords.repeatability(true) == "beyond scan-to-scan variation")
    #expect(ChangeWords.repeatability(nil).hasSuffix("not known"))
  }

  @Test func `Lists read as sentences`() {
    #expect(ParameterName.list(["a"]) == "a" && ParameterName.list(["a", "b", "c"]) == "a, b and c")
    #expect(ParameterName.ordered(["dstar", "sigma", "adc", "t1"]) == ["adc", "t1", "dstar"])
  }
}
