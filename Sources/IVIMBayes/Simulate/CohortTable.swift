public import Foundation
internal import GSLSupport
internal import Lesions
internal import NIfTI
internal import Tables

/// A simulated cohort as a table of measured lesions, without images: what `efficacy train` and `cohort` read.
///
/// Each lesion has the tissue that its images would show, and normal errors of measurement on the log axes (f: logit) in
/// place of images. The `_sd` columns hold the SDs of the logarithms.
public struct SimulatedCohortTable: Sendable {
  /// The file of the measured lesions; the name says what they are.
  public static let fileName = "SYNTHETIC-cohort.tsv"

  private let plan: CohortPlan
  private let seed: UInt64

  /// The cohort of `plan`, with the truth that `SimulatedDataset` gives the same seed.
  public init(_ plan: CohortPlan, seed: UInt64) {
    self.plan = plan
    self.seed = seed
  }

  /// Writes `SYNTHETIC-cohort.tsv`, its truth, the plan and a description into the new folder `folder`, which must not be
  /// one of `inputs`, nor hold one.
  ///
  /// - Throws: status 73 if `folder` exists, 65 for a plan of one visit, 74 if writing fails; nothing is left behind.
  public func write(to folder: URL, overwriting: Bool, reading inputs: [URL] = []) throws(RunError) {
    guard plan.scan.visits.count >= 2 else {
      throw RunError(
        .badInput, at: "visits", "a cohort table needs a scan before and one after treatment",
        advice: "Give the plan two visits")
    }
    try OutputFolder.write(OutputPlace(folder, kind: .simulation, overwriting: overwriting, inputs: inputs)) {
      output in
      let (measured, truth) = tables()
      let texts = [
        Self.fileName: measured.text, "SYNTHETIC-truth.tsv": truth.text, "plan.json": plan.json,
        DatasetDescription.name: DatasetDescription.text("SYNTHETIC cohort table", type: "derivative"),
        "README.md":
          "# SYNTHETIC cohort\n\nSimulated by ivimbayes from plan.json; no patient data. One row is one lesion.\n",
      ]
      for (name, text) in texts { try AtomicFile.write(text, to: output.file(name)) }
    }
  }

  private static let parameters: [LesionParameter] = [
    .diffusion, .perfusionFraction, .pseudoDiffusion, .apparentDiffusion, .t1,
  ]

  /// The measured lesions, and the truth of each.
  private func tables() -> (measured: TabSeparatedTable, truth: TabSeparatedTable) {
    let identity = ["patient", "lesion", "outcome", "pdl1"]
    let names = Self.parameters.map(\.rawValue)
    let columns = ["pre", "post"].flatMap { visit in
      names.flatMap { ["\(visit)_\($0)", "\(visit)_\($0)_sd"] }
    }
    var measured = TabSeparatedTable(columns: identity + columns, name: Self.fileName)
    var truth = TabSeparatedTable(
      columns: identity + ["pre", "post", "delta"].flatMap { visit in names.map { "\(visit)_\($0)" } },
      name: "SYNTHETIC-truth.tsv")
    let adc = NoiselessADC(bValues: plan.scan.diffusion.bValues)
    for patient in plan.drawPatients(seed: seed) {
      for (number, lesion) in patient.lesions.enumerated() {
        let identity = [patient.subject, "\(number + 1)", patient.outcome, patient.pdl1]
        let visits = [0, plan.scan.visits.count - 1]
        var random = RandomStream(
          StreamKey(seed: seed, chain: patient.index, unit: number, purpose: .simulatedMeasurement))
        measured.append(
          identity
            + visits.flatMap { visit in
              measurements(of: lesion, visit: visit, adc: adc, using: &random).map(TabSeparatedTable.field)
            })
        let values = visits.map { visit in
          let tissue = lesion.tissue(at: plan.scan.visits[visit])
          return Self.parameters.map { TruthTables.value($0, of: tissue, adc: adc) }
        }
        let changes = Self.parameters.indices.map { place in
          let scale = Self.parameters[place].scale
          return scale.axis(values[1][place]) - scale.axis(values[0][place])
        }
        truth.append(identity + (values.flatMap { $0 } + changes).map(TabSeparatedTable.field))
      }
    }
    return (measured, truth)
  }

  /// Value and SD of the logarithm of every parameter in one scan of a lesion.
  private func measurements(
    of lesion: SimulatedPatient.Lesion, visit: Int, adc: NoiselessADC, using random: inout RandomStream
  ) -> [Double] {
    let tissue = lesion.tissue(at: plan.scan.visits[visit]).moved(by: lesion.scanShifts[visit])
    // SDs from 1/√spread to √spread times the typical one: scans differ in size and SNR.
    let factor = pow(plan.tableNoise.spread, random.uniform() - 0.5)
    let sd = plan.tableNoise.sd
    return Self.parameters.flatMap { parameter -> [Double] in
      let truth = TruthTables.value(parameter, of: tissue, adc: adc)
      let relative =
        switch parameter {
        case .diffusion, .apparentDiffusion: sd.d
        case .pseudoDiffusion: sd.dstar
        case .t1: sd.t1
        default: sd.f * (1 - tissue.f)
        }
      let deviation = factor * relative
      let step = parameter.axisStep(relative: deviation, at: truth) * random.normal()
      return [parameter.scale.value(parameter.scale.axis(truth) + step), deviation]
    }
  }
}
