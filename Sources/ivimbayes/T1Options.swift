import ArgumentParser
import Foundation
import IVIMBayes

/// What the scanner varied to measure T1.
struct T1Options: ParsableArguments {
  @Option(
    help: ArgumentHelp("How T1 was measured: ir, look-locker, molli, sasha or vfa.", valueName: "method"))
  var method: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Inversion times in s, separated by commas or spaces, one a volume (default: the sidecars').",
      valueName: "s,s,..."))
  var inversionTimes: [NumberSeries] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Saturation times in s (sasha); inf for none.", valueName: "s,s,..."))
  var saturationTimes: [NumberSeries] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Flip angles in degrees (vfa; default: the sidecars').", valueName: "deg,..."))
  var flipAngles: [NumberSeries] = []

  @Option(help: ArgumentHelp("Repetition time in s (default: the sidecars').", valueName: "s"))
  var repetitionTime: Double?

  @Option(
    help: ArgumentHelp(
      "Do signals carry their sign? magnitude or signed (default: magnitude; signed for vfa and sasha).",
      valueName: "polarity"))
  var polarity: String?

  @Option(help: ArgumentHelp("Ratio of true to nominal flip angle (vfa).", valueName: "map"))
  var b1: String?

  @Option(help: ArgumentHelp("SD of that ratio (default: 0.05 with a map, 0.10 without).", valueName: "sd"))
  var b1Sd: Double?

  @Option(
    help: ArgumentHelp(
      "Efficiency of the inversion (look-locker, molli): a number, or mean,sd (default: 1).",
      valueName: "mean[,sd]"))
  var inversionEfficiency: NumberSeries?

  @Option(
    help: ArgumentHelp(
      "two-parameter or three-parameter (sasha; default: two-parameter).", valueName: "model"))
  var saturationModel: String?

  func apply(to configuration: inout FitConfiguration) {
    if let method { configuration.method = method }
    for series in [inversionTimes, saturationTimes, flipAngles] where !series.isEmpty {
      configuration.settings = series.flatMap(\.numbers)
    }
    if let repetitionTime { configuration.repetitionTime = repetitionTime }
    if let polarity { configuration.polarity = polarity }
    if let b1Sd { configuration.b1Sd = b1Sd }
    if let inversionEfficiency { configuration.inversionEfficiency = inversionEfficiency.numbers }
    if let saturationModel { configuration.saturationModel = saturationModel }
  }
}

/// Numbers separated by commas, or a file of numbers separated by white space.
struct NumberSeries: ExpressibleByArgument {
  let numbers: [Double]

  init?(argument: String) {
    let contents = try? SmallFile.read(URL(filePath: argument))
    let text = contents.map { String(decoding: $0, as: UTF8.self) } ?? argument
    let fields = text.split { $0 == "," || $0.isWhitespace }
    let numbers = fields.compactMap { Double($0) }
    guard !numbers.isEmpty, numbers.count == fields.count else { return nil }
    self.numbers = numbers
  }
}
