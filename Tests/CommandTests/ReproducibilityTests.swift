import Foundation
import TestSupport
import Testing

/// Equal inputs, options and seed give equal bytes.
@Suite struct ReproducibilityTests {
  /// The files of a fit of the phantom's lesions with `options`, all but the timing.
  static func contents(_ options: [String]) throws -> [String: Data] {
    let folder = try TemporaryFolder()
    let run = FinishedRun(folder.file("run"))
    let scan = try PhantomScan.shared.get()
    try Command.succeed(scan.lesionFit(into: run.folder) + ["--draws", "120", "--quiet"] + options)
    return try run.reproducibleContents()
  }

  @Test func `Maps, tables, draws and run file are the same for 1, 2 and 8 threads and from the run file`()
    throws
  {
    let folder = try TemporaryFolder()
    let scan = try PhantomScan.shared.get()
    let options = [
      "--seed", "7", "--rng", "taus2", "--tissue", "liver", "--b-max", "800", "--sigma-pooling", "2",
    ]
    let first = FinishedRun(folder.file("first"))
    try Command.succeed(
      scan.lesionFit(into: first.folder) + ["--draws", "120", "--quiet", "--threads", "1"] + options)
    let expected = try first.reproducibleContents()
    #expect(expected.keys.filter { $0.hasSuffix(".nii.gz") }.count == 50)
    #expect(expected["sub-phantom_draws.nc"] != nil && expected["sub-phantom_lesions.tsv"] != nil)
    for threads in ["2", "8"] {
      #expect(try Self.contents(options + ["--threads", threads]) == expected, "\(threads) threads")
    }
    let repeated = FinishedRun(folder.file("repeated"))
    try Command.succeed(
      scan.lesionFit(into: repeated.folder) + ["--quiet", "--config", first.file("_run.json").path])
    #expect(try repeated.reproducibleContents() == expected)
  }

  @Test func `Another seed, and each generator, give other draws of the same posterior`() throws {
    let folder = try TemporaryFolder()
    let scan = try PhantomScan.shared.get()
    let choices = [
      ["--seed", "1"], ["--seed", "2"], ["--rng", "mt19937"], ["--rng", "ranlxd2"], ["--rng", "taus2"],
    ]
    var draws: Set<Data> = []
    var means: [[Double]] = []
    var errors: [Double] = []
    for (index, choice) in choices.enumerated() {
      let run = FinishedRun(folder.file("run\(index)"))
      try Command.succeed(scan.lesionFit(into: run.folder) + ["--quiet"] + choice)
      draws.insert(try Data(contentsOf: run.file("_draws.nc")))
      means.append(try run.lesions("d", "mean", "mean"))
      errors = try run.lesions("d", "mean", "mcse_mean")
    }
    #expect(draws.count == choices.count)
    for other in means.dropFirst() {
      for (lesion, mean) in other.enumerated() {
        // 8 comparisons at 6 joint standard errors: a false alarm once in 10⁸ seeds.
        #expect(abs(mean - means[0][lesion]) < 6 * 2.0.squareRoot() * errors[lesion])
      }
    }
  }

  @Test func `A simulated scan is the same for the same seed and another for another`() throws {
    let folder = try TemporaryFolder()
    let plan = try folder.write(PhantomScan.plan, as: "plan.json")
    let images = try ["3", "3", "4"].enumerated().map { index, seed in
      let out = folder.file("phantom\(index)")
      try Command.succeed(["simulate", "phantom", "--plan", plan.path, "--seed", seed, "--out", out.path])
      return try Data(contentsOf: out.appending(path: "sub-phantom/dwi/sub-phantom_dwi.nii.gz"))
    }
    #expect(images[0] == images[1] && images[0] != images[2])
  }
}
