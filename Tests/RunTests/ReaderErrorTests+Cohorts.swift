import Cohort
import Foundation
import IVIMBayes
import Lesions
import Reporting
import Tables
import TestSupport

extension ReaderErrorTests {
  private static func pairs(_ name: String, _ rows: String, _ evidence: [String]) -> Fault {
    Fault("Lesions.\(name)", ["pairs.tsv"] + evidence) { folder in
      let text = "subject\tparameter\tfirst\tsecond\n" + rows
      _ = try RepeatabilityTable(
        pairs: TabSeparatedTable.read(folder.write(text, as: "pairs.tsv")))
    }
  }

  private static func matched(_ name: String, _ pairs: [LesionMatching.Match], _ evidence: [String]) -> Fault
  {
    Fault("Lesions.\(name)", ["match table"] + evidence) { _ in
      _ = try LesionMatching(pre: ["1", "2"], post: ["1"], pairs: pairs)
    }
  }

  private static func cohort(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Cohort.\(name)", ["cohort.tsv"] + evidence) { folder in
      _ = try CohortTable(TabSeparatedTable.read(folder.write(text, as: "cohort.tsv")))
    }
  }

  /// A training on patients of which `effective` had effective treatment.
  private static func training(_ features: [CohortFeature], patients: Int = 6, effective: Int = 3) throws {
    let patients = (0..<patients).map { index in
      CohortPatient(
        id: "p\(index)", isEffective: index < effective,
        lesions: [FeatureMeasurement(mean: 0, standardError: 1)])
    }
    _ = try EfficacyModel.train(
      patients, cohort: "small", plan: EfficacyModel.Plan(features: features))
  }

  private static func summary(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault(name, evidence) { folder in
      _ = try EfficacySummary.run(
        folder.write(text, as: "groups.json"), to: folder.file("model.json"), overwriting: false)
    }
  }

  static let cohorts: [Fault] = [
    matched(
      "unknownLesion", [.init(pre: "9", post: "1", name: "9")], ["\"9\"", "only 1, 2", "Correct the label"]),
    matched(
      "lesionMatchedTwice", [.init(pre: "1", post: "1", name: "a"), .init(pre: "2", post: "1", name: "b")],
      ["\"1\" is matched twice", "at most one partner"]),
    Fault("Lesions.protocolsDiffer", ["the two visits", "gaussian against rician", "--force"]) { _ in
      throw LesionsError.protocolsDiffer(differences: ["ivim noise gaussian against rician"])
    },
    pairs(
      "unknownParameter", "a\tapparent\t1\t1\n", ["line 2", "\"apparent\" is not a parameter", "Use one of"]),
    pairs("notPositive", "a\tadc\t1e-3\t-1\n", ["line 2", "column \"second\"", "no logarithm", "n/a"]),
    pairs("implausible", "a\tt1\t1.2\t1300\n", ["line 2", "column \"second\"", "Multiply by 0.001"]),
    pairs("equalPairs", "a\tt1\t1.2\t1.2\n", ["line 2", "1 of 1 pairs of t1", "--force"]),
    pairs("noRows", "", ["no rows", "Add one row"]),
    Fault("Lesions.missingFile", ["absent.json", "Check its path"]) {
      _ = try RepeatabilityTable.variabilities(contentsOf: $0.file("absent.json"))
    },
    Fault("Lesions.unreadable", ["repeatability.json", "not a repeatability file", "write the file again"]) {
      _ = try RepeatabilityTable.variabilities(contentsOf: $0.write("[1]", as: "repeatability.json"))
    },
    cohort("noRows", "patient\toutcome\n", ["no rows", "Add one row"]),
    cohort(
      "unknownOutcome", "patient\toutcome\na\tgood\n", ["line 2", "\"good\" is not an outcome", "Write"]),
    cohort("unknownPDL1", "patient\tpdl1\na\t101\n", ["line 2", "\"101\"", "percentage"]),
    cohort("duplicateLesion", "patient\tlesion\na\t1\na\t1\n", ["line 3", "stands in line 2", "one row"]),
    cohort(
      "conflictingOutcome", "patient\tlesion\toutcome\na\t1\tPR\na\t2\tPD\n",
      ["line 3", "another outcome in line 2", "same in every row"]),
    cohort("unusableValue", "patient\tpre_adc\na\t-1\n", ["line 2", "column \"pre_adc\"", "unit"]),
    cohort("unusableValue", "patient\tpre_f\na\t1\n", ["between 0 and 1"]),
    cohort("unusableValue", "patient\tpre_f\na\t15\n", ["line 2", "0 to 1", "Multiply by 0.01"]),
    cohort("unusableValue", "patient\tsuv\na\t1e200\n", ["line 2", "column \"suv\"", "too large"]),
    cohort("pdl1Share", "patient\tpdl1\na\t0.6\n", ["line 2", "shares", "% sign"]),
    cohort("noPatients", "lesion\tpre_adc\n1\t1e-3\n", ["line 1", "\"lesion\"", "participant_id"]),
    Fault("Cohort.tooManyRows", ["cohort.tsv", "200001 rows", "not for each voxel"]) { folder in
      var table = TabSeparatedTable(columns: ["patient"], name: folder.file("cohort.tsv").relativePath)
      for row in 0...CohortTable.mostRows { table.append(["\(row)"]) }
      _ = try CohortTable(table)
    },
    Fault("Cohort.tooManyPatients", ["\"small\"", "20001 patients", "at most 20000"]) { _ in
      try training([CohortFeature(.delta, .apparentDiffusion)], patients: 20_001, effective: 10_000)
    },
    Fault(
      "Cohort.featureWithoutPatients", ["cohort.tsv", "has post_t1", "the table has pre_adc", "--features"]
    ) {
      let text = "patient\toutcome\tpre_adc\na\tPR\t1e-3\n"
      try CohortTable(TabSeparatedTable.read($0.write(text, as: "cohort.tsv")))
        .checkFeatures([CohortFeature(.post, .t1)])
    },
    Fault("Cohort.unusableFeature", ["cohort.tsv", "\"age\"", "holds numbers", "Use pre_<p>"]) {
      let text = "patient\tage\na\t60\n"
      _ = try CohortTable(TabSeparatedTable.read($0.write(text, as: "cohort.tsv"))).modelFeatures(["age"])
    },
    cohort(
      "unusableValue", "patient\tpre_adc\tpre_adc_sd\na\t1e-3\t-1\n",
      ["column \"pre_adc_sd\"", "0.001 to 1"]),
    cohort("unknownColumn", "patient\tpre_ADH\na\t1\n", ["line 1", "\"pre_ADH\"", "Name columns"]),
    cohort("unknownColumn", "patient\tdelta_adc\na\t1\n", ["line 1", "computed from pre_adc and post_adc"]),
    Fault("Cohort.tooFewPatients", ["\"small\"", "3 patients", "needs 5", "Add patients"]) { _ in
      try training([CohortFeature(.delta, .apparentDiffusion)])
    },
    Fault("Cohort.unusableFeatureCount", ["\"small\"", "0 features", "--features"]) { _ in
      try training([], patients: 0)
    },
    Fault("Cohort.unknownFeature", ["groups.json", "\"ADC\"", "Use pre_"]) { folder in
      throw CohortError.unknownFeature(table: folder.file("groups.json").relativePath, name: "ADC")
    },
    Fault("Cohort.unusableSummary", ["\"study\"", "the effective group has n 1", "at least 2"]) { _ in
      _ = try GroupSummaryModel(
        name: "study", feature: "delta_adc", effective: .init(n: 1, mean: 0, sd: 1),
        ineffective: .init(n: 9, mean: 0, sd: 1))
    },
    Fault("Cohort.unusableModel", ["model.json", "not an efficacy model", "Train it again"]) { _ in
      _ = try StoredEfficacyModel(json: Data("{}".utf8), file: "model.json")
    },
    Fault("Cohort.unusableModel", ["model.json", "digest"]) { _ in
      let model = try GroupSummaryModel(
        name: "study", feature: "delta_adc", effective: .init(n: 9, mean: 0.2, sd: 1),
        ineffective: .init(n: 9, mean: 0, sd: 1))
      let json = try StoredEfficacyModel.summary(model, typicalSD: nil).json(
        statement: "test", configuration: TrainingConfiguration?.none)
      let altered = String(decoding: json, as: UTF8.self).replacing("0.2", with: "0.3")
      _ = try StoredEfficacyModel(json: Data(altered.utf8), file: "model.json")
    },
    summary("Run.badInput", "{", ["groups.json", "not group summaries", "Give name"]),
    summary(
      "Run.badInput",
      #"{"name": "a", "feature": "ADC", "effective": {"n": 9, "mean": 0, "sd": 1}, "ineffective": {"n": 9, "mean": 0, "sd": 1}}"#,
      ["no feature \"ADC\""]),
  ]

  private static func example(in folder: TemporaryFolder) throws -> URL {
    let file = folder.file("example_draws.nc")
    let group = DrawsGroup(
      "posterior", coordinates: [DrawsCoordinate(.chain, count: 1), DrawsCoordinate(.draw, count: 2)],
      variables: [DrawsVariable("d", dimensions: [.chain, .draw], values: .double([1, 2]))])
    try DrawsFile(groups: [group], libraryVersion: "1").write(to: file)
    return file
  }

  static let draws: [Fault] = [
    Fault("Draws.missing", ["absent_draws.nc", "not found", "--save-draws"]) {
      _ = try DrawsFile(contentsOf: $0.file("absent_draws.nc"))
    },
    Fault("Draws.notNetCDF", ["text_draws.nc", "does not begin as HDF5", "netCDF-4"]) {
      _ = try DrawsFile(contentsOf: $0.write("no draws", as: "text_draws.nc"))
    },
    Fault("Draws.unreadable", ["example_draws.nc", "checksum does not fit", "copy it again"]) { folder in
      let file = try example(in: folder)
      var bytes = [UInt8](try Data(contentsOf: file))
      bytes[bytes.count / 2] ^= 1
      _ = try DrawsFile(contentsOf: folder.write(bytes, as: "example_draws.nc"))
    },
    Fault("Draws.missingGroup", ["example_draws.nc", "\"prior\"", "posterior", "Give a file"]) { folder in
      _ = try DrawsFile(contentsOf: example(in: folder), groups: ["prior"])
    },
    Fault("Draws.cannotCreate", ["absent/draws.nc", "cannot be created", "--out"]) { folder in
      let draws = try DrawsFile(contentsOf: example(in: folder))
      try draws.write(to: folder.file("absent/draws.nc"))
    },
    // No test can fill the disk or break it while the library writes: Tests/faults.sh does. Nor can a file with a valid
    // checksum contradict itself.
    Fault("Draws.diskFull", ["draws.nc", "900 bytes needed, 100 free", "Make room"]) { _ in
      throw DrawsFileError.diskFull(file: "draws.nc", neededBytes: 900, availableBytes: 100)
    },
    Fault("Draws.writeFailed", ["draws.nc", "I/O error", "Check the disk"]) { _ in
      throw DrawsFileError.writeFailed(file: "draws.nc", reason: "I/O error")
    },
    Fault("Draws.inconsistent", ["draws.nc", "posterior/d", "too large", "Copy it again"]) { _ in
      throw DrawsFileError.inconsistent(file: "draws.nc", variable: "posterior/d", reason: "too large")
    },
  ]
}
