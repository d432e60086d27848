internal import Lesions
internal import Tables

/// The columns of a cohort table by what they hold.
struct CohortColumns {
  /// A column of values of a parameter at a visit, with that of its standard deviations.
  struct Measured {
    let feature: CohortFeature
    /// As it is written.
    let column: String
    let spread: String?
  }

  let outcome: String?
  let pdl1: String?
  let measured: [Measured]
  /// Columns that the table does not explain: numbers among them become markers.
  let others: [String]

  /// Finds the columns of `table`, whose names may be in upper or lower case.
  ///
  /// - Throws: `unknownColumn` for a name that begins like a feature and is none, `noPatients` if lesions are told apart
  ///   and patients are not.
  init(_ table: TabSeparatedTable) throws(CohortError) {
    func written(_ name: String) -> String? { table.index(of: name).map { table.columns[$0] } }
    outcome = written("outcome")
    pdl1 = ["pdl1", "pd-l1", "pd_l1"].lazy.compactMap { written($0) }.first
    var features: [Measured] = []
    for parameter in LesionParameter.allCases {
      for phase in [CohortFeature.Phase.pre, .post] {
        let feature = CohortFeature(phase, parameter)
        guard let column = written(feature.name) else { continue }
        features.append(
          Measured(feature: feature, column: column, spread: written("\(feature.name)_sd")))
      }
    }
    measured = features
    var known = Set(TabSeparatedTable.participantColumns.compactMap(written))
    known.formUnion(["lesion", "reader", "changes"].compactMap(written))
    known.formUnion(
      [outcome, pdl1].compactMap { $0 } + features.flatMap { [$0.column, $0.spread].compactMap { $0 } })
    others = table.columns.filter { !known.contains($0) }
    for column in others {
      let name = column.lowercased()
      guard ["pre_", "post_", "delta_"].contains(where: name.hasPrefix), let reason = Self.reason(name) else {
        continue
      }
      throw .unknownColumn(table: table.name, column: column, reason: reason)
    }
    if table.participantColumn == nil, let column = Self.key(among: table.columns) {
      throw .noPatients(table: table.name, column: column)
    }
  }

  /// Why `name`, which begins like a feature, cannot be a column; nil for standard deviations without their values, which
  /// say nothing.
  private static func reason(_ name: String) -> String? {
    let stem = name.hasSuffix("_sd") ? String(name.dropLast(3)) : name
    guard let feature = CohortFeature(name: stem) else { return "it is not a feature of any parameter" }
    guard feature.phase == .delta else {
      return name == stem ? "another column has this name in other letters, upper or lower case" : nil
    }
    let parameter = feature.parameter.rawValue
    return "a change is computed from pre_\(parameter) and post_\(parameter), with their standard deviations"
  }

  /// A column that tells lesions or rows apart: without a column of patients they would all count as patients.
  private static func key(among columns: [String]) -> String? {
    let keys: Set<String> = [
      "lesion", "lesions", "reader", "id", "case", "mrn", "name", "code", "pid", "key", "record", "patients",
      "participant",
      "participants", "subjects", "patientid", "subjectid", "caseid", "sub", "pat",
    ]
    return columns.first { column in
      !keys.isDisjoint(with: column.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }
  }
}
