public import Foundation
internal import NIfTI

/// `import dicom`: a folder of DICOM files through the user's own `dcm2niix`, and a look at what came out.
///
/// Nothing is converted here. The converter writes into a new folder, `import.json` records its version and the command,
/// and every image is checked against its b-values and its sidecar. `-ba y` leaves names out of the sidecars; that is no
/// anonymisation of anything else.
public struct DICOMImport: Sendable {
  private let source: URL
  private let output: URL
  private let converter: String
  private let overwrites: Bool
  private let notice: @Sendable (String) -> Void

  /// The import of `source` into the new folder `output` by `converter`, the name or the path of dcm2niix.
  public init(
    _ source: URL, output: URL, converter: String = "dcm2niix", overwriting: Bool = false,
    notice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.source = source
    self.output = output
    self.converter = converter
    overwrites = overwriting
    self.notice = notice
  }

  /// Runs the converter and checks its images.
  ///
  /// - Returns: What was made, image by image.
  /// - Throws: status 66 if the source or the converter is missing, 65 if nothing was converted, 73 if `output` exists.
  public func run() throws(RunError) -> [ImportedImage] {
    guard FileManager.default.fileExists(atPath: source.path) else {
      throw RunError(
        .missingInput, at: source.relativePath, "there is no such folder",
        advice: "Give a folder of DICOM files")
    }
    guard FileKind(at: source.resolvingSymlinksInPath()) == .folder else {
      throw RunError(
        .badInput, at: source.relativePath,
        "it is a file, and dcm2niix would convert the whole folder that it lies in",
        advice: "Give the folder of one patient's DICOM files; unpack an archive first")
    }
    let place = try OutputPlace(output, kind: .imported, overwriting: overwrites, inputs: [source])
    try place.checkFolder()
    let program = try located()
    let version = Self.version(try execute(program, ["--version"]).output)
    return try OutputFolder.write(place) { folder in
      let options = ["-b", "y", "-ba", "y", "-z", "y", "-f", "%p_%s"]
      notice(
        "dcm2niix \(version): \(converter) \(options.joined(separator: " ")) -o \(output.relativePath) \(source.relativePath)"
      )
      let outcome = try execute(program, options + ["-o", folder.working.path, source.path])
      let images = try converted(in: folder.working)
      guard !images.isEmpty else {
        throw RunError(
          .badInput, at: source.relativePath,
          "dcm2niix made no image (it ended with \(outcome.status): \(outcome.lastLine))",
          advice: "Check that the folder holds DICOM images")
      }
      if outcome.status != 0 { notice("dcm2niix ended with \(outcome.status): \(outcome.lastLine)") }
      for image in images { image.notices.forEach { notice("\(image.name): \($0)") } }
      try AtomicFile.write(
        JSONText.object([
          "converter": "dcm2niix", "version": version, "options": options, "status": Int(outcome.status),
          "images": images.map(\.record),
        ]), to: folder.file("import.json"))
      try AtomicFile.write(
        DatasetDescription.text("imported by dcm2niix", type: "derivative"),
        to: folder.file(DatasetDescription.name))
      return images
    }
  }

  /// The converter on the search path, or where it was named.
  private func located() throws(RunError) -> URL {
    let folders =
      converter.contains("/")
      ? [""] : (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/" }
    for folder in folders where FileManager.default.isExecutableFile(atPath: folder + converter) {
      return URL(filePath: folder + converter)
    }
    throw RunError(
      .missingInput, at: converter, "there is no such program, and DICOM is read by dcm2niix alone",
      advice:
        "Install it (Debian: apt install dcm2niix; newer: pip install dcm2niix), or name it with --dcm2niix")
  }

  private struct Outcome {
    let status: Int32
    let output: String
    var lastLine: String { output.split(separator: "\n").last.map(String.init) ?? "it said nothing" }
  }

  private func execute(_ program: URL, _ arguments: [String]) throws(RunError) -> Outcome {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    do { try process.run() } catch {
      throw RunError(
        .missingInput, at: program.path, "it cannot be started",
        advice: "Check that it is a program for this machine")
    }
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
  }

  /// The version in what the converter says of itself.
  private static func version(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return words.first { $0.hasPrefix("v1.") || $0.hasPrefix("v2.") } ?? "of unknown version"
  }

  private func converted(in folder: URL) throws -> [ImportedImage] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter {
      $0.hasSuffix(".nii.gz")
    }
    .map { try ImportedImage(folder.appending(path: $0)) }
  }
}
