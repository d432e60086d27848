import Foundation
import NIfTI
import TestSupport
import Testing

/// Fits of real scans, whole, with the default sampling.
@Suite(
  .enabled(if: Folders.scans != nil, "the folder of real scans is absent: see IVIMBAYES_DATA"),
  .enabled(if: Optimization.isOn, "thousands of voxels need a release build"))
struct RealScansTests {
  @Test
  func `Prostate: D and ADC are lowest in the tumour, then in hyperplasia, then in the peripheral zone`()
    throws
  {
    let scan = try #require(Folders.scans).appending(path: "ivim-prostate-3t")
    let folder = try TemporaryFolder()
    var merged: LabelImage?
    for (label, region) in ["tumor", "bph", "pz"].enumerated() {
      let roi = try LabelImage.read(scan.appending(path: "roi_\(region).nii.gz"))
      var labels = merged ?? LabelImage(grid: roi.grid, labels: roi.labels.map { _ in 0 })
      for index in roi.labels.indices where roi.labels[index] != 0 { labels.labels[index] = Int32(label + 1) }
      merged = labels
    }
    let lesions = folder.file("lesions.nii.gz")
    try #require(merged).write(to: lesions)
    let names = try folder.write("index\tname\n1\ttumour\n2\tBPH\n3\tPZ\n", as: "names.tsv")
    let run = FinishedRun(folder.file("run"), stem: "dwi")
    try Command.succeed([
      "fit", "ivim", scan.appending(path: "dwi.nii.gz").path, "--b-max", "1000", "--mask", lesions.path,
      "--lesions", lesions.path, "--lesion-names", names.path, "--prior", "independent", "--quiet", "--out",
      run.folder.path,
    ])
    for parameter in ["d", "adc"] {
      let medians = try run.lesions(parameter)
      #expect(
        medians.count == 3 && medians[0] < medians[1] && medians[1] < medians[2], "\(parameter): \(medians)")
    }
    // Joined lesions: Tests/Long/prostate.sh. Least squares on the same voxels (README of the data); fits of log signals,
    // which weigh low b-values less.
    for (found, expected) in zip(try run.lesions("adc"), [1.21e-3, 1.81e-3, 2.01e-3]) {
      #expect(isClose(found, expected, relative: 0.15))
    }
  }

  @Test func `Spinal cord: D correlates above 0.9 with the authors' map where their fit is good`() throws {
    let scan = try #require(Folders.scans).appending(path: "ivim-cord-7t")
    let folder = try TemporaryFolder()
    let run = FinishedRun(folder.file("run"), stem: "dwi_rl")
    try Command.succeed([
      "fit", "ivim", scan.appending(path: "dwi_rl.nii.gz").path, "--mask",
      scan.appending(path: "mask.nii.gz").path,
      "--tissue", "generic", "--quiet", "--out", run.folder.path,
    ])
    let goodness = try NIfTIImage.read(scan.appending(path: "authors_r2_goodness.nii.gz")).values
    let authors = try NIfTIImage.read(scan.appending(path: "authors_D.nii.gz")).values
    let ours = try run.map("d", "median").values
    let voxels = ours.indices.filter { goodness[$0] > 0.9 && ours[$0].isFinite }
    #expect(voxels.count > 1000)
    let r = correlation(voxels.map { Double(ours[$0]) }, voxels.map { Double(authors[$0]) })
    #expect(r > 0.9, "r = \(r)")
  }

  private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let count = Double(a.count)
    let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
    let products = zip(a, b).map {
      (($0 - meanA) * ($1 - meanB), ($0 - meanA) * ($0 - meanA), ($1 - meanB) * ($1 - meanB))
    }
    let sums = products.reduce((0, 0, 0)) { ($0.0 + $1.0, $0.1 + $1.1, $0.2 + $1.2) }
    return sums.0 / (sums.1 * sums.2).squareRoot()
  }
}
