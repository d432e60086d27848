import Foundation
import TestSupport
import Testing

@testable import IVIMBayes

@Suite struct RunIdentityTests {
  private static let inputs = ["scan.nii.gz": "aa", "scan.bval": "bb"]

  private static func claim(
    _ configuration: FitConfiguration = FitConfiguration(), inputs: [String: String] = inputs,
    stem: String = "scan",
    in folder: TemporaryFolder
  ) throws {
    try RunIdentity(configuration, digests: inputs, stem: stem).claim(folder.url, for: URL(filePath: "out"))
  }

  @Test func `A checkpoint is taken over by the same run, and by no other, which is told what differs`()
    throws
  {
    let folder = try TemporaryFolder()
    try Self.claim(in: folder)
    try Self.claim(in: folder)
    var other = FitConfiguration()
    other.minEss = 300
    var fixed = FitConfiguration()
    fixed.draws = 100
    for (difference, body) in [
      ("--min-ess", { try Self.claim(other, in: folder) }),
      ("--draws", { try Self.claim(fixed, in: folder) }),
      ("input scan.bval", { try Self.claim(inputs: ["scan.nii.gz": "aa", "scan.bval": "cc"], in: folder) }),
      (
        "input mask.nii",
        { try Self.claim(inputs: Self.inputs.merging(["mask.nii": "dd"]) { $1 }, in: folder) }
      ),
      ("input", { try Self.claim(stem: "other", in: folder) }),
    ] as [(String, () throws -> Void)] {
      let error = #expect(throws: RunError.self, performing: body)
      #expect(error?.status == .badInput)
      #expect(
        error?.description
          == "out: the unfinished run cannot be resumed: its \(difference) was another. Give the options and inputs "
          + "that it was started with, or start anew with --overwrite.")
    }
    try Self.claim(in: folder)
  }

  @Test func `A checkpoint of another build, or damaged, is not taken over`() throws {
    let folder = try TemporaryFolder()
    try Self.claim(in: folder)
    let file = folder.file(RunIdentity.fileName)
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    _ = try folder.write(text.replacing("\"program\"", with: "\"programme\""), as: RunIdentity.fileName)
    let build = #expect(throws: RunError.self) { try Self.claim(in: folder) }
    #expect(build?.description.contains("its build of ivimbayes was another") == true)
    _ = try folder.write("{", as: RunIdentity.fileName)
    #expect(throws: RunError.self) { try Self.claim(in: folder) }
  }

  @Test func `The record of a finished run is recognised`() throws {
    let identity = try RunIdentity(FitConfiguration(), digests: Self.inputs, stem: "scan")
    let options = try JSONSerialization.jsonObject(with: JSONEncoder().encode(FitConfiguration()))
    #expect(identity.matches(record: ["configuration": options, "inputs": Self.inputs, "health": [:]]))
    #expect(!identity.matches(record: ["configuration": options, "inputs": ["scan.nii.gz": "aa"]]))
    #expect(!identity.matches(record: ["configuration": [String: Any](), "inputs": Self.inputs]))
    #expect(!identity.matches(record: [:]))
  }
}
