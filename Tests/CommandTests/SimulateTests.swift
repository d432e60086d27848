import Foundation
import NIfTI
import TestSupport
import Testing

/// What `simulate phantom` writes.
@Suite struct SimulateTests {
  @Test func `A phantom is a BIDS dataset with its truth, stamped SYNTHETIC`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = scan.folder.file("phantom")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".") }
      .sorted()
    let raw = ["bval", "bvec", "json", "nii.gz"].map { "sub-phantom/dwi/sub-phantom_dwi.\($0)" }
    let truth =
      ["dseg.nii.gz", "dseg.tsv"].map { "derivatives/truth/sub-phantom/dwi/sub-phantom_\($0)" }
      + ["d", "f", "dstar", "s0"].map {
        "derivatives/truth/sub-phantom/dwi/sub-phantom_param-\($0)_dwimap.nii.gz"
      }
    let top = [
      ".bidsignore", ".ivimbayes.json", "README.md", "dataset_description.json",
      "derivatives/truth/plan.json",
    ]
    #expect(Set(files) == Set(raw + truth + top))
    for file in ["README.md", "dataset_description.json"] {
      #expect(try String(contentsOf: folder.appending(path: file), encoding: .utf8).contains("SYNTHETIC"))
    }
    let image = try NIfTIImage.read(scan.image)
    #expect(image.shape == [8, 8, 2, 12] && image.voxelSize == [2, 2, 5])
    #expect(Set(try LabelImage.read(scan.lesions).labels) == [0, 1, 2])
  }

  @Test func `The noise has the SD of the plan, and Rician signals are never negative`() throws {
    let plan = #"{"shape": [40, 40, 4], "snr": 20, "b_values": [0, 1000], "lesions": [], "noise": "NOISE"}"#
    for noise in ["gaussian", "rician"] {
      let scan = try PhantomScan(plan: plan.replacingOccurrences(of: "NOISE", with: noise))
      let image = try NIfTIImage.read(scan.image)
      let residuals = zip(image.volume(0), try scan.truth(of: "s0").values).map { Double($0 - $1) }
      let sigma = (residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)).squareRoot()
      // 6,400 voxels: a standard error of 0.9 %; at SNR 20 Rician noise is Gaussian within that.
      #expect(isClose(sigma, 600 / 20, relative: 0.04))
      #expect(noise == "gaussian" || image.values.allSatisfy { $0 >= 0 })
    }
  }

  @Test func `The default plan is printed, and gives the phantom of no plan`() throws {
    let folder = try TemporaryFolder()
    let printed = try Command.succeed(["simulate", "phantom", "--write-default-plan"]).output
    let file = try folder.write(printed, as: "plan.json")
    for (name, options) in [("with", ["--plan", file.path]), ("without", [])] {
      try Command.succeed(["simulate", "phantom", "--out", folder.file(name).path] + options)
    }
    let images = try ["with", "without"].map {
      try Data(contentsOf: folder.file($0).appending(path: "sub-phantom/dwi/sub-phantom_dwi.nii.gz"))
    }
    #expect(images[0] == images[1])
  }

  @Test(arguments: [
    (#"{"snr": -1}"#, "snr must be positive"), (#"{"sn": 1}"#, "unknown entry \"sn\""),
    (#"{"lesions": [{"tissue": {"D": 1}}]}"#, "unknown entry \"lesions.tissue.D\""),
    (#"{"snr": "high"}"#, "this is not a plan: snr: "), ("{", "this is not a plan: "),
    (#"{"shape": [0, 4, 4]}"#, "shape needs three extents"), (#"{"b_values": [0, -5]}"#, "none negative"),
    (#"{"noise": "pink"}"#, "gaussian or rician"), (#"{"background": {"f": 2}}"#, "0 < f < 1"),
    (#"{"voxel_size": [0, 1, 1]}"#, "three positive numbers"),
    (#"{"lesions": [{"radii": [1, 2]}]}"#, "three positive radii"),
  ])
  func `A plan that cannot be used ends with 65, says why, and leaves nothing behind`(
    plan: String, reason: String
  ) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(plan, as: "plan.json")
    let outcome = try Command.run([
      "simulate", "phantom", "--plan", file.path, "--out", folder.file("out").path,
    ])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("\(file.path): ") && outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(outcome.errors.contains("--write-default-plan prints."))
    #expect(folder.contents == ["plan.json"])
  }

  @Test func `A missing plan is 66, an existing folder 73 and kept, and --overwrite replaces a phantom only`()
    throws
  {
    let folder = try TemporaryFolder()
    let missing = try Command.run([
      "simulate", "phantom", "--plan", folder.file("none.json").path, "--out", folder.file("out").path,
    ])
    #expect(
      missing.status == 66 && missing.errors.contains("none.json: the plan cannot be read. Check its path"))
    let small = try folder.write(#"{"shape": [4, 4, 1], "lesions": []}"#, as: "plan.json")
    let arguments = ["simulate", "phantom", "--plan", small.path, "--out", folder.file("out").path]
    try Command.succeed(arguments)
    #expect(try Command.run(arguments).status == 73)
    try Command.succeed(arguments + ["--overwrite"])
    let tests = ["simulate", "phantom", "--plan", small.path, "--overwrite", "--out", folder.url.path]
    #expect(try Command.run(tests).status == 73)
    #expect(folder.contents == ["out", "plan.json"])
  }
}
