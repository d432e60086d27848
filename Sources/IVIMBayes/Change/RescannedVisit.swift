internal import Acquisitions
internal import Diagnostics
internal import Foundation
internal import GSLSupport
internal import LaneMath
internal import Lesions
internal import NIfTI
internal import Reporting
internal import SignalModels

/// A visit that can be scanned again in simulation: its joint voxel draws, its protocol and its options.
struct RescannedVisit {
  private let run: VisitRun
  private let record: RunRecord
  private let posterior: DrawsGroup
  /// The label of every matched lesion at this visit.
  private let labels: [String?]
  /// Every voxel of the draws: its matched lesion (−1 for none), its label, and where it lies.
  private let voxels: [(lesion: Int, label: Int, place: [Int])]
  private let grid: Grid
  private let draws: [LesionParameter: [Double]]
  private let amplitudes: [Double]
  private let deviations: [Double]

  /// - `matches`: the label of every matched lesion at this visit.
  /// - Throws: status 65 if the run cannot be simulated, with what it lacks.
  init(_ run: VisitRun, matches: [String?]) throws(RunError) {
    func lacking(_ what: String) -> RunError {
      RunError(
        .badInput, at: run.folder.folder.relativePath, what, advice: "Everything else about the change stands"
      )
    }
    self.run = run
    record = try RunRecord(run.folder)
    let file: DrawsFile
    do {
      file = try DrawsFile(contentsOf: run.folder.file("_draws.nc"), groups: ["posterior", "constant_data"])
    } catch { throw lacking("its draws do not say where the voxels are") }
    posterior = file.groups[0]
    func integers(_ name: String) -> [Int] {
      file.groups[1].variable(name)?.values.doubles?.map { Int($0) } ?? []
    }
    let (labels, i, j, k) = (
      integers("voxel_lesion"), integers("voxel_i"), integers("voxel_j"), integers("voxel_k")
    )
    guard !labels.isEmpty, i.count == labels.count, !record.isTable, !record.configuration.roiMean else {
      throw lacking("it has no voxels to simulate")
    }
    self.labels = matches
    voxels = labels.indices.map { voxel in
      (
        matches.firstIndex { $0 == "\(labels[voxel])" } ?? -1, labels[voxel], [i[voxel], j[voxel], k[voxel]]
      )
    }
    var draws: [LesionParameter: [Double]] = [:]
    for parameter in run.modality.simulated {
      guard let values = posterior.variable(parameter.rawValue)?.values.doubles else {
        throw lacking("it kept no voxel draws of \(parameter.rawValue)")
      }
      draws[parameter] = values
    }
    guard let amplitudes = posterior.variable("s0")?.values.doubles,
      let deviations = posterior.variable("sigma")?.values.doubles
    else { throw lacking("it kept no voxel draws of s0 and sigma") }
    (self.draws, self.amplitudes, self.deviations) = (draws, amplitudes, deviations)
    let shape = [i, j, k].map { ($0.max() ?? 0) + 1 }
    let affine = run.folder.mappedParameters().first.flatMap { try? run.folder.map($0, "median") }?.grid
      .affine
    grid = Grid(shape: shape, affine: affine ?? .scaling([1, 1, 1]))
    if run.t1Method == .variableFlipAngle, record.configuration.repetitionTime == nil {
      throw lacking("the repetition time is not in its record")
    }
  }

  /// The posterior median of a lesion's mean on the axis; nil if the lesion is not in the run.
  func level(_ parameter: LesionParameter, _ lesion: Int) -> Double? {
    guard let label = labels[lesion], let index = run.index(of: label),
      let draws = run.draws(parameter, .mean, lesion: index)
    else { return nil }
    return parameter.scale.axis(draws.sorted().quantile(0.5))
  }

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

  /// One parameter of one matched lesion.
  struct Key: Hashable {
    let lesion: Int
    let parameter: LesionParameter
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

  /// The tissue of every voxel: one joint draw, moved on the axes until its lesions have the common levels.
  private func tissue(levels: [[LesionParameter: Double]], replicate: Int) -> [LesionParameter: [Double]] {
    let start = place(ofReplicate: replicate)
    var tissue: [LesionParameter: [Double]] = [:]
    for (parameter, values) in draws {
      var places = values[start..<start + voxels.count].map(parameter.scale.axis)
      for lesion in labels.indices {
        let members = voxels.indices.filter { voxels[$0].lesion == lesion }
        guard let level = levels[lesion][parameter], !members.isEmpty else { continue }
        let mean = members.map { places[$0] }.mean
        for member in members { places[member] += level - mean }
      }
      tissue[parameter] = places.map(parameter.scale.value)
    }
    return tissue
  }

  /// Where the joint draw of a replicate begins: draws spread evenly over all chains.
  private func place(ofReplicate replicate: Int) -> Int {
    replicate * run.drawCount / (2 * DesignBias.replicates) * voxels.count
  }

  /// The signals of every voxel and volume, voxels fastest.
  private func signals(of tissue: [LesionParameter: [Double]], replicate: Int, seed: UInt64) -> [Float] {
    let start = place(ofReplicate: replicate)
    let averages = record.averages.isEmpty ? record.settings.map { _ in 1.0 } : record.averages
    var stream = RandomStream(StreamKey(seed: seed, unit: replicate, purpose: .simulation))
    var values = [Float](repeating: 0, count: voxels.count * record.settings.count)
    let shape = curve()
    for voxel in voxels.indices {
      let amplitude = amplitudes[start + voxel]
      for (volume, g) in shape(tissue, voxel).enumerated() {
        let sigma = deviations[start + voxel] / averages[volume].squareRoot()
        let real = amplitude * g + sigma * stream.normal()
        let other = record.fingerprint.noise == "gaussian" ? 0 : sigma * stream.normal()
        values[volume * voxels.count + voxel] =
          Float(record.fingerprint.noise == "gaussian" ? real : (real * real + other * other).squareRoot())
      }
    }
    return values
  }

  /// The noiseless signal of a voxel relative to its amplitude, at every setting.
  private func curve() -> ([LesionParameter: [Double]], Int) -> [Double] {
    func evaluate(_ shape: some SignalShape, _ eta: [Double]) -> [Double] {
      var signal = [Double](repeating: 0, count: shape.settingCount)
      var workspace = [Double](repeating: 0, count: shape.workspaceCount)
      shape.evaluate(at: eta, signal: &signal, workspace: &workspace)
      return signal
    }
    let settings = record.settings
    guard let method = run.t1Method else {
      let shape = BiexponentialIVIM(bValues: settings.map { BValue($0) })
      return { tissue, voxel in
        let d = tissue[.diffusion]?[voxel] ?? .nan
        let f = tissue[.perfusionFraction]?[voxel] ?? .nan
        let fast = max((tissue[.pseudoDiffusion]?[voxel] ?? .nan) - d, 0.05 * d)
        return evaluate(shape, [Double.log(1000 * d), Double.log(f / (1 - f)), Double.log(1000 * fast)])
      }
    }
    func t1(_ tissue: [LesionParameter: [Double]], _ voxel: Int) -> Double {
      Double.log(tissue[.t1]?[voxel] ?? .nan)
    }
    let repetition = record.configuration.repetitionTime
    switch method {
    case .inversionRecovery:
      let shape = MagnetizationRecovery(
        inversionTimes: settings.map { InversionTime(seconds: $0) }, repetitionTime: repetition,
        fixedInversion: record.inversion)
      return { evaluate(shape, [t1($0, $1)]) }
    case .lookLocker, .molli:
      let shape = LookLockerRecovery(inversionTimes: settings.map { InversionTime(seconds: $0) })
      return { evaluate(shape, [t1($0, $1), 0.3]) }
    case .sasha:
      let shape = MagnetizationRecovery(
        saturationTimes: settings.map { SaturationTime(seconds: $0) }, isSaturationPerfect: true)
      return { evaluate(shape, [t1($0, $1)]) }
    case .variableFlipAngle:
      let shape = SpoiledGradientEcho(
        flipAngles: settings.map { FlipAngle(degrees: $0) }, repetitionTime: repetition ?? .nan, fixedB1: 1)
      return { evaluate(shape, [t1($0, $1)]) }
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
