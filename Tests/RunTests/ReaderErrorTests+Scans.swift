import Acquisitions
import Foundation
import NIfTI
import Posteriors
import Tables
import TestSupport

extension ReaderErrorTests {
  static func table(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Table.\(name)", ["table.tsv"] + evidence) { folder in
      let table = try TabSeparatedTable.read(folder.write(text, as: "table.tsv"))
      _ = try table.numbers("value")
    }
  }

  static let tables: [Fault] = [
    Fault("Table.unreadable", ["absent.tsv", "no such file", "Check the path"]) {
      _ = try TabSeparatedTable.read($0.file("absent.tsv"))
    },
    Fault("Table.unreadable", ["zero", "larger than 256 MB"]) { _ in
      _ = try TabSeparatedTable.read(URL(filePath: "/dev/zero"))
    },
    Fault("Table.notText", ["table.tsv", "UTF-8"]) {
      _ = try TabSeparatedTable.read($0.write([0x61, 0xff, 0x00], as: "table.tsv"))
    },
    table("empty", "\n\n", ["is empty", "header line"]),
    table("duplicateColumn", "a\ta\n1\t2\n", ["line 1", "\"a\"", "Rename"]),
    table("wrongFieldCount", "a\tvalue\n1\n", ["line 2", "1 fields under 2 columns", "n/a"]),
    table("openQuote", "a,value\n\"1,2\n", ["line 2", "does not end", "Close"]),
    table("missingColumn", "a\tb\n1\t2\n", ["\"value\" among a, b", "Add the column"]),
    Fault("Table.missingKey", ["table.tsv", "line 3", "column \"patient\"", "Write the key"]) {
      _ = try TabSeparatedTable.read($0.write("patient\tx\na\t1\nn/a\t2\n", as: "table.tsv")).participants()
    },
    table("notANumber", "a\tvalue\n1\ttwo\n", ["line 2", "column \"value\"", "\"two\"", "decimal point"]),
  ]

  static func bValues(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Acquisition.\(name)", ["b.bval"] + evidence) {
      _ = try BValue.read($0.write(text, as: "b.bval"))
    }
  }

  static let grid = Grid(shape: [2, 2, 1], affine: .scaling([1, 1, 1]))

  /// A series of four voxels with these b-values.
  static func series(
    _ bValues: [Double], volumes: Int? = nil, values: Float? = nil,
    selection: DiffusionSelection = DiffusionSelection()
  ) throws {
    let count = volumes ?? bValues.count
    let image = NIfTIImage(
      grid: grid, volumeCount: count, values: (0..<4 * count).map { values ?? Float(100 - $0) })
    _ = try DiffusionSeries(
      image, from: URL(filePath: "dwi.nii"), bValues: bValues.map { BValue($0) },
      from: URL(filePath: "dwi.bval"),
      selection: selection)
  }

  static func labels(_ name: String, _ labels: [Int32], _ evidence: [String], at origin: Double = 0)
    -> Fault
  {
    Fault("Acquisition.\(name)", ["labels.nii"] + evidence) { folder in
      let place = Grid(shape: [2, 2, 1], affine: .scaling([1, 1, 1], origin: [origin, 0, 0]))
      try LabelImage(grid: place, labels: labels).write(to: folder.file("labels.nii"))
      _ = try LesionMap.read(folder.file("labels.nii"), onto: grid, matching: .scanner)
    }
  }

  static func sidecar(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Acquisition.\(name)", ["ir.json"] + evidence) {
      _ = try T1Sidecar.read($0.write(text, as: "ir.json"))
    }
  }

  static let scans: [Fault] = [
    Fault("Acquisition.image", ["absent.nii", "No such file"]) {
      _ = try T1Series.readImage([$0.file("absent.nii")])
    },
    Fault("Acquisition.table", ["curves.tsv", "\"lesion\""]) {
      _ = try SignalCurve.read($0.write("id\tsetting\tsignal\nx\t0\t1\n", as: "curves.tsv"))
    },
    Fault("Acquisition.unreadable", ["absent.bval", "no such file", "Check the path"]) {
      _ = try BValue.read($0.file("absent.bval"))
    },
    bValues("notOneRow", "0 100\n0 100\n0 100\n", ["3 rows of 2", ".bvec"]),
    bValues("notANumber", "0 10O", ["entry 2", "\"10O\"", "decimal point"]),
    bValues("badNumber", "0 -100", ["entry 2", "-100.0 cannot be", "Correct"]),
    Fault("Acquisition.wrongCount", ["dwi.bval", "2 entries for the 3 volumes", "one entry"]) { _ in
      try series([0, 100], volumes: 3)
    },
    Fault("Acquisition.notASeries", ["dwi.nii", "one volume", "4-D"]) { _ in try series([0]) },
    Fault("Acquisition.noLowB", ["dwi.bval", "100.0 s/mm²", "b = 0"]) { _ in try series([100, 500]) },
    Fault("Acquisition.nothingSelected", ["dwi.bval", "no volume is left", "Widen"]) { _ in
      try series([0, 100], selection: DiffusionSelection(lowestB: 2000, highestB: 3000))
    },
    Fault("Acquisition.badExclusion", ["--exclude-volumes 9", "no volume 9", "2:3,7"]) { _ in
      try series([0, 100], selection: DiffusionSelection(exclusions: VolumeExclusions(everywhere: [9])))
    },
    labels("noOverlap", [1, 1, 1, 1], ["inside the image", "Check that it was drawn on this scan"], at: 50),
    labels("emptyLabels", [0, 0, 0, 0], ["every voxel is 0", "Draw"]),
    labels("negativeLabel", [0, -3, 0, 1], ["-3 is no label", "positive whole numbers"]),
    Fault("Acquisition.duplicateName", ["names.tsv", "label 1", "Keep one line"]) { folder in
      try LabelImage(grid: grid, labels: [1, 0, 0, 0]).write(to: folder.file("labels.nii"))
      _ = try LesionMap.read(
        folder.file("labels.nii"), names: folder.write("index\tname\n1\ta\n1\tb\n", as: "names.tsv"),
        onto: grid)
    },
    Fault("Acquisition.noUsableVoxels", ["dwi.nii", "no voxel can be fitted", "holds signal"]) { _ in
      try series([0, 100], values: .nan)
    },
    Fault(
      "Acquisition.missingSetting", ["scan.nii", "neither there nor on the command line", "as an option"]
    ) { _ in
      _ = try T1Protocol(
        .inversionRecovery, sidecars: [], settings: nil, repetitionTime: nil, polarity: nil, place: "scan.nii"
      )
    },
    sidecar(
      "likelyMilliseconds", #"{"InversionTime": [100, 500]}"#, ["InversionTime", "100.0 s", "ms is 0.1"]),
    sidecar("badSidecar", "[1]", ["cannot be used", "Correct the JSON"]),
    sidecar("badSidecar", #"{"FlipAngle": "ten"}"#, ["FlipAngle must be a number", "as options"]),
    Fault("Acquisition.differentGrids", ["two.nii", "one.nii", "Resample"]) { folder in
      try NIfTIImage(grid: grid, values: [1, 2, 3, 4]).writeFloat32(to: folder.file("one.nii"))
      let other = Grid(shape: [2, 2, 1], affine: .scaling([1, 1, 1], origin: [9, 0, 0]))
      try NIfTIImage(grid: other, values: [1, 2, 3, 4]).writeFloat32(to: folder.file("two.nii"))
      _ = try T1Series.readImage([folder.file("one.nii"), folder.file("two.nii")])
    },
    Fault("Acquisition.badRow", ["curves.tsv", "line 2", "-5.0 is negative", "Correct the row"]) {
      _ = try SignalCurve.read($0.write("id\tlesion\tsetting\tsignal\nx\tone\t-5\t1\n", as: "curves.tsv"))
    },
  ]

  static func priors(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Priors.\(name)", ["priors.json"] + evidence) {
      _ = try TissuePriors.read($0.write(text, as: "priors.json"))
    }
  }

  static let priors: [Fault] = [
    Fault("Priors.unreadable", ["absent.json", "Check its path"]) {
      _ = try TissuePriors.read($0.file("absent.json"))
    },
    priors("notJSON", "{", ["not a JSON object", "Compare"]),
    priors("unknownEntry", #"{"D": {}}"#, ["unknown entry \"D\"", "spelling"]),
    priors("invalidValue", #"{"d": {"median": -1, "sd_log": 0.4}}"#, ["\"d.median\"", "positive median"]),
    priors(
      "invalidValue", #"{"t1": {"median": true, "sd_log": 0.4}}"#, ["\"t1.median\"", "no usable value"]),
    priors(
      "implausible", #"{"t1": {"median": 1400, "sd_log": 0.4}}"#, ["\"t1.median\"", "Multiply by 0.001"]),
    priors("implausible", #"{"d": {"median": 1.1, "sd_log": 0.4}}"#, ["\"d.median\"", "Multiply by 0.001"]),
    priors("implausible", #"{"d": {"median": 1.1e-3, "sd_log": 1e-300}}"#, ["\"d.sd_log\"", "0.001 to 10"]),
    priors("implausible", #"{"heterogeneity": {"d": 1e-300}}"#, ["\"heterogeneity.d\""]),
    priors(
      "duplicateEntry", #"{"d": {"median": 1e-3, "sd_log": 0.4}, "d": {"median": 2e-3, "sd_log": 0.4}}"#,
      ["\"d\"", "twice"]),
    priors(
      "duplicateEntry", #"{"d": {"median": 1e-3, "m\u0065dian": 2e-3, "sd_log": 0.4}}"#,
      ["\"d.median\"", "twice"]),
    priors("invalidValue", #"{"f": {"median": 1, "sd_logit": 1}}"#, ["\"f.median\""]),
    priors("implausible", #"{"f": {"median": 15, "sd_logit": 1}}"#, ["\"f.median\"", "Multiply by 0.01"]),
    priors("invalidValue", #"{"heterogeneity": {"d": -1}}"#, ["heterogeneity"]),
  ]
}
