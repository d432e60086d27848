internal import Diagnostics
internal import Foundation
internal import Lesions
internal import NIfTI

/// A simulated scan fitted again, and what its truth was.
extension RescannedVisit {
  /// By how much the medians of every lesion miss the truth, on the axes, in one simulated scan fitted with the options of
  /// the run; by lesion and parameter.
  func refit(levels: [[LesionParameter: Double]], replicate: Int, seed: UInt64, threads: Int)
    async throws(RunError) -> [Key: Double]
  {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "ivimbayes-design-bias-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let tissue = self.tissue(levels: levels, replicate: replicate)
    let files: FitFiles
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      files = try write(signals(of: tissue, replicate: replicate, seed: seed), into: folder)
    } catch { throw RunError(error) }
    var configuration = record.configuration
    (configuration.excludeVolumes, configuration.excludeFlagged) = ([], false)
    (configuration.directions, configuration.saveDraws) = ("separate", "lesions")
    configuration.sensitivity = false
    if configuration.method != nil { configuration.settings = record.settings }
    configuration.seed = seed &+ UInt64(replicate)
    _ = try await Fit(files, configuration, threads: threads).run()
    let fitted = try VisitRun(files.output)
    var errors: [Key: Double] = [:]
    for lesion in labels.indices {
      guard let label = labels[lesion], let index = fitted.index(of: label) else { continue }
      for parameter in run.modality.parameters {
        guard let draws = fitted.draws(parameter, .mean, lesion: index),
          let truth = truth(parameter, lesion, of: tissue)
        else { continue }
        let place = parameter.scale.axis(draws.sorted().quantile(0.5))
        errors[Key(lesion: lesion, parameter: parameter)] = place - truth
      }
    }
    return errors
  }

  /// The true mean of a lesion on the axis: of the ADC that of its noiseless signals; nil for what is not simulated.
  private func truth(
    _ parameter: LesionParameter, _ lesion: Int, of tissue: [LesionParameter: [Double]]
  ) -> Double? {
    let members = voxels.indices.filter { voxels[$0].lesion == lesion }
    let values = members.compactMap { value(parameter, of: tissue, voxel: $0) }
    guard !values.isEmpty, values.count == members.count else { return nil }
    return parameter.scale.axis(LesionFunctional.all(of: values, scale: parameter.scale)[0])
  }

  private func value(
    _ parameter: LesionParameter, of tissue: [LesionParameter: [Double]], voxel: Int
  ) -> Double? {
    if let values = tissue[parameter] { return values[voxel] }
    guard let d = tissue[.diffusion]?[voxel], let f = tissue[.perfusionFraction]?[voxel],
      let dstar = tissue[.pseudoDiffusion]?[voxel]
    else { return nil }
    switch parameter {
    case .perfusionProduct: return f * dstar
    case .apparentDiffusion:
      let range = record.configuration.adcRange
      var mixture = SimulatedTissue()
      (mixture.d, mixture.f, mixture.dstar) = (d, f, max(dstar, 1.05 * d))
      return NoiselessADC(bValues: record.settings, range: range[0]...max(range[0], range[1]))
        .value(of: mixture)
    default: return nil
    }
  }

  /// The scan as files that `fit` reads.
  private func write(_ signals: [Float], into folder: URL) throws -> FitFiles {
    let volumes = record.settings.count
    var image = [Float](repeating: 0, count: grid.voxelCount * volumes)
    var labels = [Int32](repeating: 0, count: grid.voxelCount)
    for (voxel, entry) in voxels.enumerated() where entry.lesion >= 0 {
      let index = entry.place[0] + grid.shape[0] * (entry.place[1] + grid.shape[1] * entry.place[2])
      labels[index] = Int32(entry.label)
      for volume in 0..<volumes {
        image[volume * grid.voxelCount + index] = signals[volume * voxels.count + voxel]
      }
    }
    var files = FitFiles(
      input: folder.appending(path: "scan.nii.gz"), output: folder.appending(path: "fit"))
    try NIfTIImage(grid: grid, volumeCount: volumes, values: image).writeFloat32(to: files.input)
    let lesions = folder.appending(path: "lesions.nii.gz")
    try LabelImage(grid: grid, labels: labels).write(to: lesions)
    (files.lesions, files.mask) = (lesions, lesions)
    let priors = folder.appending(path: "priors.json")
    try AtomicFile.write(record.priors, to: priors)
    files.priors = priors
    func list(_ numbers: [Double], _ name: String) throws -> URL {
      let file = folder.appending(path: name)
      try AtomicFile.write(numbers.map { "\($0)" }.joined(separator: " ") + "\n", to: file)
      return file
    }
    if run.modality == .ivim {
      files.bValues = try list(record.settings, "scan.bval")
      if !record.averages.isEmpty { files.averages = try list(record.averages, "averages.txt") }
    }
    return files
  }
}
