import Foundation
import TestSupport
import Testing

/// `import dicom`, with a script in place of dcm2niix: what the command does around it.
@Suite struct ImportTests {
  /// A program that answers as dcm2niix does and runs `body` with the output folder in $out.
  private static func converter(_ body: String, in folder: TemporaryFolder) throws -> URL {
    let script = """
      #!/bin/sh
      if [ "$1" = --version ]; then echo "Chris Rorden's dcm2niiX version v1.0.20260724  GCC12 (64-bit Linux)"; exit 3; fi
      echo "$@" > "\(folder.file("arguments").path)"
      while [ "$1" != -o ]; do shift; done
      out=$2
      \(body)
      """
    let file = try folder.write(script, as: "converter")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return file
  }

  @Test func `The images of the converter are kept, checked against b-values and sidecar, and recorded`()
    throws
  {
    let folder = try TemporaryFolder()
    let scan = try PhantomScan.shared.get()
    let program = try Self.converter(
      """
      cp "\(scan.image.path)" "$out/dwi_3.nii.gz"
      cp "\(scan.bValues.path)" "$out/dwi_3.bval"
      echo '{"RepetitionTime": 1, "RepetitionTimeExcitation": 5}' > "$out/dwi_3.json"
      cp "\(scan.lesions.path)" "$out/ir_4.nii.gz"
      echo '{"InversionTime": 400}' > "$out/ir_4.json"
      cp "\(scan.image.path)" "$out/wrong_5.nii.gz"
      echo '0 10' > "$out/wrong_5.bval"
      """, in: folder)
    let source = folder.file("dicom")
    try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
    let outcome = try Command.run([
      "import", "dicom", source.path, "--out", folder.file("out").path, "--dcm2niix", program.path,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.lines.count == 3 && outcome.lines[0].hasSuffix("b = 0 10 20 30 50 80 100 200 400 600 800 1000"))
    #expect(
      try String(contentsOf: folder.file("arguments"), encoding: .utf8).contains(
        "-b y -ba y -z y -f %p_%s -o "))
    for words in [
      "-ba y", "v1.0.20260724", "dwi_3.nii.gz: RepetitionTime is 1.0 s and RepetitionTimeExcitation 5.0 s",
      "ir_4.nii.gz: InversionTime is 400.0 s, which is no time in seconds",
      "wrong_5.nii.gz: 2 b-values for 12 volumes",
      "wrong_5.nii.gz: no sidecar",
    ] { #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)") }
    let record = try String(contentsOf: folder.file("out/import.json"), encoding: .utf8)
    #expect(record.contains("v1.0.20260724") && record.contains("\"inversion_time\" : 400"))
    #expect(!record.contains(folder.url.path))
  }

  @Test
  func `Without dcm2niix, without images or without a folder the import ends with advice and leaves nothing`()
    throws
  {
    let folder = try TemporaryFolder()
    let source = folder.file("dicom")
    try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
    let arguments = ["import", "dicom", source.path, "--out", folder.file("out").path]
    let absent = try Command.run(arguments, environment: ["PATH": folder.url.path])
    #expect(absent.status == 66 && absent.errors.contains("apt install dcm2niix"))
    let empty = try Self.converter("echo 'Error: no DICOM images'; exit 2", in: folder)
    let none = try Command.run(arguments + ["--dcm2niix", empty.path])
    #expect(none.status == 65 && none.errors.contains("it ended with 2: Error: no DICOM images"))
    let missing = try Command.run([
      "import", "dicom", folder.file("no").path, "--out", folder.file("out").path,
    ])
    #expect(missing.status == 66 && missing.errors.contains("there is no such folder"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
  }
}
