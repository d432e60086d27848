internal import Lesions

/// What can be wrong with a cohort or a model. Every case carries its evidence; `description` says what is
/// wrong, where, and what to do.
public enum CohortError: Error, Equatable, Sendable {
  /// A class has fewer patients than any model can be made from.
  case tooFewPatients(cohort: String, effective: Int, ineffective: Int, needed: Int)
  /// More features than the two-group model takes, or none.
  case unusableFeatureCount(cohort: String, count: Int, most: Int)
  /// Group summaries from which no model can be made.
  case unusableSummary(cohort: String, reason: String)
  /// A table without a single row.
  case noRows(table: String)
  /// A word that is no outcome; `known` are those that are.
  case unknownOutcome(table: String, line: Int, column: String, word: String, known: String)
  /// A word that is neither a PD-L1 status nor a percentage on one side of the cut-off.
  case unknownPDL1(table: String, line: Int, column: String, word: String, reason: String)
  /// A PD-L1 column in 0 to 1, which may hold percentages or shares.
  case pdl1Share(table: String, line: Int, column: String, value: String)
  /// Lesions without a column that says whose they are; `column` tells rows apart.
  case noPatients(table: String, column: String)
  /// More rows than a cohort may have.
  case tooManyRows(table: String, count: Int, most: Int)
  /// More patients than a model is made from.
  case tooManyPatients(cohort: String, count: Int, most: Int)
  /// A lesion that stands in the table twice.
  case duplicateLesion(table: String, line: Int, firstLine: Int, patient: String, lesion: String)
  /// Two rows of one patient disagree on what belongs to the patient.
  case conflictingOutcome(table: String, line: Int, firstLine: Int, patient: String, column: String)
  /// A number that cannot be one of its column.
  case unusableValue(table: String, line: Int, column: String, problem: String, advice: String)
  /// A column that looks like a feature and cannot be one.
  case unknownColumn(table: String, column: String, reason: String)
  /// A feature that no patient of known outcome has; `reason` says what the table has in its place.
  case featureWithoutPatients(table: String, name: String, reason: String)
  /// A column that cannot be a feature of a model.
  case unusableFeature(table: String, name: String, reason: String)
  /// A feature that is asked for and is not there.
  case unknownFeature(table: String, name: String)
  /// A model file that is none, or was altered.
  case unusableModel(file: String, reason: String)
}

extension CohortError: CustomStringConvertible {
  /// Where, what is wrong, and what to do: one line.
  public var description: String {
    let (place, problem, advice) = parts
    return "\(place): \(problem). \(advice)."
  }

  private var parts: (place: String, problem: String, advice: String) {
    switch self {
    case .tooFewPatients(let cohort, let effective, let ineffective, let needed):
      (
        "cohort \"\(cohort)\"",
        "\(effective) patients with effective and \(ineffective) with ineffective treatment have the features: a model needs \(needed) in each class",
        "Add patients of known outcome, or choose features that more of them have; changes are reported without it"
      )
    case .unusableFeatureCount(let cohort, let count, let most):
      (
        "cohort \"\(cohort)\"", "\(count) features were chosen; the model takes 1 to \(most)",
        "Choose the features named before the outcomes were known, with --features"
      )
    case .noRows(let table):
      (table, "the cohort has a header and no rows", "Add one row for each lesion")
    case .unknownOutcome(let table, let line, let column, let word, let known):
      (
        "\(table), line \(line), column \"\(column)\"", "\"\(word)\" is not an outcome",
        "Write \(known), or name your own words with --effective and --ineffective"
      )
    case .unknownPDL1(let table, let line, let column, let word, let reason):
      (
        "\(table), line \(line), column \"\(column)\"", "\"\(word)\" cannot be used: \(reason)",
        "Write positive, negative, a percentage such as 60 or <1%, or n/a, and see --pdl1-cutoff"
      )
    case .pdl1Share(let table, let line, let column, let value):
      (
        "\(table), line \(line), column \"\(column)\"",
        "all PD-L1 numbers lie in 0 to 1, such as \(value): they may be percentages or shares",
        "Multiply by 100 if they are shares; write them with a % sign if they are percentages"
      )
    case .noPatients(let table, let column):
      (
        "\(table), line 1",
        "the column \"\(column)\" tells rows apart, but no column says which patient a row belongs to",
        "Name the column of the patients patient (or participant_id, patient_id, subject); every row would count as a "
          + "patient of its own without it"
      )
    case .tooManyRows(let table, let count, let most):
      (
        table, "the table has \(count) rows, and a cohort at most \(most)",
        "Give one row for each lesion, not for each voxel"
      )
    case .tooManyPatients(let cohort, let count, let most):
      (
        "cohort \"\(cohort)\"", "\(count) patients are too many: a model is made from at most \(most)",
        "Check that a patient has one key in all rows, or train on a part of the patients"
      )
    case .duplicateLesion(let table, let line, let firstLine, let patient, let lesion):
      (
        "\(table), line \(line)",
        "lesion \"\(lesion)\" of patient \"\(patient)\" stands in line \(firstLine) already",
        "Give each lesion one row, or say in a column reader who measured it"
      )
    case .conflictingOutcome(let table, let line, let firstLine, let patient, let column):
      (
        "\(table), line \(line), column \"\(column)\"",
        "patient \"\(patient)\" has another \(column) in line \(firstLine)",
        "The \(column) belongs to the patient: write the same in every row"
      )
    case .unusableValue(let table, let line, let column, let problem, let advice):
      ("\(table), line \(line), column \"\(column)\"", problem, advice)
    case .featureWithoutPatients(let table, let name, let reason):
      (
        table, "no patient of known outcome has \(name): \(reason)",
        "Add or rename the columns, or choose features that the patients have, with --features"
      )
    case .unusableFeature(let table, let name, let reason):
      (
        table, "\"\(name)\" cannot be a feature of a model: \(reason)",
        "Use pre_<p>, post_<p> or delta_<p> with p one of "
          + LesionParameter.allCases.map(\.rawValue).joined(separator: ", ")
      )
    case .unknownColumn(let table, let column, let reason):
      (
        "\(table), line 1", "the column \"\(column)\" cannot be used: \(reason)",
        "Name columns pre_<p>, pre_<p>_sd, post_<p>, post_<p>_sd with p one of "
          + LesionParameter.allCases.map(\.rawValue).joined(separator: ", ")
          + "; changes are computed from them"
      )
    case .unknownFeature(let table, let name):
      (
        table, "there is no feature \"\(name)\"",
        "Use pre_<p>, post_<p> or delta_<p> of a parameter in the table, or the name of a column of numbers"
      )
    case .unusableModel(let file, let reason):
      (file, reason, "Train it again with efficacy train, or copy the file again")
    case .unusableSummary(let cohort, let reason):
      (
        "summary \"\(cohort)\"", reason,
        "Give n (at least 2), mean and SD (positive) of both groups on the log scale"
      )
    }
  }
}
