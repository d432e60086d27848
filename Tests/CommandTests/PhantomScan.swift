import Foundation
import NIfTI
import TestSupport

/// A small scan with two lesions, simulated by the command, and the paths of its files.
struct PhantomScan: Sendable {
  let folder: TemporaryFolder

  /// 8 × 8 × 2 voxels with two lesions of about a dozen voxels and one faultless protocol.
  static let plan = """
    {"shape": [8, 8, 2], "snr": 60,
     "b_values": [0, 10, 20, 30, 50, 80, 100, 200, 400, 600, 800, 1000],
     "lesions": [
       {"name": "upper", "center": [2, 3, 0.5], "radii": [1.6, 1.6, 1]},
       {"name": "lower", "center": [5.5, 4, 0.5], "radii": [1.6, 1.6, 1], "tissue": {"d": 0.8e-3, "f": 0.25}}]}
    """

  /// The scan of `plan`.
  init(plan: String = PhantomScan.plan, seed: Int = 1) throws {
    folder = try TemporaryFolder()
    let file = try folder.write(plan, as: "plan.json")
    try Command.succeed(
      ["simulate", "phantom", "--plan", file.path, "--seed", "\(seed)", "--out", folder.file("phantom").path])
  }

  /// One scan for all tests that only read it.
  static let shared = Result { try PhantomScan() }

  private var raw: URL { folder.file("phantom/sub-phantom/dwi") }
  private var truth: URL { folder.file("phantom/derivatives/truth/sub-phantom/dwi") }

  var image: URL { raw.appending(path: "sub-phantom_dwi.nii.gz") }
  var bValues: URL { raw.appending(path: "sub-phantom_dwi.bval") }
  var lesions: URL { truth.appending(path: "sub-phantom_dseg.nii.gz") }
  var lesionNames: URL { truth.appending(path: "sub-phantom_dseg.tsv") }

  /// The true map of a parameter.
  func truth(of parameter: String) throws -> NIfTIImage {
    try NIfTIImage.read(truth.appending(path: "sub-phantom_param-\(parameter)_dwimap.nii.gz"))
  }

  /// The arguments of a fit of the lesions alone into `out`.
  func lesionFit(into out: URL) -> [String] {
    ["fit", "ivim", image.path, "--mask", lesions.path, "--lesions", lesions.path, "--out", out.path]
  }

  /// Writes the scan with `change` made to its values into `folder`, beside a copy of its b-values.
  func altered(
    in folder: TemporaryFolder, name: String = "scan", _ change: (inout NIfTIImage) -> Void
  ) throws -> URL {
    var image = try NIfTIImage.read(self.image)
    change(&image)
    let file = folder.file("\(name).nii.gz")
    try image.writeFloat32(to: file)
    try FileManager.default.copyItem(at: bValues, to: folder.file("\(name).bval"))
    return file
  }
}
