/// The kinds of results that commands write: what the mark of a result says, and `--overwrite` compares.
enum ResultKind: String, Codable, CaseIterable, Sendable {
  case fit
  case changes
  case cohort
  case efficacy
  case repeatability
  case calibration
  case simulation
  case imported
  case figures
  /// The derivative dataset of `bids … participant`.
  case dataset
  /// The cohort of `bids … group`.
  case group
  case page
  case model
  case leftOut = "left-out"
  /// What lies beside an output while it is made.
  case unfinished

  /// The kind in a sentence, after "it is" or "it holds".
  var words: String {
    switch self {
    case .fit: "a fit"
    case .changes: "the changes of delta"
    case .cohort: "the tables of cohort"
    case .efficacy: "the probabilities of efficacy predict"
    case .repeatability: "a repeatability study"
    case .calibration: "a calibration"
    case .simulation: "a simulation"
    case .imported: "an import"
    case .figures: "the figures of a page"
    case .dataset: "the results of bids"
    case .group: "the cohort of bids"
    case .page: "a page"
    case .model: "an efficacy model"
    case .leftOut: "left-out predictions"
    case .unfinished: "an unfinished run"
    }
  }
}
