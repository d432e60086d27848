import Foundation
import NIfTI
import TestSupport
import Testing

/// What a run writes names files and lesions as the user did, and nothing of persons and places.
@Suite struct PrivacyTests {
  /// Things that must stand in no output: the folder of the inputs, and what their sidecars say of people.
  static let secrets = ["ward-seven", "Doe^Jane", "1957-03-02", "St. Elsewhere", "ACC-4711"]

  /// Every file of a run, decompressed, as text of single bytes.
  private static func texts(of run: URL) throws -> [String: String] {
    var texts: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: run.path) {
      let file = run.appending(path: name)
      var bytes = [UInt8](try Data(contentsOf: file))
      if name.hasSuffix(".gz") {
        let values = try NIfTIImage.read(file).values
        bytes = values.flatMap { value -> [UInt8] in
          let pattern = value.bitPattern
          return (0..<4).map { UInt8(truncatingIfNeeded: pattern >> (8 * $0)) }
        }
      }
      texts[name] = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
    return texts
  }

  @Test func `No output carries a path or what a sidecar says of a person`() throws {
    let folder = try TemporaryFolder()
    let place = folder.file("ward-seven")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    let grid = Grid(shape: [3, 2, 1], affine: .scaling([1, 1, 1]))
    let times = [0.1, 0.4, 0.9, 2.0, 5.0]
    let values = times.flatMap { time in
      (0..<6).map { voxel -> Float in
        let t1 = 1.1 + 0.1 * Double(voxel)
        let noise = Double((voxel * 7 + Int(10 * time)) % 5)
        return Float(1000 * abs(1 - 1.9 * exp(-time / t1)) + noise)
      }
    }
    let image = place.appending(path: "ir.nii.gz")
    try NIfTIImage(grid: grid, volumeCount: 5, values: values).writeFloat32(to: image)
    // The labels lie on another grid, and have no voxel for a name: both give notices with the names of files.
    let labels = place.appending(path: "labels.nii.gz")
    let finer = Grid(shape: [6, 4, 1], affine: .scaling([0.5, 0.5, 1], origin: [-0.25, -0.25, 0]))
    try LabelImage(grid: finer, labels: (0..<24).map { $0 % 6 < 3 ? 1 : 0 }).write(to: labels)
    let names = place.appending(path: "names.tsv")
    try Data("index\tname\n1\tupper\n9\tnone\n".utf8).write(to: names)
    let sidecar = """
      {"InversionTime": [0.1, 0.4, 0.9, 2.0, 5.0], "PatientName": "Doe^Jane", "PatientBirthDate": "1957-03-02",
       "InstitutionName": "St. Elsewhere", "AccessionNumber": "ACC-4711", "EchoTime": 0.01}
      """
    try Data(sidecar.utf8).write(to: place.appending(path: "ir.json"))
    let outcome = try Command.succeed([
      "fit", "t1", image.path, "--method", "ir", "--lesions", labels.path, "--lesion-names", names.path,
      "--draws", "40",
      "--out", folder.file("run").path,
    ])
    // The user is told what was dropped, and where it stands.
    #expect(
      outcome.errors.contains("dropped, may identify a person: AccessionNumber, InstitutionName, Patient"))
    let texts = try Self.texts(of: folder.file("run"))
    #expect(texts.count > 15 && texts["ir_draws.nc"] != nil)
    for (name, text) in texts {
      for secret in Self.secrets + [folder.url.path] {
        #expect(!text.contains(secret), "\(name) contains \(secret)")
      }
    }
    let record = try #require(texts["ir_run.json"])
    #expect(
      record.contains("labels.nii.gz: on another grid")
        && record.contains("names.tsv: no voxel has the label 9"))
    #expect(record.contains("\"ir.json\" : \""), "the digest of the sidecar")
  }
}
