internal import Acquisitions
public import Foundation
internal import GSLSupport
internal import LaneMath
internal import NIfTI
internal import SignalModels
internal import Tables

/// A diffusion scan with known truth: what `simulate phantom` writes.
public struct Phantom: Sendable {
  let plan: PhantomPlan
  let seed: UInt64

  /// The phantom of `plan`, with random numbers from `seed`.
  public init(_ plan: PhantomPlan, seed: UInt64) {
    self.plan = plan
    self.seed = seed
  }

  /// Writes a BIDS dataset into the new folder `folder`: the scan under `sub-<name>/dwi`, lesions and true maps under
  /// `derivatives/truth`.
  ///
  /// - Throws: status 73 if `folder` exists, 74 if writing fails; nothing is left behind.
  public func write(to folder: URL, overwriting: Bool, reading inputs: [URL] = []) throws(RunError) {
    try OutputFolder.write(OutputPlace(folder, kind: .simulation, overwriting: overwriting, inputs: inputs)) {
      output in
      try write(into: output)
    }
  }

  private func write(into output: OutputFolder) throws {
    let subject = "sub-\(plan.name)"
    let raw = "\(subject)/dwi"
    let truth = "derivatives/truth/\(subject)/dwi"
    for path in [raw, truth] {
      try FileManager.default.createDirectory(at: output.file(path), withIntermediateDirectories: true)
    }
    let voxels = trueVoxels()
    let grid = Grid(
      shape: plan.shape, affine: .scaling(SIMD3(plan.voxelSize[0], plan.voxelSize[1], plan.voxelSize[2])))
    let image = NIfTIImage(grid: grid, volumeCount: plan.bValues.count, values: signals(of: voxels))
    try image.writeFloat32(to: output.file("\(raw)/\(subject)_dwi.nii.gz"), description: "SYNTHETIC")
    let weightings = plan.bValues.map(TabSeparatedTable.field).joined(separator: " ")
    let zeros = plan.bValues.map { _ in "0" }.joined(separator: " ")
    let texts = [
      "\(raw)/\(subject)_dwi.bval": weightings + "\n",
      "\(raw)/\(subject)_dwi.bvec": [zeros, zeros, zeros].joined(separator: "\n") + "\n",
      "\(raw)/\(subject)_dwi.json": JSONText.object(["Description": "SYNTHETIC diffusion series"]),
      DatasetDescription.name: DatasetDescription.text("SYNTHETIC phantom", type: "raw", ["License": "CC0"]),
      "README.md":
        "# SYNTHETIC phantom\n\nSimulated by ivimbayes from the plan in derivatives/truth; no patient data.\n",
      ".bidsignore": "derivatives/\n.ivimbayes.json\n",
      "derivatives/truth/plan.json": plan.json,
      "\(truth)/\(subject)_dseg.tsv": lesionNames.text,
    ]
    for (name, text) in texts { try AtomicFile.write(text, to: output.file(name)) }
    try LabelImage(grid: grid, labels: voxels.map { Int32($0.lesion) })
      .write(to: output.file("\(truth)/\(subject)_dseg.nii.gz"), description: "SYNTHETIC")
    let maps: [(String, (Voxel) -> Double)] = [
      ("d", { $0.d }), ("f", { $0.f }), ("dstar", { $0.dStar }), ("s0", { $0.s0 }),
    ]
    for (name, value) in maps {
      try NIfTIImage(grid: grid, values: voxels.map { Float(value($0)) })
        .writeFloat32(
          to: output.file("\(truth)/\(subject)_param-\(name)_dwimap.nii.gz"), description: "SYNTHETIC truth")
    }
  }

  /// Labels and names of the lesions.
  private var lesionNames: TabSeparatedTable {
    var table = TabSeparatedTable(columns: ["index", "name"])
    for (index, lesion) in plan.lesions.enumerated() { table.append(["\(index + 1)", lesion.name]) }
    return table
  }

  struct Voxel {
    var lesion: Int
    var d: Double
    var f: Double
    var dStar: Double
    var s0: Double
  }

  /// The truth of every voxel, x fastest.
  func trueVoxels() -> [Voxel] {
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    var voxels: [Voxel] = []
    for z in 0..<plan.shape[2] {
      for y in 0..<plan.shape[1] {
        for x in 0..<plan.shape[0] {
          let lesion = plan.lesions.lastIndex { lesion in
            let place = [Double(x), Double(y), Double(z)]
            return (0..<3).reduce(0.0) { sum, axis in
              let distance = (place[axis] - lesion.center[axis]) / lesion.radii[axis]
              return sum + distance * distance
            } <= 1
          }
          let tissue = lesion.map { plan.lesions[$0].tissue } ?? plan.background
          let logitF = Double.log(tissue.f / (1 - tissue.f)) + tissue.sdLogitF * random.normal()
          let d = tissue.d * Double.exp(tissue.sdLogD * random.normal())
          let dStar = tissue.dstar * Double.exp(tissue.sdLogDstar * random.normal())
          voxels.append(
            Voxel(
              lesion: lesion.map { $0 + 1 } ?? 0, d: d, f: Double.logistic(logitF),
              dStar: max(dStar, 1.01 * d),
              s0: tissue.s0))
        }
      }
    }
    return voxels
  }

  /// The noisy signals, voxels fastest, volume after volume.
  private func signals(of voxels: [Voxel]) -> [Float] {
    let shape = BiexponentialIVIM(bValues: plan.bValues.map { BValue($0) })
    let sigma = plan.background.s0 / plan.snr
    var values = [Float](repeating: 0, count: voxels.count * plan.bValues.count)
    var relative = [Double](repeating: 0, count: plan.bValues.count)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    for (index, voxel) in voxels.enumerated() {
      var random = RandomStream(StreamKey(seed: seed, unit: index, purpose: .simulation))
      let eta = [
        Double.log(1000 * voxel.d), Double.log(voxel.f / (1 - voxel.f)),
        Double.log(1000 * (voxel.dStar - voxel.d)),
      ]
      shape.evaluate(at: eta, signal: &relative, workspace: &workspace)
      for (volume, g) in relative.enumerated() {
        let real = voxel.s0 * g + sigma * random.normal()
        let imaginary = plan.noise == "rician" ? sigma * random.normal() : 0
        let signal = plan.noise == "rician" ? (real * real + imaginary * imaginary).squareRoot() : real
        values[volume * voxels.count + index] = Float(signal)
      }
    }
    return values
  }
}
