public import Diagnostics
public import Tables

/// The change of one lesion in one parameter and functional, as one row of `changes.tsv`.
public struct LesionChange: Sendable, Equatable {
  /// The patient's key.
  public var patient: String
  /// The lesion's label at baseline, or at follow-up if it is new.
  public var lesion: String
  /// What the tables call it.
  public var name: String
  /// The parameter.
  public var parameter: LesionParameter
  /// The functional.
  public var functional: LesionFunctional
  /// The change; nil if the lesion has no partner at the other visit, or has no place on the axis.
  public var change: ParameterChange?
  /// True if the lesion has no partner at the other visit.
  public var isMissing: Bool
  /// The worse of the grades of the two visits.
  public var grade: Grade
  /// The worse of the verdicts on the sampling of the two visits.
  public var verdict: Verdict

  /// A row; `change` is nil for a lesion that one visit does not have (`isMissing`), or whose draws are not all
  /// on the axis.
  public init(
    patient: String, lesion: String, name: String, parameter: LesionParameter, functional: LesionFunctional,
    change: ParameterChange?, isMissing: Bool = false, grade: Grade = .outside, verdict: Verdict = .pass
  ) {
    self.patient = patient
    self.lesion = lesion
    self.name = name
    self.parameter = parameter
    self.functional = functional
    self.change = change
    self.isMissing = isMissing
    self.grade = grade
    self.verdict = verdict
  }

  /// The word of the grade; n/a for draws that are not on the axis, of which no grade can be given.
  public var gradeWord: String {
    change == nil && !isMissing ? TabSeparatedTable.missing : grade.word
  }

  /// False where the change is not printed: the lesion is missing at a visit, or D* (or f · D*) is
  /// prior-dominated, so that its change would be a difference of two priors.
  public var isReported: Bool {
    let isFast = parameter == .pseudoDiffusion || parameter == .perfusionProduct
    return change != nil && !(isFast && grade == .priorDominated)
  }
}

/// `changes.tsv`: one row for each lesion, parameter and functional.
public enum ChangeTable {
  /// The columns, in their order.
  public static let columns = [
    "patient", "lesion", "name", "parameter", "functional", "scale", "delta_median", "delta_q05", "delta_q95",
    "percent_median", "percent_q05", "percent_q95", "p_increase", "p_decrease", "rope_low", "rope_high",
    "p_outside_rope", "p_in_rope", "rc", "observed_beyond_rc", "wsd_total", "wsd_phys", "wsd_source",
    "pre_median", "post_median", "grade", "status", "delta_sd", "pre_sd", "post_sd",
  ]

  /// What the columns mean, for the sidecar `changes.json`.
  public static let descriptions: [String: String] = [
    "patient": "key of the patient",
    "lesion": "label of the lesion at baseline, or at follow-up if it is new",
    "name": "name of the lesion", "parameter": "d, dstar, fdstar, adc in mm2/s; t1 in s; f, f_vol fractions",
    "functional": "computed in each joint draw over the voxels of the lesion",
    "scale": "axis of the change: log or logit",
    "delta_median": "median change on that axis, follow-up minus baseline",
    "delta_q05":
      "5 % quantile of the change, scan-to-scan variation included; n/a, as every interval and probability, where that "
      + "variation is not known",
    "delta_q95": "95 % quantile of the change, scan-to-scan variation included",
    "percent_median": "median change of the parameter itself in percent", "percent_q05": "its 5 % quantile",
    "percent_q95": "its 95 % quantile", "p_increase": "P(change > 0)", "p_decrease": "P(change < 0)",
    "rope_low": "lower end of the region of practical equivalence, on the axis", "rope_high": "its upper end",
    "p_outside_rope": "P(change outside that region)", "p_in_rope": "P(change inside that region)",
    "rc": "repeatability coefficient 1.96 sqrt(2) wsd_total, on the axis",
    "observed_beyond_rc": "true if the observed median change is larger than rc; a separate, classical flag",
    "wsd_total": "within-subject SD between two scans of an unchanged lesion, on the axis",
    "wsd_phys": "the part of wsd_total that is not image noise; sqrt(2) of it widens the change",
    "wsd_source":
      "where wsd_total comes from; borrowed = not from lung tumours; conservative = wsd_phys taken as wsd_total",
    "pre_median": "posterior median at baseline, in the unit of the parameter",
    "post_median": "the same at follow-up",
    "grade":
      "the worse of the two visits: data-dominated, mixed or prior-dominated; n/a for draws that are not on the axis",
    "status":
      "pass, warn or fail: the worse sampling of the two visits, fail also for draws that are not on the "
      + "axis; warn without numbers: not informed by the data; missing: no partner at the other visit",
    "delta_sd": "standard deviation of the change on the axis, scan-to-scan variation included",
    "pre_sd": "posterior standard deviation at baseline on the axis, of the images alone",
    "post_sd": "the same at follow-up",
  ]

  /// The table of `changes`.
  public static func table(_ changes: [LesionChange], name: String = "changes.tsv") -> TabSeparatedTable {
    var table = TabSeparatedTable(columns: columns, name: name)
    for change in changes { table.append(row(change)) }
    return table
  }

  private static func row(_ row: LesionChange) -> [String] {
    let field = TabSeparatedTable.field
    let head = [row.patient, row.lesion, row.name, row.parameter.rawValue, row.functional.rawValue]
    let scale = row.functional.isSpread ? LesionScale.log : row.parameter.scale
    guard let change = row.change, row.isReported else {
      let status =
        row.isMissing ? "missing" : max(row.verdict, row.change == nil ? .fail : .warn).word
      let blank = [String](repeating: TabSeparatedTable.missing, count: columns.count - head.count - 6)
      let missing = TabSeparatedTable.missing
      return head + [scale.rawValue] + blank + [row.gradeWord, status, missing, missing, missing]
    }
    let (delta, percent) = (change.draws.sorted(), change.percentDraws.sorted())
    let level = (change.preMedian + change.postMedian) / 2
    func wsd(_ value: Double?) -> String {
      field(value.map { change.parameter.axisStep(relative: $0, at: level) } ?? .nan)
    }
    // What two scans of an unchanged lesion differ by is part of every interval and probability: without it there is none.
    let isKnown = change.variability != nil
    func known(_ value: @autoclosure () -> Double) -> Double { isKnown ? value() : .nan }
    let numbers =
      [
        delta.quantile(0.5), known(delta.quantile(0.05)), known(delta.quantile(0.95)), percent.quantile(0.5),
        known(percent.quantile(0.05)), known(percent.quantile(0.95)), known(change.probabilityOfIncrease),
        known(change.probabilityOfDecrease), change.equivalence.lower, change.equivalence.upper,
        known(change.probabilityOutsideEquivalence), known(change.probabilityInEquivalence),
        change.repeatabilityCoefficient,
      ]
    return head + [scale.rawValue] + numbers.map(field)
      + [change.isBeyondRepeatability.map { $0 ? "true" : "false" } ?? TabSeparatedTable.missing]
      + [wsd(change.variability?.total), wsd(change.variability?.physiological)]
      + [change.variability?.label ?? "unknown: no interval and no probability"]
      + [field(change.preMedian), field(change.postMedian), row.grade.word, row.verdict.word]
      + [known(change.budget.total), change.budget.pre, change.budget.post].map { field($0.squareRoot()) }
  }
}
