internal import GSLSupport
internal import NIfTI
internal import Tables

/// One session of a simulated patient, as files.
struct SimulatedVisit {
  let patient: SimulatedPatient
  let visit: Int
  let truth: VisitTruth
  let plan: ScanPlan
  /// Whose signals the SNR refers to.
  let tissue: SimulatedTissue
  let seed: UInt64

  private var folder: String { "\(patient.subject)/ses-\(plan.visits[visit].name)" }
  private var stem: String { "\(patient.subject)_ses-\(plan.visits[visit].name)" }

  func write(into dataset: DatasetFolder) throws {
    try writeDiffusion(into: dataset)
    if plan.t1.method != "none" { try writeT1(into: dataset) }
    for (kind, isWritten) in [("dwi", true), ("anat", plan.t1.method != "none")] where isWritten {
      let name = "derivatives/lesions/\(folder)/\(kind)/\(stem)_seg-lesions_dseg"
      try LabelImage(grid: truth.grid, labels: truth.labels)
        .write(to: try dataset.place("\(name).nii.gz"), description: "SYNTHETIC")
      try dataset.write(
        "index\tname\n" + patient.lesions.enumerated().map { "\($0 + 1)\t\($1.name)\n" }.joined(),
        to: "\(name).tsv")
    }
    let maps: [(String, (SimulatedTissue) -> Double)] = [
      ("dwi/\(stem)_param-d_dwimap", \.d), ("dwi/\(stem)_param-f_dwimap", \.f),
      ("dwi/\(stem)_param-dstar_dwimap", \.dstar), ("dwi/\(stem)_param-s0_dwimap", \.s0),
      ("anat/\(stem)_desc-truth_T1map", \.t1),
    ]
    for (name, value) in maps {
      try NIfTIImage(grid: truth.grid, values: truth.voxels.map { Float(value($0)) })
        .writeFloat32(
          to: try dataset.place("derivatives/truth/\(folder)/\(name).nii.gz"), description: "SYNTHETIC truth")
    }
    try dataset.write(
      JSONText.object(["Description": "SYNTHETIC true T1", "Units": "s", "SkullStripped": false]),
      to: "derivatives/truth/\(folder)/anat/\(stem)_desc-truth_T1map.json")
  }

  /// Whose noise this is: `series` 0 for diffusion, 1 for T1.
  private func key(series: Int) -> StreamKey {
    StreamKey(
      seed: seed, chain: 2 * (patient.index * plan.visits.count + visit) + series, purpose: .simulation)
  }

  private var snrFactor: Double { plan.visits[visit].snr * patient.snr[visit] }

  private func writeDiffusion(into dataset: DatasetFolder) throws {
    let protocolPlan = plan.diffusion
    let signals = ScanSignals.diffusion(
      truth, plan: protocolPlan, sigma: tissue.s0 / (protocolPlan.snr * snrFactor), key: key(series: 0))
    let name = "\(folder)/dwi/\(stem)_dwi"
    try NIfTIImage(grid: truth.grid, volumeCount: protocolPlan.bValues.count, values: signals.values)
      .writeFloat32(to: try dataset.place("\(name).nii.gz"), description: "SYNTHETIC")
    let zeros = protocolPlan.bValues.map { _ in "0" }.joined(separator: " ")
    try dataset.write(
      protocolPlan.bValues.map(TabSeparatedTable.field).joined(separator: " ") + "\n", to: "\(name).bval")
    try dataset.write([zeros, zeros, zeros].joined(separator: "\n") + "\n", to: "\(name).bvec")
    try dataset.write(
      JSONText.object([
        "Description": "SYNTHETIC trace-weighted diffusion series", "RepetitionTime": 5, "EchoTime": 0.065,
        "MagneticFieldStrength": 3,
      ]), to: "\(name).json")
  }

  private func writeT1(into dataset: DatasetFolder) throws {
    let protocolPlan = plan.t1
    let signals = ScanSignals.t1(
      truth, plan: protocolPlan, sigma: tissue.m0 / (protocolPlan.snr * snrFactor), key: key(series: 1))
    for (index, setting) in protocolPlan.settings.enumerated() {
      let isSteadyState = protocolPlan.method == "vfa"
      let name =
        "\(folder)/anat/\(stem)_\(isSteadyState ? "flip" : "inv")-\(index + 1)_\(isSteadyState ? "VFA" : "IRT1")"
      let first = index * truth.grid.voxelCount
      try NIfTIImage(
        grid: truth.grid, values: Array(signals.values[first..<(first + truth.grid.voxelCount)])
      ).writeFloat32(to: try dataset.place("\(name).nii.gz"), description: "SYNTHETIC")
      var sidecar: [String: Any] = [
        "Description": "SYNTHETIC T1 series", "PulseSequenceType": protocolPlan.method,
        "MagneticFieldStrength": 3,
      ]
      switch protocolPlan.method {
      case "vfa":
        sidecar["FlipAngle"] = setting
        sidecar["RepetitionTimeExcitation"] = protocolPlan.repetitionTime
      case "ir":
        sidecar["InversionTime"] = setting
        sidecar["RepetitionTimeExcitation"] = protocolPlan.repetitionTime
      default:
        sidecar["InversionTime"] = setting
      }
      try dataset.write(JSONText.object(sidecar), to: "\(name).json")
    }
  }
}
