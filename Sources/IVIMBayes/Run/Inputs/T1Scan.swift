internal import Acquisitions
internal import Foundation
internal import NIfTI
internal import Posteriors
internal import QualityControl
internal import SignalModels

/// What is known of a T1 scan: protocol, B1 and noise.
struct T1Scan {
  let scanProtocol: T1Protocol
  /// The B1 factor of every voxel of the grid, or of every lesion; nil without a map.
  private(set) var b1: VoxelMap?
  let b1Deviation: Double
  private let ownNotices: [String]
  /// Grid indices that the B1 map does not cover, where 1 is taken.
  private let uncovered: Set<Int>

  /// A simulated scan without a B1 map.
  init(simulating scanProtocol: T1Protocol, b1Deviation: Double) {
    self.scanProtocol = scanProtocol
    self.b1Deviation = b1Deviation
    b1 = nil
    uncovered = []
    ownNotices = []
  }

  /// The protocol from the command line and the sidecars of the files, checked for enough settings.
  init(
    _ files: FitFiles, _ configuration: FitConfiguration, grid: Grid? = nil, volumeCount: Int? = nil,
    tableSettings: [Double]? = nil
  ) throws {
    let method = T1Method(rawValue: configuration.method ?? "") ?? .inversionRecovery
    let polarity = configuration.polarity.flatMap { SignalPolarity(rawValue: $0) }
    let place = files.input.relativePath
    if files.isTable {
      scanProtocol = try T1Protocol(
        method, settings: tableSettings ?? [], repetitionTime: configuration.repetitionTime,
        polarity: polarity,
        place: place)
    } else {
      let sidecars = try ([files.input] + files.moreInputs).compactMap { try T1Series.sidecar(of: $0) }
      scanProtocol = try T1Protocol(
        method, sidecars: sidecars, settings: configuration.settings,
        repetitionTime: configuration.repetitionTime, polarity: polarity, volumes: volumeCount, place: place)
    }
    var notices = scanProtocol.notices
    if let file = files.b1, let grid {
      var map = try FitInputs.map(file, on: grid, configuration)
      if B1Unit.isPercent(file, values: map) {
        map = map.map { $0 / 100 }
        notices.append("\(file.relativePath): taken for percent of the nominal flip angle")
      }
      let usable = map.filter { $0.isFinite && $0 > 0 }
      guard !usable.isEmpty else {
        throw RunError(
          .badInput, at: file.relativePath, "the B1 map does not overlap the image",
          advice: "Check that both are of the same session")
      }
      let typical = usable.sorted()[usable.count / 2]
      guard (0.2...3).contains(typical) else {
        throw RunError(
          .badInput, at: file.relativePath, "the median of the B1 map is \(typical), not a ratio near 1",
          advice:
            "Give the ratio of true to nominal flip angle; a map in percent is taken if its sidecar says \"Units\": "
            + "\"percent\" or its name ends in _TB1map")
      }
      b1 = .grid(map.map { $0.isFinite && $0 > 0 ? $0 : 1 })
      uncovered = Set(map.indices.filter { !(map[$0].isFinite && map[$0] > 0) })
    } else {
      b1 = nil
      uncovered = []
    }
    b1Deviation = configuration.b1Sd ?? (b1 == nil ? 0.10 : 0.05)
    if method == .variableFlipAngle, b1 == nil {
      notices.append("no B1 map: the B1 factor is 1 with an SD of \(b1Deviation) in every voxel")
    }
    ownNotices = notices
  }

  /// The scan for lesions that are reduced to their means: B1 is the mean over the voxels of each.
  func reduced(to regions: [Int: [Int]]) -> T1Scan {
    var scan = self
    scan.b1 = b1?.reduced(to: regions) { $0.reduce(0, +) / Double($0.count) }
    return scan
  }

  /// What to tell where voxels to be fitted lie outside the B1 map.
  func coverageNotice(of voxels: [Int]) -> [String] {
    let count = voxels.count { uncovered.contains($0) }
    return count == 0
      ? []
      : [
        "the B1 map says nothing of \(count) of the \(voxels.count) voxels to be fitted: B1 is taken for 1 there"
      ]
  }

  /// What the settings are, in the run file.
  var settingsName: String {
    switch scanProtocol.settings {
    case .inversionTimes: "inversion_times"
    case .saturationTimes: "saturation_times"
    case .flipAngles: "flip_angles"
    }
  }

  /// Quality control: every volume of every lesion against the recovery curve of the others; nil for two settings or
  /// three, which no curve of so many parameters can judge.
  func quality(_ image: NIfTIImage, lesions: [Lesion], voxels: [Int], priors: TissuePriors) -> QualityTable? {
    let settings = scanProtocol.settings.values
    let fitted = lesions.filter { !$0.rows.isEmpty }
    guard settings.count >= 5, !fitted.isEmpty else { return nil }
    let isMagnitude = scanProtocol.polarity == .magnitude
    let t1 = (Double.log(priors.t1.median), priors.t1.sd)
    let model: CurveModel
    switch scanProtocol.settings {
    case .inversionTimes(let times) where scanProtocol.method == .inversionRecovery:
      model = CurveModel(
        of: MagnetizationRecovery(inversionTimes: times, repetitionTime: scanProtocol.repetitionTime),
        priorMeans: [t1.0, priors.inversion.median], priorSDs: [t1.1, priors.inversion.sd],
        isMagnitude: isMagnitude)
    case .inversionTimes(let times):
      model = CurveModel(
        of: LookLockerRecovery(inversionTimes: times), priorMeans: [t1.0, 0.3], priorSDs: [t1.1, 0.3],
        isMagnitude: isMagnitude)
    case .saturationTimes(let times):
      model = CurveModel(
        of: MagnetizationRecovery(saturationTimes: times, isSaturationPerfect: true), priorMeans: [t1.0],
        priorSDs: [t1.1])
    case .flipAngles(let angles):
      model = CurveModel(
        of: SpoiledGradientEcho(
          flipAngles: angles, repetitionTime: scanProtocol.repetitionTime ?? .nan, fixedB1: 1),
        priorMeans: [t1.0], priorSDs: [t1.1])
    }
    return VolumeScreening(
      image, volumes: Array(settings.indices), settings: settings, averages: settings.map { _ in 1 },
      model: model
    ).table(of: fitted, voxels: voxels)
  }

  /// What a reader should know of the protocol.
  func notices(priors: TissuePriors) -> [String] {
    let values = scanProtocol.settings.values
    var notices = ownNotices
    if scanProtocol.method != .variableFlipAngle, let first = values.min(), first > 5 * priors.t1.median {
      notices.append(
        "every time is longer than five prior T1: the signal has recovered and says little of T1")
    }
    if scanProtocol.method == .variableFlipAngle, let largest = values.max(), largest < 1.6 {
      notices.append("the largest flip angle is \(largest) degrees: are these radians?")
    }
    if scanProtocol.method == .molli {
      notices.append("MOLLI T1 depends on protocol, T2 and heart rate: compare it within one protocol only")
    }
    return notices
  }
}
