import Foundation
import NIfTI
import TestSupport
import Testing

/// What `fit ivim` says to input that it cannot fit: exit code, a message of three parts, and nothing left behind.
@Suite struct FitErrorTests {
  /// A way to go wrong: files made in a folder, arguments in which they are used, and what must be said.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int32
    /// Where, what is wrong, and what to do: parts of the message, in this order.
    let parts: [String]
    /// Makes what is needed in the folder, and returns the arguments after `fit ivim`, without `--out`.
    let arguments: @Sendable (PhantomScan, TemporaryFolder) throws -> [String]

    init(
      _ name: String, _ status: Int32, _ parts: [String],
      _ arguments: @escaping @Sendable (PhantomScan, TemporaryFolder) throws -> [String]
    ) {
      testDescription = name
      self.status = status
      self.parts = parts
      self.arguments = arguments
    }

    /// A file of b-values in place of the right one.
    init(bValues: String, _ parts: [String], status: Int32 = 65) {
      self.init("b-values \(bValues)", status, parts) { scan, folder in
        [scan.image.path, "--bval", try folder.write(bValues, as: "wrong.bval").path]
      }
    }

    /// Options with a value that is not allowed.
    init(options: [String], _ status: Int32, _ parts: [String]) {
      self.init(options.joined(separator: " "), status, parts) { scan, _ in
        [scan.image.path, "--lesions", scan.lesions.path] + options
      }
    }
  }

  static let files: [Mistake] = [
    Mistake("an image that is not there", 66, ["none.nii.gz", "No such file", "Check the path"]) {
      scan, folder in
      [folder.file("none.nii.gz").path, "--bval", scan.bValues.path]
    },
    Mistake("a folder as the image", 66, ["not a regular file", "Check the path"]) { scan, folder in
      [folder.url.path, "--bval", scan.bValues.path]
    },
    Mistake("a text as the image", 65, ["text.nii", "not a NIfTI image", "Give a .nii or .nii.gz file"]) {
      scan, folder in
      [try folder.write("no image", as: "text.nii").path, "--bval", scan.bValues.path]
    },
    Mistake("a truncated image", 65, ["cut.nii.gz", "too short", "cut off"]) { scan, folder in
      let bytes = try Data(contentsOf: scan.image)
      return [
        try folder.write(Array(bytes.prefix(bytes.count / 2)), as: "cut.nii.gz").path, "--bval",
        scan.bValues.path,
      ]
    },
    Mistake("an image whose compressed bytes are damaged", 65, ["bad.nii.gz", "damaged", "gzip -t"]) {
      scan, folder in
      var bytes = Array(try Data(contentsOf: scan.image))
      for index in bytes.count / 2..<bytes.count / 2 + 200 { bytes[index] = 0xFF }
      return [try folder.write(bytes, as: "bad.nii.gz").path, "--bval", scan.bValues.path]
    },
    Mistake("a 3-D image", 65, ["dseg.nii.gz", "one volume", "Give the 4-D file"]) { scan, _ in
      [scan.lesions.path, "--bval", scan.bValues.path]
    },
    Mistake("an image without b-values", 66, ["alone.nii.gz", "no file alone.bval", "--bval"]) {
      scan, folder in
      try FileManager.default.copyItem(at: scan.image, to: folder.file("alone.nii.gz"))
      return [folder.file("alone.nii.gz").path]
    },
    Mistake("a file of b-values that is not there", 66, ["none.bval", "no such file", "Check the path"]) {
      scan, folder in
      [scan.image.path, "--bval", folder.file("none.bval").path]
    },
    Mistake(
      bValues: "0 10 20\n", ["wrong.bval", "3 entries for the 12 volumes", "one entry for each volume"]),
    Mistake(
      bValues: "0 10 20 30 50 80 -100 200 400 600 800 1000\n",
      ["wrong.bval, entry 7", "-100.0 cannot be", "Correct the entry"]),
    Mistake(
      bValues: "0 10 20 30 fifty 80 100 200 400 600 800 1000\n",
      ["wrong.bval, entry 5", "\"fifty\" is not a number", "decimal point"]),
    Mistake(
      bValues: "0 10 20 30 nan 80 100 200 400 600 800 1000\n",
      ["wrong.bval, entry 5", "nan cannot be", "Correct"]),
    Mistake(bValues: "0 0 0\n1 1 1\n0 0 0\n", ["wrong.bval", "3 rows of 3 numbers", ".bvec"]),
    Mistake(bValues: "", ["wrong.bval", "0 entries for the 12 volumes", "one entry for each volume"]),
    Mistake(
      bValues: "60 70 80 90 100 150 200 300 400 600 800 1000\n",
      ["wrong.bval", "60.0 s/mm², and none is 50 or less", "Include the b = 0 volumes"]),
    Mistake("a scan of NaN", 65, ["scan.nii.gz", "no voxel can be fitted", "Check that the image"]) {
      scan, folder in
      let file = try scan.altered(in: folder) { image in
        for index in image.values.indices { image.values[index] = .nan }
      }
      return [file.path]
    },
    Mistake(
      "NaN in the whole mask", 65, ["scan.nii.gz", "no voxel can be fitted", "nan", "where the mask is"]
    ) {
      scan, folder in
      let file = try scan.altered(in: folder) { image in
        for index in image.values.indices { image.values[index] = .nan }
      }
      return [file.path, "--mask", scan.lesions.path]
    },
    Mistake("a mask of another place", 65, ["far.nii.gz", "500 mm", "affine"]) {
      scan, folder in
      let labels = try LabelImage.read(scan.lesions)
      let far = Grid(shape: labels.grid.shape, affine: .scaling([2, 2, 5], origin: [500, 0, 0]))
      try LabelImage(grid: far, labels: labels.labels).write(to: folder.file("far.nii.gz"))
      return [scan.image.path, "--mask", folder.file("far.nii.gz").path]
    },
    Mistake("lesions that do not overlap", 65, ["far.nii.gz", "no labelled voxel lies inside", "affine"]) {
      scan, folder in
      let labels = try LabelImage.read(scan.lesions)
      let far = Grid(shape: labels.grid.shape, affine: .scaling([2, 2, 5], origin: [0, 0, -500]))
      try LabelImage(grid: far, labels: labels.labels).write(to: folder.file("far.nii.gz"))
      return [scan.image.path, "--lesions", folder.file("far.nii.gz").path, "--place", "scanner"]
    },
    Mistake("an empty mask", 65, ["empty.nii.gz", "every voxel is 0", "Draw the region"]) { scan, folder in
      let grid = try LabelImage.read(scan.lesions).grid
      try LabelImage(grid: grid, labels: Array(repeating: 0, count: grid.voxelCount))
        .write(to: folder.file("empty.nii.gz"))
      return [scan.image.path, "--mask", folder.file("empty.nii.gz").path]
    },
    Mistake("a series as the mask", 65, ["dwi.nii.gz", "segments that may overlap", "one label map"]) {
      scan, _ in
      [scan.image.path, "--mask", scan.image.path]
    },
    Mistake("lesions that are not there", 66, ["none.nii", "No such file", "Check the path"]) {
      scan, folder in
      [scan.image.path, "--lesions", folder.file("none.nii").path]
    },
    Mistake("lesion names without a column", 65, ["names.tsv", "index", "column"]) { scan, folder in
      let names = try folder.write("label\tname\n1\ta\n", as: "names.tsv")
      return [scan.image.path, "--lesions", scan.lesions.path, "--lesion-names", names.path]
    },
    Mistake("one lesion with two names", 65, ["names.tsv", "label 1 has two names", "Keep one line"]) {
      scan, folder in
      let names = try folder.write("index\tname\n1\ta\n1\tb\n", as: "names.tsv")
      return [scan.image.path, "--lesions", scan.lesions.path, "--lesion-names", names.path]
    },
    Mistake("too few averages", 65, ["--averages", "2 entries for the 12 volumes", "one entry"]) {
      scan, folder in
      [scan.image.path, "--averages", try folder.write("1 4\n", as: "nex.txt").path]
    },
    Mistake("averages of zero", 65, ["nex.txt, entry 2", "0.0 cannot be", "Correct"]) { scan, folder in
      [scan.image.path, "--averages", try folder.write("1 0 1 1 1 1 1 1 1 1 1 1\n", as: "nex.txt").path]
    },
    Mistake("a priors file that is not there", 66, ["none.json", "cannot be read", "Check its path"]) {
      scan, folder in
      [scan.image.path, "--priors", folder.file("none.json").path]
    },
    Mistake("a priors file that is no JSON", 65, ["priors.json", "not a JSON object", "--priors"]) {
      scan, folder in
      [scan.image.path, "--priors", try folder.write("d: 1", as: "priors.json").path]
    },
    Mistake("a priors file with an unknown entry", 65, ["priors.json", "unknown entry \"D\"", "spelling"]) {
      scan, folder in
      [
        scan.image.path, "--priors",
        try folder.write("{\"D\": {\"median\": 1e-3, \"sd_log\": 0.4}}", as: "priors.json").path,
      ]
    },
    Mistake(
      "a prior with a negative spread", 65, ["priors.json", "\"d.sd_log\" has no usable value", "positive"]
    ) {
      scan, folder in
      [
        scan.image.path, "--priors",
        try folder.write("{\"d\": {\"median\": 1e-3, \"sd_log\": -0.4}}", as: "priors.json").path,
      ]
    },
    Mistake("a configuration that is not there", 66, ["none.json", "cannot be read", "Check its path"]) {
      scan, folder in
      [scan.image.path, "--config", folder.file("none.json").path]
    },
    Mistake("a configuration that is no JSON", 65, ["config.json", "not a JSON object", "_run.json"]) {
      scan, folder in
      [scan.image.path, "--config", try folder.write("[1", as: "config.json").path]
    },
    Mistake(
      "a configuration with an unknown option", 65,
      ["config.json", "unknown option \"bmax\"", "without the dashes"]
    ) {
      scan, folder in
      [scan.image.path, "--config", try folder.write("{\"bmax\": 800}", as: "config.json").path]
    },
    Mistake(
      "a configuration with control characters in a name", 65,
      ["config.json", "unknown option \"b\u{FFFD}[2J\u{FFFD}\u{FFFD}max\"", "without the dashes"]
    ) { scan, folder in
      [
        scan.image.path, "--config",
        try folder.write(#"{"b\u001b[2J\n\u2028max": 1}"#, as: "config.json").path,
      ]
    },
    Mistake(
      "a configuration with a text for a number", 65,
      ["config.json", "b-max", "Compare with the configuration"]
    ) {
      scan, folder in
      [scan.image.path, "--config", try folder.write("{\"b-max\": \"800\"}", as: "config.json").path]
    },
    Mistake("a table that is not there", 66, ["none.tsv", "no such file", "Check the path"]) { _, folder in
      [folder.file("none.tsv").path]
    },
    Mistake("a table without signals", 65, ["curves.tsv", "signal", "column"]) { _, folder in
      [try folder.write("id\tlesion\tsetting\nA\t1\t0\n", as: "curves.tsv").path]
    },
    Mistake(
      "a table with a word for a signal", 65,
      ["curves.tsv, line 3", "\"low\" is not a number", "decimal point"]
    ) {
      _, folder in
      [try folder.write("id\tlesion\tsetting\tsignal\nA\t1\t0\t900\nA\t1\t50\tlow\n", as: "curves.tsv").path]
    },
    Mistake("a table without low b-values", 65, ["A, 1", "none is 50 or less", "Include the b = 0"]) {
      _, folder in
      let rows = [100, 400, 800].map { "A\t1\t\($0)\t\(1000 - $0)\n" }.joined()
      return [try folder.write("id\tlesion\tsetting\tsignal\n" + rows, as: "curves.tsv").path]
    },
    Mistake("a mask for a table", 64, ["--mask", "table of curves", "Leave --mask out"]) { scan, folder in
      [try folder.write("id\tlesion\tsetting\tsignal\n", as: "curves.tsv").path, "--mask", scan.lesions.path]
    },
    Mistake("means of lesions that are not given", 64, ["--roi-mean", "no lesions", "--lesions"]) { scan, _ in
      [scan.image.path, "--roi-mean"]
    },
  ]

  static let options: [Mistake] = [
    Mistake(options: ["--model", "triexponential"], 64, ["--model", "triexponential", "biexponential"]),
    Mistake(options: ["--prior", "flat"], 64, ["--prior", "flat", "independent"]),
    Mistake(
      options: ["--prior", "spatial", "--engine", "nuts"], 64,
      ["--prior spatial", "--engine nuts knows single voxels only", "--prior independent"]),
    Mistake(options: ["--noise", "poisson"], 64, ["--noise", "poisson", "gaussian"]),
    Mistake(
      options: ["--tissue", "brain"], 64,
      ["--tissue", "no tissue \"brain\"", "lung-tumour, lung-tumour-1.5T, liver, generic"]),
    Mistake(
      options: ["--rng", "dice"], 64,
      ["--rng", "no generator \"dice\"", "xoshiro256++, mt19937, ranlxd2, taus2"]),
    Mistake(options: ["--save-draws", "all"], 64, ["--save-draws", "all", "lesions, none"]),
    Mistake(
      options: ["--directions", "up"], 64,
      ["--directions", "no pooling \"up\"", "separate, geometric, arithmetic"]),
    Mistake(options: ["--sigma=-1"], 64, ["--sigma", "-1.0 is no standard deviation", "positive"]),
    Mistake(options: ["--sigma-pooling=-1"], 64, ["--sigma-pooling", "negative", "Give 0"]),
    Mistake(options: ["--adc-range", "1000,0"], 64, ["--adc-range", "two increasing", "0,1000"]),
    Mistake(
      options: ["--adc-range", "0,1"], 65, ["dwi.nii.gz", "fewer than two b-values", "Widen --adc-range"]),
    Mistake(
      options: ["--b-min", "800", "--b-max", "100"], 64,
      ["--b-min 800.0 --b-max 100.0", "not the ends", "increasing"]),
    Mistake(options: ["--b-max", "nan"], 64, ["--b-max nan", "not the ends", "increasing"]),
    Mistake(options: ["--b-min", "100"], 65, ["dwi.bval", "none is 50 or less", "lower --b-min"]),
    Mistake(options: ["--chains", "0"], 64, ["--chains", "0 is too few", "Give 1 to 1000"]),
    Mistake(options: ["--draws", "3"], 64, ["--draws", "3 is too few", "Give 8 to 10000000"]),
    Mistake(options: ["--max-draws", "3"], 64, ["--max-draws", "3 is too few", "Give 8 to"]),
    Mistake(options: ["--warmup=-1"], 64, ["--warmup", "-1 is too few", "Give 0 to"]),
    Mistake(options: ["--draws", "99999999"], 64, ["--draws", "99999999 is too many", "Give 8 to"]),
    Mistake(
      options: ["--chains", "900", "--draws", "90000"], 64,
      ["--chains", "900 chains of 90000 draws are more than 10000000", "fewer chains"]),
    Mistake(options: ["--min-ess=-5"], 64, ["--min-ess", "-5.0 is no effective", "positive"]),
    Mistake(options: ["--min-ess", "nan"], 64, ["--min-ess", "nan is no effective", "positive"]),
    Mistake(options: ["--threads", "0"], 64, ["--threads 0", "at least one", "1 or more"]),
    Mistake(
      options: ["--exclude-volumes", "x"], 65, ["--exclude-volumes x", "\"x\" is not the number", "3,7"]),
    Mistake(
      options: ["--exclude-volumes", "12"], 65, ["--exclude-volumes 12", "no volume 12", "count from 0"]),
    Mistake(
      options: ["--exclude-volumes", "9:1"], 65,
      ["--exclude-volumes 9:", "no lesion 9", "2:3,7 for lesion 2"]),
    Mistake(options: ["--exclude-volumes", "0,1,2,3,4"], 65, ["dwi.bval", "none is 50 or less", "b = 0"]),
    Mistake(
      options: ["--exclude-volumes", "0,1,2,3,4,5,6,7,8,9,10,11"], 65, ["no volume is left", "exclude fewer"]),
  ]

  @Test(arguments: files + options)
  func `A mistake has its own message and exit code and leaves nothing behind`(mistake: Mistake) throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let arguments = try mistake.arguments(scan, folder)
    let before = folder.contents
    let outcome = try Command.run(
      ["fit", "ivim"] + arguments + ["--quiet", "--out", folder.file("run").path])
    #expect(outcome.status == mistake.status, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(folder.contents == before)
    var rest = outcome.errors[...]
    for part in mistake.parts {
      guard let range = rest.range(of: part) else {
        Issue.record("\"\(part)\" is missing, or out of order, in: \(outcome.errors)")
        return
      }
      rest = rest[range.upperBound...]
    }
  }

  @Test func `An existing output folder is kept as it is, and its name is said`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let file = try folder.write("precious", as: "run")
    for content in ["a file", "an empty folder", "a folder of something else"] {
      try FileManager.default.removeItem(at: file)
      if content == "a file" {
        _ = try folder.write("precious", as: "run")
      } else {
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        if content != "an empty folder" { try Data().write(to: file.appending(path: "thesis.txt")) }
      }
      let outcome = try Command.run(scan.lesionFit(into: file))
      #expect(outcome.status == 73)
      #expect(outcome.errors.contains("\(file.path): the output folder exists already. Choose another name"))
      // --overwrite replaces what ivimbayes has made, never what it has not.
      guard content != "an empty folder" else { continue }
      let forced = try Command.run(scan.lesionFit(into: file) + ["--overwrite"])
      #expect(forced.status == 73)
      #expect(forced.errors.contains("not a folder that ivimbayes has made"))
    }
    #expect(folder.contents == ["run"])
    #expect(FileManager.default.fileExists(atPath: file.appending(path: "thesis.txt").path))
  }

  @Test func `--overwrite replaces the folder of an earlier run, and --out must be a place`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    for flags in [[], ["--overwrite", "--save-draws", "none"]] {
      try Command.succeed(scan.lesionFit(into: run) + ["--draws", "50", "--quiet"] + flags)
    }
    #expect(folder.contents == ["run"])
    #expect(!FileManager.default.fileExists(atPath: run.appending(path: "sub-phantom_draws.nc").path))
    let here = try Command.run(
      Array(scan.lesionFit(into: run).dropLast()) + ["", "--overwrite"], in: run)
    #expect(here.status == 73 && here.errors.contains("current folder"))
  }

  /// File permissions do not bind root, so the impossible places are impossible for everyone.
  @Test func `An output that cannot be created ends with 73`() throws {
    let scan = try PhantomScan.shared.get()
    let folder = try TemporaryFolder()
    let file = try folder.write("", as: "file")
    for place in [file.appending(path: "run"), folder.file("no/such/run"), URL(filePath: "/proc/run")] {
      let outcome = try Command.run(scan.lesionFit(into: place))
      #expect(outcome.status == 73)
      #expect(
        outcome.errors.contains("\(place.path): the output folder cannot be created. Check that its parent"))
    }
    #expect(folder.contents == ["file"])
  }
}
