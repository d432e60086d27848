import ArgumentParser
import Foundation
import IVIMBayes

/// Which signals of a diffusion series are fitted, and with which model.
struct DiffusionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("b-values in FSL form (default: the image's name with .bval).", valueName: "file"))
  var bval: String?

  @Option(help: ArgumentHelp("Smallest b-value used, s/mm2 (default: 0).", valueName: "b"))
  var bMin: Double?

  @Option(help: ArgumentHelp("Largest b-value used, s/mm2 (default: 1000).", valueName: "b"))
  var bMax: Double?

  @Option(
    help: ArgumentHelp(
      "Volumes left out, counted from 0: 3,7 for all lesions, 2:3,7 for lesion 2. Repeatable.",
      valueName: "volumes"))
  var excludeVolumes: [String] = []

  @Flag(help: "Leave out the volumes that quality control flags, lesion by lesion.")
  var excludeFlagged = false

  @Option(help: ArgumentHelp("Averages (NEX) behind each volume, one number a volume.", valueName: "file"))
  var averages: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of several volumes of one b-value: separate, geometric or arithmetic (default: separate).",
      valueName: "pooling"))
  var directions: String?

  @Option(
    help: ArgumentHelp("biexponential or monoexponential (default: biexponential).", valueName: "model"))
  var model: String?

  @Option(help: ArgumentHelp("b-values of the ADC, s/mm2 (default: 0,1000).", valueName: "low,high"))
  var adcRange: NumberPair?

  @Option(
    help: ArgumentHelp(
      "Relaxation times, JSON: adds f_vol, f as a share of the volume, to table and draws (default: none).",
      valueName: "file"))
  var bloodCorrection: String?

  func apply(to configuration: inout FitConfiguration) {
    if let bMin { configuration.bMin = bMin }
    if let bMax { configuration.bMax = bMax }
    if !excludeVolumes.isEmpty { configuration.excludeVolumes = excludeVolumes }
    if excludeFlagged { configuration.excludeFlagged = true }
    if let directions { configuration.directions = directions }
    if let model { configuration.model = model }
    if let adcRange { configuration.adcRange = [adcRange.low, adcRange.high] }
  }

  func apply(to files: inout FitFiles) {
    files.bValues = bval.map { URL(filePath: $0) }
    files.bloodCorrection = bloodCorrection.map { URL(filePath: $0) }
    files.averages = averages.map { URL(filePath: $0) }
  }
}
