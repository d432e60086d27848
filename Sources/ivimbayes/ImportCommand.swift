import ArgumentParser
import Foundation
import IVIMBayes

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Scans from the files of a scanner.",
    subcommands: [ImportDICOMCommand.self])
}

struct ImportDICOMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dicom",
    abstract: "NIfTI images from DICOM files, by your own dcm2niix.",
    discussion: """
      Prints and runs the command, records the version of dcm2niix in import.json, and checks every image: as many \
      b-values as volumes, times in seconds, one repetition time. dcm2niix is not part of ivimbayes. Segmentations \
      (SEG, RTSTRUCT) need other converters.

      Example: ivimbayes import dicom DICOM --out images

      Exit codes: 0 done, 64 usage, 65 nothing to convert, 66 missing folder or no dcm2niix, 73 output exists.
      """)

  @Argument(help: ArgumentHelp("The folder of the DICOM files.", valueName: "folder"))
  var source: String

  @Option(help: ArgumentHelp("The new folder of the images.", valueName: "folder"))
  var out: String

  @Option(help: ArgumentHelp("Name or path of dcm2niix (default: dcm2niix).", valueName: "program"))
  var dcm2niix = "dcm2niix"

  @Flag(help: "Replace the folder if it exists and ivimbayes has made it.")
  var overwrite = false

  @Flag(help: "Say nothing but results and errors.")
  var quiet = false

  func run() throws {
    try Console.reporting {
      let images = try DICOMImport(
        URL(filePath: source), output: URL(filePath: out), converter: dcm2niix, overwriting: overwrite,
        notice: Console(quiet: quiet, format: .text).notice
      ).run()
      for image in images { try StandardStreams.print(image.summary) }
    }
  }
}
