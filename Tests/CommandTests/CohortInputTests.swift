import Foundation
import TestSupport
import Testing

/// What tables of cohorts and of pairs may hold: an input, a command, and how it ends.
@Suite(.enabled(if: Optimization.isOn, "models are trained; run with -c release"))
struct CohortInputTests {
  /// A cohort of 12 patients whose columns can be rewritten.
  struct Cohort {
    var columns = [
      "patient", "lesion", "outcome", "pdl1", "pre_adc", "pre_adc_sd", "post_adc", "post_adc_sd", "post_t1",
      "post_t1_sd",
    ]
    var rows: [[String]] = (0..<12).map { index in
      let isEffective = index < 6
      let shift = Double((index * 7) % 5) * 0.02
      return [
        "P\(index + 1)", "1", isEffective ? "PR" : "PD", index % 2 == 0 ? "60" : "0",
        "0.00\(110 + index)", "0.03", "0.00\((isEffective ? 135 : 112) + (index * 5) % 9)", "0.04",
        "\((isEffective ? 1.21 : 1.47) + shift)", "0.02",
      ]
    }

    /// Every field of `column` changed.
    func with(_ column: String, _ change: (String) -> String) -> Cohort {
      var other = self
      guard let place = columns.firstIndex(of: column) else { return self }
      for row in rows.indices { other.rows[row][place] = change(rows[row][place]) }
      return other
    }

    /// Numbers of the columns that begin with `stem` and end with `end`, times `factor`.
    func scaled(_ stem: String, _ factor: Double, sd: Bool = false) -> Cohort {
      columns.filter { $0.contains(stem) && $0.hasSuffix("_sd") == sd }
        .reduce(self) { cohort, column in cohort.with(column) { "\((Double($0) ?? .nan) * factor)" } }
    }

    /// One field of one patient.
    func setting(_ column: String, of row: Int, to field: String) -> Cohort {
      var other = self
      if let place = columns.firstIndex(of: column) { other.rows[row][place] = field }
      return other
    }

    func renaming(_ names: [String: String]) -> Cohort {
      var other = self
      other.columns = columns.map { names[$0] ?? $0 }
      return other
    }

    func without(_ names: [String]) -> Cohort {
      var other = self
      let kept = columns.indices.filter { !names.contains(columns[$0]) }
      other.columns = kept.map { columns[$0] }
      other.rows = rows.map { row in kept.map { row[$0] } }
      return other
    }

    /// A second lesion of every patient.
    var doubled: Cohort {
      var other = self
      other.rows = rows.flatMap { row in [row, [row[0], "2"] + row[2...]] }
      return other
    }

    func text(_ separator: String = "\t", quoted: Bool = false, comma: Bool = false) -> String {
      ([columns] + rows).map { row in
        row.map { field in
          let field = comma ? field.replacing(".", with: ",") : field
          return quoted ? "\"\(field)\"" : field
        }.joined(separator: separator) + "\n"
      }.joined()
    }
  }

  struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    var command = ["efficacy", "train"]
    var options: [String] = []
    var status: Int32 = 65
    /// Words of standard error, or of standard output where the status is 0.
    let words: [String]
    var testDescription: String { name }
  }

  static let base = Cohort()
  private static let twelve = ["n = 12 (6 effective, 6 ineffective)"]

  static let units: [Row] = [
    Row(name: "as it should be", text: base.text(), status: 0, words: twelve),
    Row(
      name: "T1 in ms", text: base.scaled("t1", 1e3).text(),
      words: ["line 2", "post_t1", "1210 is no plausible T1", "0.001", "ms"]),
    Row(name: "T1 in µs", text: base.scaled("t1", 1e6).text(), words: ["line 2", "post_t1", "1e-6", "µs"]),
    Row(
      name: "one T1 in ms", text: base.setting("post_t1", of: 4, to: "1240").text(),
      words: ["line 6", "post_t1", "0.001"]),
    Row(
      name: "ADC in 10⁻³ mm²/s", text: base.scaled("adc", 1e3).text(),
      words: ["line 2", "pre_adc", "0.001", "µm²/ms"]),
    Row(
      name: "ADC in 10⁻⁶ mm²/s", text: base.scaled("adc", 1e6).text(), words: ["line 2", "pre_adc", "1e-6"]),
    Row(
      name: "ADC in m²/s", text: base.scaled("adc", 1e-6).text(), words: ["line 2", "pre_adc", "1e6", "m²/s"]),
    Row(
      name: "post ADC alone in µm²/ms", text: base.with("post_adc") { "\((Double($0) ?? 0) * 1e3)" }.text(),
      words: ["line 2", "post_adc", "0.001"]),
    Row(
      name: "SDs in percent", text: base.scaled("_sd", 100, sd: true).text(),
      words: ["line 2", "pre_adc_sd", "3 is no plausible standard deviation", "0.01", "percent"]),
    Row(
      name: "SDs of ADC absolute", text: base.with("post_adc_sd") { _ in "0.00005" }.text(),
      words: ["line 2", "post_adc_sd", "Divide by the value"]),
    Row(
      name: "an SD of zero", text: base.setting("post_t1_sd", of: 3, to: "0").text(),
      words: ["line 5", "post_t1_sd"]),
    Row(
      name: "a negative SD", text: base.setting("post_t1_sd", of: 3, to: "-0.1").text(),
      words: ["line 5", "post_t1_sd"]),
    Row(
      name: "f in percent",
      text: base.renaming(["post_t1": "post_f", "post_t1_sd": "post_f_sd"]).with("post_f") { _ in "15" }
        .text(), options: ["--features", "delta_adc,post_f"], words: ["line 2", "post_f", "0.01", "percent"]),
    Row(
      name: "D* in 10⁻³ mm²/s",
      text: base.renaming(["post_t1": "post_dstar", "post_t1_sd": "post_dstar_sd"]).with("post_dstar") { _ in
        "20"
      }.text(), options: ["--features", "post_dstar"], words: ["line 2", "post_dstar", "0.001"]),
    Row(
      name: "a negative ADC", text: base.setting("pre_adc", of: 0, to: "-0.001").text(),
      words: ["line 2", "pre_adc", "not positive"]),
    Row(
      name: "an infinite ADC", text: base.setting("pre_adc", of: 0, to: "inf").text(),
      words: ["line 2", "pre_adc"]),
    Row(
      name: "1e308", text: base.setting("pre_adc", of: 0, to: "1e308").text(), words: ["line 2", "pre_adc"]),
    Row(
      name: "a hexadecimal number", text: base.setting("pre_adc", of: 5, to: "0x1p-10").text(),
      words: ["line 7", "pre_adc", "decimal digits"]),
    Row(
      name: "cohort with T1 in ms", text: base.scaled("t1", 1e3).text(), command: ["cohort"],
      words: ["line 2", "post_t1", "0.001"]),
    Row(
      name: "cohort with a marker of 1e308",
      text: base.renaming(["post_t1": "suv", "post_t1_sd": "x"]).setting("suv", of: 2, to: "1e308").text(),
      command: ["cohort"], words: ["line 4", "suv", "too large"]),
    Row(
      name: "a missing ADC is no fault",
      text: base.setting("post_adc", of: 0, to: "NaN").setting("pre_adc", of: 1, to: "#N/A").text(),
      status: 0, words: twelve + ["delta_adc (10 patients)", "post_t1 (12 patients)"]),
  ]

  static let patients: [Row] =
    ["Patient", "patient_id", "PARTICIPANT_ID", "participant_id", "Subject"].map { name in
      Row(
        name: "two lesions of \(name)", text: base.doubled.renaming(["patient": name]).text(), status: 0,
        words: twelve)
    } + [
      Row(
        name: "lesions without patients", text: base.doubled.without(["patient"]).text(),
        words: ["lesion", "participant_id", "count as a patient"]),
      Row(
        name: "patients under the name ID",
        text: base.doubled.renaming(["patient": "ID"]).without(["lesion"]).text(),
        words: ["\"ID\"", "Name the column of the patients patient"]),
      Row(
        name: "patients under the name case no.",
        text: base.renaming(["patient": "case no."]).without(["lesion"]).text(),
        words: ["case no.", "patient"]),
      Row(
        name: "rows that are patients", text: base.without(["patient", "lesion"]).text(), status: 0,
        words: twelve),
      Row(
        name: "a row without a patient", text: base.setting("patient", of: 3, to: "n/a").text(),
        words: ["line 5", "whose it is"]),
      Row(
        name: "another outcome in the second row",
        text: base.doubled.setting("outcome", of: 1, to: "PD").text(),
        words: ["line 3", "another outcome in line 2"]),
      Row(
        name: "another category of one class", text: base.doubled.setting("outcome", of: 1, to: "CR").text(),
        words: ["line 3", "another outcome in line 2"]),
      Row(
        name: "another PD-L1 in the second row", text: base.doubled.setting("pdl1", of: 1, to: "5").text(),
        words: ["line 3", "another pdl1 in line 2"]),
      Row(
        name: "a lesion twice", text: base.doubled.with("lesion") { _ in "1" }.text(),
        words: ["line 3", "stands in line 2 already"]),
    ]

  static let forms: [Row] = [
    Row(name: "quoted TSV of R", text: base.text(quoted: true), status: 0, words: twelve),
    Row(name: "CSV", text: base.text(","), status: 0, words: twelve),
    Row(
      name: "CSV of R with names of rows",
      text: base.text(",", quoted: true).split(separator: "\n").enumerated().map {
        "\"\($0 == 0 ? "" : "\($0)")\",\($1)\n"
      }.joined(), status: 0, words: twelve),
    Row(name: "semicolons and decimal commas", text: base.text(";", comma: true), status: 0, words: twelve),
    Row(name: "semicolons and decimal points", text: base.text(";"), status: 0, words: twelve),
    Row(name: "tabs and decimal commas", text: base.text(comma: true), status: 0, words: twelve),
    Row(
      name: "points and commas", text: base.with("pre_adc") { $0.replacing(".", with: ",") }.text(),
      words: ["line 2", "pre_adc", "decimal comma"]),
    Row(
      name: "rows of empty cells", text: base.text(",") + ",,,,,,,,,\n,,,,,,,,,\n", status: 0, words: twelve),
    Row(
      name: "names in capitals",
      text: base.renaming(Dictionary(uniqueKeysWithValues: base.columns.map { ($0, $0.uppercased()) }))
        .text(), status: 0, words: twelve),
    Row(
      name: "names with a capital",
      text: base.renaming([
        "patient": "Patient", "outcome": "Outcome", "pdl1": "PD-L1", "pre_adc": "Pre_ADC",
        "pre_adc_sd": "Pre_ADC_SD",
      ]).text(), status: 0, words: twelve),
    Row(
      name: "two columns of one name", text: base.renaming(["post_t1": "pre_adc"]).text(),
      words: ["line 1", "two columns"]),
  ]

  static let markers: [Row] = [
    Row(
      name: "PD-L1 as ≥50% and <1%", text: base.with("pdl1") { $0 == "60" ? "≥50%" : "<1%" }.text(),
      status: 0, words: twelve),
    Row(
      name: "PD-L1 as >=50 and <1", text: base.with("pdl1") { $0 == "60" ? ">=50" : "<1" }.text(), status: 0,
      words: twelve),
    Row(
      name: "PD-L1 as 1-49% and < 1 %", text: base.with("pdl1") { $0 == "60" ? "1-49%" : "< 1 %" }.text(),
      status: 0, words: twelve),
    Row(
      name: "PD-L1 with en dash", text: base.with("pdl1") { $0 == "60" ? "1–49 %" : "0" }.text(), status: 0,
      words: twelve),
    Row(
      name: "PD-L1 words", text: base.with("pdl1") { $0 == "60" ? "Positive" : "neg" }.text(), status: 0,
      words: twelve),
    Row(
      name: "a range over the cut-off", text: base.with("pdl1") { $0 == "60" ? "1-49%" : "0" }.text(),
      command: ["cohort"], options: ["--pdl1-cutoff", "20"],
      words: ["line 2", "pdl1", "both sides of the cut-off"]),
    Row(
      name: "PD-L1 as shares", text: base.with("pdl1") { $0 == "60" ? "0.6" : "0" }.text(),
      words: ["line 2", "pdl1", "percentages or shares", "Multiply by 100"]),
    Row(
      name: "PD-L1 as shares at a cut-off of 50", text: base.with("pdl1") { $0 == "60" ? "1" : "0" }.text(),
      command: ["cohort"], options: ["--pdl1-cutoff", "50"], words: ["line 2", "percentages or shares"]),
    Row(
      name: "small percentages with a sign", text: base.with("pdl1") { $0 == "60" ? "0.6%" : "0%" }.text(),
      status: 0, words: twelve),
    Row(
      name: "PD-L1 beyond 100", text: base.setting("pdl1", of: 2, to: "101").text(),
      words: ["line 4", "pdl1", "101"]),
    Row(
      name: "PD-L1 in words of one's own", text: base.setting("pdl1", of: 2, to: "high").text(),
      words: ["line 4", "pdl1", "high"]),
  ]

  static let features: [Row] = [
    Row(
      name: "no T1 for the default model", text: base.without(["post_t1", "post_t1_sd"]).text(),
      words: ["no patient of known outcome has post_t1", "pre_adc, post_adc, delta_adc"]),
    Row(
      name: "nothing before treatment", text: base.without(["pre_adc", "pre_adc_sd"]).text(),
      words: ["has delta_adc", "needs pre_adc and post_adc of the same lesion"]),
    Row(
      name: "names the other way round",
      text: base.renaming(["post_t1": "T1_post", "post_t1_sd": "T1_post_sd"]).text(),
      words: ["\"T1_post\"", "called post_t1"]),
    Row(
      name: "a feature that few have",
      text: (3..<12).reduce(base) { $0.setting("post_t1", of: $1, to: "n/a") }.text(), status: 0,
      words: twelve + ["delta_adc (12 patients), post_t1 (3 patients)"]),
    Row(
      name: "a feature that has no value", text: base.with("post_t1") { _ in "n/a" }.text(),
      words: ["has post_t1"]),
    Row(
      name: "a column of changes", text: base.renaming(["post_t1": "delta_adc"]).text(),
      words: ["\"delta_adc\"", "computed from pre_adc and post_adc"]),
    Row(
      name: "a misspelt column", text: base.renaming(["post_t1": "post_t2"]).text(),
      words: ["\"post_t2\"", "not a feature of any parameter"]),
    Row(
      name: "a marker as a feature", text: base.renaming(["post_t1": "age"]).text(),
      options: ["--features", "age"], words: ["\"age\"", "holds numbers", "measurement errors"]),
    Row(
      name: "words as a feature",
      text: base.renaming(["post_t1": "site"]).with("site") { _ in "lung" }.text(),
      options: ["--features", "site"], words: ["\"site\"", "no column of numbers", "lung"]),
    Row(
      name: "a feature that is nothing", text: base.text(), options: ["--features", "delta_xyz"],
      words: ["no feature \"delta_xyz\""]),
    Row(
      name: "words as a variable of cohort",
      text: base.renaming(["post_t1": "site"]).with("site") { _ in "lung" }.text(), command: ["cohort"],
      options: ["--features", "site"], words: ["\"site\"", "no column of numbers"]),
    Row(
      name: "an outcome in words",
      text: base.with("outcome") { $0 == "PR" ? "responder" : "non-responder" }.text(),
      words: ["line 2", "outcome", "responder", "--effective"]),
    Row(
      name: "an outcome in words, named",
      text: base.with("outcome") { $0 == "PR" ? "responder" : "non-responder" }.text(),
      options: ["--effective", "responder", "--ineffective", "non-responder"], status: 0, words: twelve),
  ]

  private static func repeatability(
    _ name: String, _ text: String, status: Int32 = 65, options: [String] = [], _ words: [String]
  ) -> Row {
    Row(name: name, text: text, command: ["repeatability"], options: options, status: status, words: words)
  }
  private static let head = "subject\tparameter\tfirst\tsecond\n"

  static let testRetest: [Row] = [
    repeatability(
      "pairs as they should be", head + "A\tadc\t0.0012\t0.0013\nB\tadc\t0.0011\t0.0010\n", status: 0, ["adc"]
    ),
    repeatability(
      "participant_id",
      "participant_id\tParameter\tFirst\tsecond\nA\tADC\t0.0012\t0.0013\nB\tadc\t0.0011\t0.0010\n", status: 0,
      ["adc"]
    ),
    repeatability("no subject", "parameter\tfirst\tsecond\nadc\t0.0012\t0.0013\n", ["subject"]),
    repeatability("ADC in µm²/ms", head + "A\tadc\t1.2\t1.3\n", ["line 2", "first", "0.001"]),
    repeatability("second T1 in ms", head + "A\tt1\t1.2\t1300\n", ["line 2", "second", "0.001", "ms"]),
    repeatability(
      "SDs in percent", "subject\tparameter\tfirst\tsecond\tfirst_sd\tsecond_sd\nA\tt1\t1.2\t1.3\t4\t4\n",
      ["line 2", "first_sd", "percent"]),
    repeatability(
      "every pair the same", head + "A\tadc\t0.0012\t0.0012\nB\tadc\t0.0011\t0.0011\n",
      ["line 2", "2 of 2 pairs of adc", "--force"]),
    repeatability(
      "every pair the same, forced", head + "A\tadc\t0.0012\t0.0012\nB\tadc\t0.0011\t0.0011\n", status: 0,
      options: ["--force"], ["adc"]),
    repeatability(
      "one pair of three the same",
      head + "A\tadc\t0.0012\t0.0012\nB\tadc\t0.0011\t0.0010\nC\tadc\t0.0011\t0.0013\n", status: 0, ["adc"]),
    repeatability(
      "a pair twice", head + "A\tadc\t0.0012\t0.0013\nA\tadc\t0.0012\t0.0013\n", ["line 3", "line 2 already"]),
    repeatability(
      "semicolons and decimal commas",
      "subject;parameter;first;second\nA;adc;0,0012;0,0013\nB;adc;0,0011;0,0010\n", status: 0, ["adc"]),
    repeatability("a hexadecimal number", head + "A\tt1\t0x1\t1.1\n", ["line 2", "first", "decimal digits"]),
    repeatability("infinite", head + "A\tt1\tinf\t1.1\n", ["line 2", "first"]),
  ]

  private func check(_ row: Row) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(row.text, as: "table.txt")
    let outcome = try Command.run(row.command + [file.path, "--out", folder.file("out").path] + row.options)
    #expect(outcome.status == row.status, "\(outcome.errors)\(outcome.output)")
    let said = row.status == 0 ? outcome.output : outcome.errors
    for word in row.words { #expect(said.contains(word), "no \"\(word)\" in: \(said)") }
    if row.status != 0 {
      #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }

  @Test(arguments: units) func `numbers are held to their units`(row: Row) throws { try check(row) }
  @Test(arguments: patients) func `rows belong to patients`(row: Row) throws { try check(row) }
  @Test(arguments: forms) func `everyday forms are read`(row: Row) throws { try check(row) }
  @Test(arguments: markers) func `PD-L1 is read as it is written`(row: Row) throws { try check(row) }
  @Test(arguments: features) func `a model is of features that patients have`(row: Row) throws {
    try check(row)
  }
  @Test(arguments: testRetest) func `pairs are held to the same table`(row: Row) throws { try check(row) }

  @Test func `the twin without the fault is not refused`() throws {
    // What refuses every table would pass the rows above.
    for factor in [0.9, 1.1] {
      try check(
        Row(name: "scaled", text: Self.base.scaled("adc", factor).text(), status: 0, words: Self.twelve))
    }
  }

  @Test func `ties of differences are those of the data`() throws {
    let folder = try TemporaryFolder()
    var text = "patient\tlesion\toutcome\tpre_adc\tpost_adc\n"
    let steps = [1, 1, -1, 2, 1, 0, 1, 2, -1, 1, 0, 1]
    for (index, step) in steps.enumerated() {
      let before = 11 + (index * 3) % 5
      text += "p\(index)\t1\t\(index % 2 == 0 ? "PD" : "PR")\t0.00\(before)\t0.00\(before + step)\n"
    }
    let file = try folder.write(text, as: "pairs.tsv")
    let out = folder.file("out")
    try Command.succeed(["cohort", file.path, "--out", out.path, "--quiet"])
    let row = try String(contentsOf: out.appending(path: "paired.tsv"), encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    let (v, p) = (row[0].firstIndex(of: "wilcoxon_v") ?? 0, row[0].firstIndex(of: "wilcoxon_p") ?? 0)
    // |d|: eight of 1 (six up, two down), two of 2; ranks 4.5 and 9.5: V = 6 · 4.5 + 2 · 9.5 = 46.
    #expect(row[1][v] == "46")
    let z = (46 - 27.5 - 0.5) / (10.0 * 11 * 21 / 24 - (512.0 - 8 + 8 - 2) / 48).squareRoot()
    #expect(isClose(Double(row[1][p]) ?? .nan, 1 - erf(z / 2.0.squareRoot()), relative: 1e-9))
  }
}
