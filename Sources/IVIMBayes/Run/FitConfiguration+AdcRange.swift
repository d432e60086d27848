internal import Acquisitions

extension FitConfiguration {
  /// The settings whose b-value lies in the range of the ADC, shell by shell.
  ///
  /// - Throws: status 65 if these are fewer than two b-values; `place` is the input.
  func adcSettings(of series: FitSeries, place: String) throws(RunError) -> [Int] {
    let chosen = DiffusionSelection(lowestB: adcRange[0], highestB: adcRange[1])
      .shellsInRange(of: series.settings.map { BValue($0) }).flatMap(\.volumes).sorted()
    guard Set(chosen.map { series.settings[$0] }).count >= 2 else {
      throw RunError(
        .badInput, at: place,
        "fewer than two b-values lie in the ADC's range \(adcRange[0]) to \(adcRange[1]) s/mm²",
        advice: "Widen --adc-range, or check --b-min and --b-max")
    }
    return chosen
  }
}
