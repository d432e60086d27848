internal import Acquisitions
internal import Foundation
internal import NIfTI
internal import Posteriors

extension FitInputs {
  static func priorNotices(_ priors: TissuePriors) -> [String] {
    priors.defaulted.isEmpty
      ? [] : ["priors: \(priors.defaulted.joined(separator: ", ")) taken from lung-tumour"]
  }

  /// σ from the command line, or from a map by world coordinates.
  static func knownSigma(_ files: FitFiles, _ configuration: FitConfiguration, grid: Grid) throws
    -> KnownSigma?
  {
    if let file = files.sigma {
      let map = try Self.map(file, on: grid, configuration)
      guard map.contains(where: { $0.isFinite && $0 > 0 }) else {
        throw RunError(
          .badInput, at: file.relativePath, "the noise map does not overlap the image",
          advice: "Check that both are of the same session")
      }
      let known = map.filter { $0.isFinite && $0 > 0 }.sorted()
      let typical = known[known.count / 2]
      return .map(.grid(map.map { $0.isFinite && $0 > 0 ? $0 : typical }))
    }
    return configuration.sigma.map { .value($0) }
  }

  /// A map of the scan, interpolated onto its grid as `--place` says; NaN where it does not reach.
  static func map(_ file: URL, on grid: Grid, _ configuration: FitConfiguration) throws -> [Float] {
    let image = try NIfTIImage.read(file)
    guard image.volumeCount == 1 else {
      throw RunError(
        .badInput, at: file.relativePath, "a map has one volume, and this image has \(image.volumeCount)",
        advice: "Give the volume that holds the map")
    }
    let place = try Placement.grid(of: file, image.grid, on: grid, configuration.matching)
    return NIfTIImage(grid: place, values: image.values).interpolated(onto: grid)
  }

  static func priors(_ files: FitFiles, _ configuration: FitConfiguration) throws -> TissuePriors {
    if files.priors == nil, let priors = configuration.priors { return priors }
    return try TissuePriors.chosen(configuration.tissue, file: files.priors)
  }

  static func selection(_ files: FitFiles, _ configuration: FitConfiguration) throws
    -> DiffusionSelection
  {
    guard let directions = DirectionPooling(rawValue: configuration.directions) else {
      let names = DirectionPooling.allCases.map(\.rawValue).joined(separator: ", ")
      throw RunError(
        .usage, at: "--directions", "there is no pooling \"\(configuration.directions)\"",
        advice: "Choose one of \(names)")
    }
    return DiffusionSelection(
      lowestB: configuration.bMin, highestB: configuration.bMax,
      exclusions: try VolumeExclusions(parsing: configuration.excludeVolumes),
      averages: try files.averages.map { try DiffusionSelection.readAverages($0) }, directions: directions)
  }
}
