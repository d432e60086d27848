import Foundation
import NIfTI
import Tables
import TestSupport
import Testing

/// What an input of `fit` means is known, checked or asked: one row for each example of a rule.
@Suite(.enabled(if: Optimization.isOn, "fits; run with -c release"))
struct BoundaryFitTests {
  /// An example: the files that it changes in a copy of the scan, the options, and what must come of it.
  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    /// Makes the files of the example in a folder with `dwi.nii.gz`, `dwi.bval` and `les.nii.gz`.
    var make: @Sendable (TemporaryFolder) throws -> Void = { _ in }
    var options: [String] = []
    let status: Int32
    let words: [String]
    var testDescription: String { name }
  }

  private static func scan() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let phantom = try PhantomScan.shared.get()
    for (file, name) in [
      (phantom.image, "dwi.nii.gz"), (phantom.bValues, "dwi.bval"), (phantom.lesions, "les.nii.gz"),
    ] { try FileManager.default.copyItem(at: file, to: folder.file(name)) }
    return folder
  }

  private static func labels(_ folder: TemporaryFolder) throws -> LabelImage {
    try LabelImage.read(folder.file("les.nii.gz"))
  }

  /// The labels of the scan at another place, as `own.nii.gz`.
  private static func move(_ folder: TemporaryFolder, _ affine: (Affine) -> Affine) throws {
    let labels = try labels(folder)
    let grid = Grid(shape: labels.grid.shape, affine: affine(labels.grid.affine))
    try LabelImage(grid: grid, labels: labels.labels).write(to: folder.file("own.nii.gz"))
  }

  /// The labels as numbers, as `own.nii.gz`.
  private static func store(
    _ folder: TemporaryFolder, volumes: Int = 1, _ value: (Int32) -> Float
  ) throws {
    let labels = try labels(folder)
    let values = labels.labels.map(value)
    try NIfTIImage(
      grid: labels.grid, volumeCount: volumes, values: (0..<volumes).flatMap { _ in values }
    ).writeFloat32(to: folder.file("own.nii.gz"))
  }

  private static func bValues(_ text: String) -> @Sendable (TemporaryFolder) throws -> Void {
    { folder in try Data(text.utf8).write(to: folder.file("dwi.bval")) }
  }

  private static let own = ["--lesions", "own.nii.gz"]
  private static let lesions = ["--lesions", "les.nii.gz"]

  static let places = [
    Example(
      name: "labels moved by more than half a voxel",
      make: { try move($0) { Affine(x: $0.x, y: $0.y, z: $0.z, origin: $0.origin + SIMD3(3, 0, 0)) } },
      options: own, status: 65,
      words: ["own.nii.gz", "in doubt", "3 mm", "--place same-grid", "--place scanner"]),
    Example(
      name: "labels moved, by order taken as stored",
      make: { try move($0) { Affine(x: $0.x, y: $0.y, z: $0.z, origin: $0.origin + SIMD3(3, 0, 0)) } },
      options: own + ["--place", "same-grid"], status: 0, words: ["2 lesions"]),
    Example(
      name: "labels moved, by order where the affine says",
      make: { try move($0) { Affine(x: $0.x, y: $0.y, z: $0.z, origin: $0.origin + SIMD3(2, 0, 0)) } },
      options: own + ["--place", "scanner"], status: 0, words: ["on another grid"]),
    Example(
      name: "labels with an identity affine",
      make: { try move($0) { _ in .scaling([1, 1, 1]) } }, options: own, status: 65,
      words: ["in doubt", "mm"]),
    Example(
      name: "labels a tenth of a voxel away",
      make: { try move($0) { Affine(x: $0.x, y: $0.y, z: $0.z, origin: $0.origin + SIMD3(0.2, 0, 0)) } },
      options: own, status: 0, words: ["on another grid"]),
    Example(
      name: "a mask of another place",
      make: { try move($0) { _ in .scaling([1, 1, 1]) } }, options: ["--mask", "own.nii.gz"], status: 65,
      words: ["own.nii.gz", "in doubt"]),
    Example(
      name: "a noise map of another place",
      make: { try move($0) { _ in .scaling([1, 1, 1]) } }, options: lesions + ["--sigma", "own.nii.gz"],
      status: 65,
      words: ["own.nii.gz", "in doubt"]),
    Example(
      name: "a label that vanishes on a coarser grid",
      make: { folder in
        let grid = Grid(shape: [32, 32, 2], affine: .scaling([0.5, 0.5, 5]))
        var labels = [Int32](repeating: 0, count: grid.voxelCount)
        for x in 4..<12 { for y in 4..<12 { labels[grid.index(x: x, y: y, z: 0)] = 1 } }
        labels[grid.index(x: 21, y: 21, z: 0)] = 2
        try LabelImage(grid: grid, labels: labels).write(to: folder.file("own.nii.gz"))
      }, options: own, status: 65, words: ["label 2 (1 voxels", "has no voxel"]),
    Example(
      name: "same grid of another shape",
      make: { folder in
        try LabelImage(
          grid: Grid(shape: [4, 4, 2], affine: .scaling([2, 2, 5])), labels: (0..<32).map { _ in 1 }
        )
        .write(to: folder.file("own.nii.gz"))
      }, options: own + ["--place", "same-grid"], status: 65, words: ["4 × 4 × 2", "8 × 8 × 2"]),
    Example(
      name: "a place that is no choice", options: lesions + ["--place", "mni"], status: 64,
      words: ["--place", "scanner, same-grid"]),
  ]

  static let forms = [
    Example(
      name: "labels with NaN outside", make: { try store($0) { $0 == 0 ? .nan : Float($0) } }, options: own,
      status: 0,
      words: ["2 lesions"]),
    Example(
      name: "labels near whole numbers", make: { try store($0) { Float($0) + 0.004 } }, options: own,
      status: 0,
      words: ["2 lesions"]),
    Example(
      name: "labels that are fractions", make: { try store($0) { Float($0) * 0.5 } }, options: own,
      status: 65,
      words: ["not a whole number"]),
    Example(
      name: "labels that single precision would merge",
      make: { folder in
        let labels = try labels(folder)
        try LabelImage(grid: labels.grid, labels: labels.labels.map { $0 == 0 ? 0 : 16_777_215 + $0 })
          .write(to: folder.file("own.nii.gz"))
      }, options: own, status: 0, words: ["2 lesions"]),
    Example(
      name: "overlapping segments", make: { try store($0, volumes: 2) { Float($0) } }, options: own,
      status: 65,
      words: ["overlap", "one label map"]),
    Example(
      name: ".bvals beside the image",
      make: { try FileManager.default.moveItem(at: $0.file("dwi.bval"), to: $0.file("dwi.bvals")) },
      options: lesions, status: 0, words: ["2 lesions"]),
    Example(
      name: "no b-values", make: { try FileManager.default.removeItem(at: $0.file("dwi.bval")) },
      options: lesions,
      status: 66, words: ["dwi.bval", "--bval"]),
    Example(
      name: "two masks",
      make: { folder in
        let labels = try labels(folder)
        for label in [Int32(1), 2] {
          try LabelImage(grid: labels.grid, labels: labels.labels.map { $0 == label ? 1 : 0 })
            .write(to: folder.file("m\(label).nii.gz"))
        }
      }, options: ["--lesions", "m1.nii.gz", "m2.nii.gz"], status: 0, words: ["2 lesions"]),
    Example(
      name: "two masks that overlap",
      make: { folder in
        for name in ["m1", "m2"] {
          try FileManager.default.copyItem(at: folder.file("les.nii.gz"), to: folder.file("\(name).nii.gz"))
          let labels = try labels(folder)
          try LabelImage(grid: labels.grid, labels: labels.labels.map { min($0, 1) })
            .write(to: folder.file("\(name).nii.gz"))
        }
      }, options: ["--lesions", "m1.nii.gz", "m2.nii.gz"], status: 65, words: ["m2.nii.gz", "overlaps"]),
    Example(
      name: "several lesion files of several labels", options: ["--lesions", "les.nii.gz", "les.nii.gz"],
      status: 65,
      words: ["2 labels", "one mask for each lesion"]),
    Example(
      name: "an option of one value given twice", options: lesions + ["--seed", "1", "--seed", "2"],
      status: 64,
      words: ["--seed", "given 2 times"]),
    Example(
      name: "an option of one value given twice, with an equals sign",
      options: lesions + ["--tissue=lung-tumour", "--tissue", "liver"], status: 64,
      words: ["--tissue", "2 times"]),
  ]

  static let numbers = [
    Example(
      name: "b-values in ms/µm²", make: bValues("0 0.01 0.02 0.03 0.05 0.08 0.1 0.2 0.4 0.6 0.8 1\n"),
      options: lesions,
      status: 65, words: ["dwi.bval", "Multiply by 1000"]),
    Example(
      name: "b-values in s/m²",
      make: bValues("0 1e7 2e7 3e7 5e7 8e7 1e8 2e8 4e8 6e8 8e8 1e9\n"), options: lesions, status: 65,
      words: ["dwi.bval, entry 2", "Multiply by 1e-6"]),
    Example(
      name: "a negative b-value", make: bValues("0 -10 20 30 50 80 100 200 400 600 800 1000\n"),
      options: lesions,
      status: 65, words: ["entry 2"]),
    Example(
      name: "volumes beyond --b-max", make: bValues("0 10 20 30 50 80 100 200 400 600 1500 2000\n"),
      options: lesions,
      status: 0, words: ["left out: b = 1500, 2000 s/mm2 (2 measurements)"]),
    Example(
      name: "a shell that the scanner scattered",
      make: bValues("0 10 20 30 50 80 100 200 400 600 995 1008\n"),
      options: lesions, status: 0, words: ["b = 0 to 1008"]),
    Example(
      name: "nothing left below --b-max",
      make: bValues("0 1500 1500 1500 1500 1500 1500 1500 1500 1500 1500 1500\n"), options: lesions,
      status: 65,
      words: ["fewer than two b-values", "--b-max"]),
    Example(
      name: "two b-values", make: bValues("0 0 0 0 0 0 800 800 800 800 800 800\n"), options: lesions,
      status: 65,
      words: ["2 different b-values cannot determine the 4 parameters", "--model monoexponential"]),
    Example(
      name: "two b-values for ADC", make: bValues("0 0 0 0 0 0 800 800 800 800 800 800\n"),
      options: lesions + ["--model", "monoexponential"], status: 0, words: ["2 lesions"]),
    Example(
      name: "one b-value", make: bValues("0 0 0 0 0 0 0 0 0 0 0 0\n"), options: lesions, status: 65,
      words: ["nothing varies"]),
    Example(
      name: "three b-values once, noise unknown",
      make: bValues("0 200 800 1500 1500 1500 1500 1500 1500 1500 1500 1500\n"),
      options: lesions, status: 65, words: ["--sigma"]),
    Example(
      name: "three b-values once, noise known",
      make: bValues("0 200 800 1500 1500 1500 1500 1500 1500 1500 1500 1500\n"),
      options: lesions + ["--sigma", "16"], status: 0, words: ["what the data leave open is the prior's"]),
    Example(
      name: "averages under noncentral chi noise",
      make: { _ = try $0.write("2 2 2 2 2 2 2 2 2 2 2 2\n", as: "nex") },
      options: lesions + ["--noise", "noncentral-chi", "--coils", "8", "--averages", "nex"], status: 65,
      words: ["2 averages", "noncentral chi", "--noise rician"]),
    Example(
      name: "negative magnitudes, few",
      make: { folder in
        var image = try NIfTIImage.read(folder.file("dwi.nii.gz"))
        let labels = try labels(folder)
        let voxel = labels.labels.firstIndex(of: 1) ?? 0
        image.values[voxel + 11 * image.grid.voxelCount] = -5
        try image.writeFloat32(to: folder.file("dwi.nii.gz"))
      }, options: lesions + ["--noise", "rician", "--prior", "independent"], status: 0,
      words: ["1 voxels hold negative values", "1 of its"]),
    Example(
      name: "negative magnitudes, most",
      make: { folder in
        var image = try NIfTIImage.read(folder.file("dwi.nii.gz"))
        for voxel in 0..<image.grid.voxelCount { image.values[voxel + 11 * image.grid.voxelCount] = -5 }
        try image.writeFloat32(to: folder.file("dwi.nii.gz"))
      }, options: lesions + ["--noise", "rician"], status: 65,
      words: ["hold negative values", "--noise gaussian"]),
    Example(
      name: "two series joined with different scaling",
      make: { folder in
        var image = try NIfTIImage.read(folder.file("dwi.nii.gz"))
        for index in (6 * image.grid.voxelCount)..<image.values.count { image.values[index] *= 1.2 }
        for voxel in 0..<image.grid.voxelCount {
          image.values[voxel + 6 * image.grid.voxelCount] = 1.2 * image.values[voxel]
        }
        try image.writeFloat32(to: folder.file("dwi.nii.gz"))
        try bValues("0 10 20 30 50 80 0 200 400 600 800 1000\n")(folder)
      }, options: lesions, status: 0, words: ["differ by 20 %", "different scaling"]),
    Example(
      name: "the first line", options: lesions, status: 0,
      words: [
        "taken for granted: priors of lung-tumour (the default", "Gaussian noise (the default)",
        "12 measurements",
        "2 lesions", "expected: ",
      ]),
    Example(
      name: "the whole image", options: lesions + ["--whole-image"], status: 0,
      words: ["whole image: ", "128 voxels"]),
  ]

  private static func check(_ example: Example, arguments: [String]) throws {
    let folder = try scan()
    try example.make(folder)
    let outcome = try Command.run(
      arguments + example.options + ["--out", "run", "--draws", "40", "--threads", "1"], in: folder.url)
    #expect(outcome.status == example.status, "\(outcome.errors)")
    for words in example.words { #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)") }
    if example.status != 0 { #expect(!FileManager.default.fileExists(atPath: folder.file("run").path)) }
  }

  @Test(arguments: places) func `Where masks, labels and maps lie is checked`(_ example: Example) throws {
    try Self.check(example, arguments: ["fit", "ivim", "dwi.nii.gz"])
  }

  @Test(arguments: forms) func `Everyday forms of labels and b-values are read, or refused with their cause`(
    _ example: Example
  ) throws {
    try Self.check(example, arguments: ["fit", "ivim", "dwi.nii.gz"])
  }

  @Test(arguments: numbers) func `Numbers are held to what they can be, and what is left out is said`(
    _ example: Example
  ) throws {
    try Self.check(example, arguments: ["fit", "ivim", "dwi.nii.gz"])
  }

  @Test func `Lesions alone are fitted unless the whole image is asked for`() throws {
    let folder = try Self.scan()
    for (options, isOutside) in [([], false), (["--whole-image"], true)] {
      let out = "run-\(options.count)"
      try Command.succeed(
        ["fit", "ivim", "dwi.nii.gz", "--lesions", "les.nii.gz", "--engine", "least-squares", "--out", out]
          + options,
        in: folder.url)
      let labels = try Self.labels(folder)
      let map = try NIfTIImage.read(folder.file("\(out)/dwi_model-ivim_param-d_desc-estimate_dwimap.nii.gz"))
      let outside = map.values.indices.contains { labels.labels[$0] == 0 && map.values[$0].isFinite }
      #expect(outside == isOutside)
    }
  }

  @Test func `Lesion values of least squares are arithmetic, and leave out what ran to a bound`() throws {
    let folder = try Self.scan()
    var image = try NIfTIImage.read(folder.file("dwi.nii.gz"))
    let labels = try Self.labels(folder)
    let voxel = try #require(labels.labels.firstIndex(of: 1))
    // Nothing decays: D runs to zero.
    for volume in 0..<image.volumeCount {
      image.values[voxel + volume * image.grid.voxelCount] = 1000 + Float(volume % 2)
    }
    try image.writeFloat32(to: folder.file("dwi.nii.gz"))
    try Command.succeed(
      ["fit", "ivim", "dwi.nii.gz", "--lesions", "les.nii.gz", "--engine", "least-squares", "--model"]
        + ["monoexponential", "--out", "run"], in: folder.url)
    let run = FinishedRun(folder.file("run"), stem: "dwi")
    let table = try run.lesionTable()
    let (parameters, functionals) = (try table.strings("parameter"), try table.strings("functional"))
    let row = try #require(parameters.indices.first { parameters[$0] == "adc" && functionals[$0] == "mean" })
    let bound = try table.integers("at_bound")[row]
    let map = try NIfTIImage.read(folder.file("run/dwi_model-ivim_param-adc_desc-estimate_dwimap.nii.gz"))
    let inside = map.values.indices.filter { labels.labels[$0] == 1 }.map { Double(map.values[$0]) }
    let usable = inside.filter { (1e-5...2e-2).contains($0) }
    #expect(bound == 1 && usable.count == inside.count - 1)
    let mean = usable.reduce(0, +) / Double(usable.count)
    #expect(try abs(table.numbers("estimate")[row] - mean) < 1e-5 * mean)
  }
}
