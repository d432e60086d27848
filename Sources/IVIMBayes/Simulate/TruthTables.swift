internal import GSLSupport
internal import LaneMath
internal import Lesions
internal import Tables

/// The true functionals of every lesion and their true changes, as tables.
struct TruthTables {
  private(set) var lesions = TabSeparatedTable(
    columns: [
      "patient", "session", "lesion", "name", "voxels", "pattern", "parameter", "functional", "unit",
      "scanned",
      "underlying",
    ], name: "lesions.tsv")
  private(set) var changes = TabSeparatedTable(
    columns: [
      "patient", "from", "to", "lesion", "name", "parameter", "functional", "scale", "change",
      "change_scanned",
    ], name: "changes.tsv")
  private(set) var patients = TabSeparatedTable(
    columns: ["patient", "outcome", "effective", "pdl1", "lesions"], name: "patients.tsv")

  private let plan: ScanPlan
  private let adc: NoiselessADC

  init(plan: ScanPlan) {
    self.plan = plan
    adc = NoiselessADC(bValues: plan.diffusion.bValues)
  }

  /// The parameters with a truth.
  static let parameters: [LesionParameter] = [
    .diffusion, .perfusionFraction, .pseudoDiffusion, .perfusionProduct, .apparentDiffusion, .t1,
  ]

  /// The true value of a parameter in a piece of tissue.
  static func value(_ parameter: LesionParameter, of tissue: SimulatedTissue, adc: NoiselessADC) -> Double {
    switch parameter {
    case .diffusion: tissue.d
    case .perfusionFraction: tissue.f
    case .pseudoDiffusion: tissue.dstar
    case .perfusionProduct: tissue.f * tissue.dstar
    case .apparentDiffusion: adc.value(of: tissue)
    case .t1: tissue.t1
    case .perfusionVolume: .nan
    }
  }

  /// The eight functionals of a parameter over the voxels of a lesion.
  private func functionals(_ parameter: LesionParameter, _ voxels: [SimulatedTissue]) -> [Double] {
    LesionFunctional.all(
      of: voxels.map { Self.value(parameter, of: $0, adc: adc) }, scale: parameter.scale)
  }

  /// Adds a patient, whose truth at the visits of the plan is `truths`.
  mutating func add(_ patient: SimulatedPatient, truths: [VisitTruth]) {
    patients.append([
      patient.subject, patient.outcome, patient.isEffective ? "true" : "false", patient.pdl1,
      "\(patient.lesions.count)",
    ])
    for (number, lesion) in patient.lesions.enumerated() {
      for parameter in Self.parameters {
        let scanned = truths.map { functionals(parameter, $0.scanned[number]) }
        let underlying = truths.map { functionals(parameter, $0.underlying[number]) }
        for (place, functional) in LesionFunctional.allCases.enumerated() {
          let identity = ["\(number + 1)", lesion.name]
          let measure = [parameter.rawValue, functional.rawValue]
          for (visit, truth) in truths.enumerated() {
            lesions.append(
              [patient.subject, plan.visits[visit].name] + identity
                + ["\(truth.scanned[number].count)", lesion.heterogeneity.pattern.rawValue] + measure
                + [parameter.unit, TabSeparatedTable.field(scanned[visit][place])]
                + [TabSeparatedTable.field(underlying[visit][place])])
          }
          let scale = functional.isSpread ? LesionScale.log : parameter.scale
          for visit in truths.indices.dropFirst() {
            let difference = [underlying, scanned].map { values in
              scale.axis(values[visit][place]) - scale.axis(values[0][place])
            }
            changes.append(
              [patient.subject, plan.visits[0].name, plan.visits[visit].name] + identity + measure
                + [scale.rawValue] + difference.map { TabSeparatedTable.field($0.isFinite ? $0 : .nan) })
          }
        }
      }
    }
  }

  /// What two scans of unchanged tissue differ by, on the log axis of each parameter: for `delta --repeatability`.
  ///
  /// Parameters that the plan does not name follow from those it does, in `tissue` by simulation.
  static func repeatability(_ plan: ScanPlan, tissue: SimulatedTissue) -> [LesionParameter: ScanVariability] {
    let adc = NoiselessADC(bValues: plan.diffusion.bValues)
    var random = RandomStream(StreamKey(seed: 1, unit: -1, purpose: .simulation))
    let scans = (0..<4000).map { _ in tissue.moved(by: random.step(sd: plan.scanToScan)) }
    return Dictionary(
      uniqueKeysWithValues: parameters.map { parameter in
        let logs = scans.map { Double.log(value(parameter, of: $0, adc: adc)) }
        let mean = logs.reduce(0, +) / Double(logs.count)
        let squares = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(logs.count - 1)).squareRoot()
        return (
          parameter,
          ScanVariability(
            total: deviation, physiological: deviation, source: "SYNTHETIC: scan_to_scan of the plan")
        )
      })
  }
}
