internal import Diagnostics
internal import Foundation
internal import Reporting
internal import Tables

/// What `delta` wrote: the change of every lesion.
struct ReportedChanges: Sendable {
  /// Rows of the mean.
  let rows: [ReportedChange]
  let matches: [(name: String, pre: String?, post: String?)]
  let patient: String
  /// Digests of the run files of either visit.
  let preDigests: [String]
  let postDigests: [String]
  let notices: [String]
  let protocolDifferences: [String]

  /// Reads `changes.tsv` and `changes_run.json` of `folder`.
  init(_ folder: URL) throws(RunError) {
    let file = folder.appending(path: "changes.tsv")
    do { rows = try ReportedChange.rows(of: TabSeparatedTable.read(file)) } catch { throw RunError(error) }
    let recordFile = folder.appending(path: "changes_run.json")
    guard let contents = try? Data(contentsOf: recordFile),
      let record = try? JSONSerialization.jsonObject(with: contents) as? [String: Any]
    else {
      throw RunError(
        .badInput, at: recordFile.relativePath, "the record of the changes cannot be read",
        advice: "Repeat ivimbayes delta")
    }
    let runs = record["runs"] as? [String: [String: [String: Any]]] ?? [:]
    func digests(_ visit: String) -> [String] {
      (runs[visit] ?? [:]).values.compactMap { $0["sha256_run.json"] as? String }.sorted()
    }
    (preDigests, postDigests) = (digests("pre"), digests("post"))
    matches = (record["lesions"] as? [[String: Any]] ?? []).map {
      ($0["name"] as? String ?? "", $0["pre"] as? String, $0["post"] as? String)
    }
    patient = record["patient"] as? String ?? "unnamed"
    notices = record["notices"] as? [String] ?? []
    protocolDifferences = record["protocol_differences"] as? [String] ?? []
  }

  /// The change of a lesion. A label alone would not do: a lesion that is new may carry that of one which is gone.
  func row(_ parameter: String, of lesion: ReportedLesion) -> ReportedChange? {
    rows.first { $0.parameter == parameter && $0.lesion == lesion.label && $0.name == lesion.name }
  }
}

/// One row of `changes.tsv`.
struct ReportedChange: Sendable {
  let lesion: String
  let name: String
  let parameter: String
  let isLogit: Bool
  let delta: (median: Double, q05: Double, q95: Double)
  let percent: (median: Double, q05: Double, q95: Double)
  let increase: Double
  let decrease: Double
  let rope: (low: Double, high: Double)
  let outsideRope: Double
  let inRope: Double
  let rc: Double
  let isBeyond: Bool?
  let wsdTotal: Double
  let wsdPhysiological: Double
  let wsdSource: String
  let pre: Double
  let post: Double
  let grade: Grade
  let status: String
  let preSD: Double
  let postSD: Double

  static func rows(of table: TabSeparatedTable) throws(TableError) -> [ReportedChange] {
    var texts: [String: [String]] = [:]
    for column in [
      "lesion", "name", "parameter", "functional", "scale", "observed_beyond_rc", "wsd_source", "grade",
      "status",
    ] {
      texts[column] = try table.strings(column)
    }
    var numbers: [String: [Double]] = [:]
    for column in [
      "delta_median", "delta_q05", "delta_q95", "percent_median", "percent_q05", "percent_q95", "p_increase",
      "p_decrease", "rope_low", "rope_high", "p_outside_rope", "p_in_rope", "rc", "wsd_total", "wsd_phys",
      "pre_median", "post_median", "pre_sd", "post_sd",
    ] { numbers[column] = try table.numbers(column) }
    return table.rows.indices.compactMap { row in
      func text(_ column: String) -> String { texts[column]?[row] ?? "" }
      func number(_ column: String) -> Double { numbers[column]?[row] ?? .nan }
      guard text("functional") == "mean" else { return nil }
      return ReportedChange(
        lesion: text("lesion"), name: text("name"), parameter: text("parameter"),
        isLogit: text("scale") == "logit",
        delta: (number("delta_median"), number("delta_q05"), number("delta_q95")),
        percent: (number("percent_median"), number("percent_q05"), number("percent_q95")),
        increase: number("p_increase"), decrease: number("p_decrease"),
        rope: (number("rope_low"), number("rope_high")), outsideRope: number("p_outside_rope"),
        inRope: number("p_in_rope"), rc: number("rc"),
        isBeyond: ["true": true, "false": false][text("observed_beyond_rc")], wsdTotal: number("wsd_total"),
        wsdPhysiological: number("wsd_phys"), wsdSource: text("wsd_source"), pre: number("pre_median"),
        post: number("post_median"), grade: Grade.allCases.first { $0.word == text("grade") } ?? .outside,
        status: Self.known(text("status")), preSD: number("pre_sd"), postSD: number("post_sd"))
    }
  }

  /// The word, if it is one that `delta` writes; any other is a failure.
  private static func known(_ status: String) -> String {
    status == "missing" ? status : Verdict(recorded: status).word
  }

  var isMissing: Bool { status == "missing" }
  var isSilent: Bool { grade == .priorDominated }
  /// True if there is a number to print and the reader may use it.
  var isReadable: Bool { !isMissing && !isSilent && status != "fail" && percent.median.isFinite }

  var words: ChangeWords {
    ChangeWords(
      parameter: parameter, percentMedian: percent.median, percentLower: percent.q05,
      percentUpper: percent.q95,
      probabilityOfIncrease: increase, probabilityOfDecrease: decrease)
  }

  /// Steps on the axis of a fraction as steps of its logarithm: dlog f = (1 − f) dlogit f.
  private var slope: Double { isLogit ? 1 - (pre + post) / 2 : 1 }

  /// The change on the logarithmic axis that all strips share.
  var strip: ForestStrip.Change {
    ForestStrip.Change(
      median: log1p(percent.median / 100), lower: log1p(percent.q05 / 100), upper: log1p(percent.q95 / 100),
      observed: log(post / pre), withinSD: (preSD * preSD + postSD * postSD).squareRoot() * slope,
      equivalence: (rope.low * slope, rope.high * slope), repeatability: rc * slope, isBeyond: isBeyond)
  }

  /// The repeatability limits in percent of the parameter: asymmetric, from the logarithmic scale.
  var repeatabilityText: String {
    let step = rc * slope
    return
      "\(NumberText.percentChange(exp(-step) - 1).replacing(" %", with: ""))/\(NumberText.percentChange(exp(step) - 1))"
  }

  var ropeText: String { "±\(DecimalPlaces(0).text(100 * rope.high * slope)) %" }
}
