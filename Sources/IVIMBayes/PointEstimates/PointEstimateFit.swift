internal import Foundation
internal import Lesions

/// Least squares in every voxel and lesion of a scan.
struct PointEstimateFit {
  let inputs: FitInputs
  let configuration: FitConfiguration
  let threads: Int
  let progress: ProgressMeter
  let files: FitFiles

  /// Voxels of one task.
  private static var tileSize: Int { 64 }

  private static let advice =
    "point estimates by least squares: priors and noise models are not used, nothing is sampled"

  /// Fits everything and writes the output folder.
  func write(
    into folder: OutputFolder, digests: [String: String], clock: RunClock, notice: (String) -> Void
  ) async throws -> FitReport {
    notice(Self.advice)
    let record = FitRecord(
      inputs: inputs, configuration: configuration,
      notices: (inputs.notices + [Self.advice]).map(files.withoutFolders), digests: digests,
      images: try files.imageDigests())
    return try PointEstimateWriter(
      stem: files.stem, inputs: inputs, estimates: try await run(), record: record
    ).write(into: folder, clock: clock)
  }

  func run() async throws -> PointEstimates {
    var lesions: [[VoxelEstimate]] = []
    for entry in inputs.lesions {
      lesions.append(try await estimates(entry.lesion.rows, of: entry.series))
    }
    let quantities = try model(of: inputs.series).quantities
    return PointEstimates(
      quantities: quantities, lesions: lesions,
      background: try await estimates(inputs.background, of: inputs.series))
  }

  private func model(of series: FitSeries) throws(RunError) -> PointModel {
    if let scan = inputs.t1 { return try .t1(series, scan: scan, configuration: configuration) }
    return .diffusion(
      series, adc: try configuration.adcSettings(of: series, place: files.input.relativePath),
      isMonoexponential: configuration.model == "monoexponential")
  }

  private func estimates(_ rows: [Int], of series: FitSeries) async throws -> [VoxelEstimate] {
    let model = try model(of: series)
    let tiles = stride(from: 0, to: rows.count, by: Self.tileSize).map {
      Array(rows[$0..<min($0 + Self.tileSize, rows.count)])
    }
    let progress = progress
    let found = try await concurrentMap(tiles, threads: threads) { tile in
      let estimates = tile.map { row in
        model.estimate(series.settings.indices.map { Double(series.signals[row, $0]) }, row)
      }
      progress.add(tile.count)
      return estimates
    }
    return found.flatMap { $0 }
  }
}

/// Point estimates of a whole scan.
struct PointEstimates: Sendable {
  let quantities: [Quantity]
  /// `[lesion][row of the lesion]`.
  let lesions: [[VoxelEstimate]]
  /// In the order of the background's rows.
  let background: [VoxelEstimate]

  /// Curves for which least squares did not settle.
  var missingCount: Int {
    lesions.reduce(background.count { !$0.isFound }) { $0 + $1.count { !$0.isFound } }
  }
}
