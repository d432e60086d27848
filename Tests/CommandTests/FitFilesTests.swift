import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

/// What `fit ivim` writes: the contract of names, columns, units and places.
@Suite struct FitFilesTests {
  static let parameters = ["adc", "d", "dstar", "f", "s0", "sigma"]
  static let statistics = ["essbulk", "grade", "mean", "median", "q05", "q95", "rhat", "sd"]

  @Test func `A fit of an image leaves exactly the files of the contract`() throws {
    let run = try FinishedRun.shared.get()
    let maps = Self.parameters.flatMap { parameter in
      Self.statistics.flatMap { statistic in
        [".json", ".nii.gz"].map { "sub-phantom_model-ivim_param-\(parameter)_desc-\(statistic)_dwimap\($0)" }
      }
    }
    let others = [
      "lesions.tsv", "lesions.json", "qc.tsv", "draws.nc", "run.json", "timing.json", "signals.tsv",
      "reference.nii.gz", "desc-lesions_dseg.nii.gz", "report.html",
    ].map { "sub-phantom_\($0)" }
    #expect(
      Set(run.names) == Set(maps + others + ["dataset_description.json", ".bidsignore", ".ivimbayes.json"]))
    let parent = run.folder.deletingLastPathComponent()
    let beside = try FileManager.default.contentsOfDirectory(atPath: parent.path)
    #expect(!beside.contains { $0.hasPrefix(".run") })
  }

  @Test func `Every map has the shape and affine of the scan, and is NaN outside the mask`() throws {
    let run = try FinishedRun.shared.get()
    let scan = try PhantomScan.shared.get()
    let image = try NIfTIImage.read(scan.image)
    let mask = try LabelImage.read(scan.folder.file("mask.nii.gz")).labels.map { $0 != 0 }
    #expect(mask.contains(true) && mask.contains(false))
    for parameter in Self.parameters {
      for statistic in Self.statistics {
        let map = try run.map(parameter, statistic)
        #expect(map.shape == image.grid.shape && map.affine == image.affine)
        for (value, isInside) in zip(map.values, mask) {
          if statistic == "grade" {
            #expect(
              isInside ? [1, 2, 3].contains(value) || parameter == "s0" || parameter == "sigma" : value == 0)
          } else {
            #expect(value.isFinite == isInside, "\(parameter) \(statistic)")
          }
        }
      }
    }
  }

  @Test func `Quantiles are ordered, and D < D* in every voxel`() throws {
    let run = try FinishedRun.shared.get()
    for parameter in Self.parameters {
      let (low, middle, high) = (
        try run.map(parameter, "q05").values, try run.map(parameter, "median").values,
        try run.map(parameter, "q95").values
      )
      for index in low.indices where low[index].isFinite {
        #expect(low[index] < middle[index] && middle[index] < high[index])
      }
    }
    let pairs = zip(try run.map("d", "mean").values, try run.map("dstar", "mean").values)
    for (d, dStar) in pairs where d.isFinite { #expect(d < dStar) }
  }

  @Test func `Sidecars state the unit of every map`() throws {
    let run = try FinishedRun.shared.get()
    let units = [
      "d": "mm2/s", "dstar": "mm2/s", "adc": "mm2/s", "f": "1", "s0": "arbitrary", "sigma": "arbitrary",
    ]
    for parameter in Self.parameters {
      for statistic in Self.statistics {
        let sidecar = try run.json("_model-ivim_param-\(parameter)_desc-\(statistic)_dwimap.json")
        let isNumber = ["rhat", "essbulk", "grade"].contains(statistic)
        let unit = sidecar["Units"].string
        #expect(unit == (isNumber ? "1" : units[parameter]), "\(parameter) \(statistic)")
        #expect(!sidecar["Description"].string.isEmpty)
      }
    }
  }

  @Test
  func
    `The lesion table has a row for each lesion, parameter and functional, with the columns of the contract`()
    throws
  {
    let run = try FinishedRun.shared.get()
    let table = try run.lesionTable()
    let columns = """
      lesion name voxels parameter functional unit mean sd q05 median q95 hdi_lower hdi_upper mcse_mean rhat ess_bulk \
      ess_tail contraction overlap grade status
      """
    #expect(table.columns == columns.split(separator: " ").map(String.init))
    let keys = table.rows.map { $0.fields[0] + " " + $0.fields[1] + " " + $0.fields[3] + " " + $0.fields[4] }
    let expected = ["1 upper", "2 lower"].flatMap { lesion in
      ["d", "f", "dstar", "fdstar", "s0", "sigma", "adc"].flatMap { parameter in
        ["mean", "median", "p10", "p25", "p75", "p90", "sd", "iqr"].map { "\(lesion) \(parameter) \($0)" }
      }
    }
    #expect(Set(keys) == Set(expected) && keys.count == expected.count)
    let sidecar = try run.json("_lesions.json")
    #expect(sidecar["mean"]["Description"].string.contains("mean"))
    #expect(sidecar["functional"]["Description"].string.contains("geometric"))
  }

  @Test
  func
    `Contraction, overlap and grade are empty for spreads and filled for the other functionals of D, f, D* and ADC`()
    throws
  {
    let table = try FinishedRun.shared.get().lesionTable()
    let (parameters, functionals) = (try table.strings("parameter"), try table.strings("functional"))
    let (contractions, grades) = (try table.numbers("contraction"), try table.strings("grade"))
    for row in table.rows.indices where ["d", "f", "dstar", "adc"].contains(parameters[row]) {
      let isSpread = ["sd", "iqr"].contains(functionals[row])
      #expect(contractions[row].isNaN == isSpread)
      #expect(["data-dominated", "mixed", "prior-dominated"].contains(grades[row]) == !isSpread)
    }
    #expect(try table.strings("status").allSatisfy { ["pass", "warn", "fail"].contains($0) })
  }

  @Test func `The lesions' D and f are those that were simulated, in units of mm2/s and of 1`() throws {
    let run = try FinishedRun.shared.get()
    let scan = try PhantomScan.shared.get()
    let labels = try LabelImage.read(scan.lesions).labels
    for parameter in ["d", "f"] {
      let truth = try scan.truth(of: parameter).values
      for lesion in [1, 2] {
        let inside = labels.indices.filter { labels[$0] == Int32(lesion) }.map { Double(truth[$0]) }
        let mean = inside.reduce(0, +) / Double(inside.count)
        let found = try run.lesions(parameter)[lesion - 1]
        #expect(
          isClose(found, mean, relative: 0.2), "\(parameter) of lesion \(lesion): \(found), true \(mean)")
      }
    }
  }

  @Test func `The run file holds version, options, checksums and health, and neither times nor paths`() throws
  {
    let run = try FinishedRun.shared.get()
    let record = try run.json("_run.json")
    #expect(record["software"]["name"].string == "ivimbayes")
    #expect(record["configuration"]["seed"].int == 1 && record["configuration"]["min-ess"].int == 400)
    #expect(record["inputs"].keys.contains("sub-phantom_dwi.nii.gz"))
    #expect(record["inputs"].keys.contains("sub-phantom_dwi.bval"))
    for name in record["inputs"].keys { #expect(record["inputs"][name].string.count == 64) }
    #expect(["pass", "warn", "fail"].contains(record["health"]["verdict"].string))
    #expect(record["statement"].string.hasPrefix("Research use only"))
    let text = try String(contentsOf: run.file("_run.json"), encoding: .utf8)
    #expect(!text.contains(run.folder.path) && !text.contains("seconds"))
    #expect(try run.json("_timing.json")["wall_seconds"].double > 0)
  }

  @Test func `The quality control table has a row for each lesion and volume`() throws {
    let table = try TabSeparatedTable.read(FinishedRun.shared.get().file("_qc.tsv"))
    #expect(table.rows.count == 2 * 12)
    #expect(table.columns.suffix(2) == ["snr", "flag"])
    #expect(try table.numbers("volume").prefix(12).elementsEqual((0..<12).map(Double.init)))
    #expect(try table.numbers("setting").prefix(3).elementsEqual([0, 10, 20]))
  }

  @Test func `The folder is a BIDS derivative dataset`() throws {
    let run = try FinishedRun.shared.get()
    let file = run.folder.appending(path: "dataset_description.json")
    let description = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
    #expect(description["DatasetType"].string == "derivative")
    #expect(description["GeneratedBy"][0]["Name"].string == "ivimbayes")
  }
}
