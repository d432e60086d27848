public import Foundation
internal import Tables

/// Which volumes of a diffusion series are used, and how.
public struct DiffusionSelection: Sendable, Equatable {
  /// Shells below this b-value are left out, s/mm².
  public var lowestB: Double
  /// Shells above this b-value are left out, s/mm²: beyond 1,000 the curve bends by kurtosis.
  public var highestB: Double
  /// Volumes to leave out, counted in the file.
  public var exclusions: VolumeExclusions
  /// Signal averages (NEX) of each volume of the file; nil means one each.
  public var averages: [Double]?
  /// What becomes of several volumes of one shell.
  public var directions: DirectionPooling

  /// The defaults use every volume with b ≤ 1,000 s/mm² as a measurement of its own.
  public init(
    lowestB: Double = 0, highestB: Double = 1_000, exclusions: VolumeExclusions = VolumeExclusions(),
    averages: [Double]? = nil, directions: DirectionPooling = .separate
  ) {
    self.lowestB = lowestB
    self.highestB = highestB
    self.exclusions = exclusions
    self.averages = averages
    self.directions = directions
  }

  /// This selection for one lesion: what is left out there is left out everywhere.
  public func inLesion(_ label: Int) -> DiffusionSelection {
    var selection = self
    selection.exclusions = VolumeExclusions(
      everywhere: exclusions.everywhere.union(exclusions.byLesion[label] ?? []))
    return selection
  }

  /// The numbers of an averages file: positive, one row or one column, one for each volume.
  ///
  /// - Throws: `unreadable`, `notOneRow`, `notANumber`, `badNumber`.
  public static func readAverages(_ file: URL) throws(AcquisitionError) -> [Double] {
    try NumberList.read(file, requirement: .positive)
  }

  /// The shells whose mean b-value lies in the range, or less than 5 s/mm² outside.
  public func shellsInRange(of bValues: [BValue]) -> [Shell] {
    let range = (lowestB - Shell.width)..<(highestB + Shell.width)
    return Shell.shells(of: bValues).filter { shell in
      let b = shell.bValue.secondsPerSquareMillimeter
      return range.contains(b) && b != range.lowerBound
    }
  }

  /// What to tell of the shells outside of the range; nil if there are none.
  public func leftOutNotice(of bValues: [BValue]) -> String? {
    let kept = Set(shellsInRange(of: bValues).flatMap(\.volumes))
    let left = Shell.shells(of: bValues).filter { !kept.isSuperset(of: $0.volumes) }
    guard !left.isEmpty else { return nil }
    let number = TabSeparatedTable.field
    let values = left.map { number($0.bValue.secondsPerSquareMillimeter.rounded()) }.joined(separator: ", ")
    let count = left.reduce(0) { $0 + $1.volumes.count }
    return
      "left out: b = \(values) s/mm2 (\(count) measurements), outside of --b-min \(number(lowestB)) to --b-max "
      + number(highestB)
  }

  /// The measurements that this selection makes of volumes with these b-values.
  ///
  /// - A shell is kept or left out as a whole: it is kept if its mean is less than 5 s/mm² outside the range.
  /// - Volumes keep their order in the file; pooled shells stand in the order of their b-values.
  /// - Throws: `nothingSelected`, `noLowB`, `badExclusion`.
  func settings(of bValues: [BValue], place: String) throws(AcquisitionError) -> [DiffusionSetting] {
    try exclusions.check(volumeCount: bValues.count)
    guard lowestB <= highestB else {
      throw .nothingSelected(place: place, reason: "b from \(lowestB) to \(highestB) s/mm² is an empty range")
    }
    let shells = shellsInRange(of: bValues).compactMap { shell -> [Int]? in
      let volumes = shell.volumes.filter { !exclusions.everywhere.contains($0) }
      return volumes.isEmpty ? nil : volumes
    }
    func averages(_ volume: Int) -> Double { self.averages?[volume] ?? 1 }
    let groups = directions == .separate ? shells.flatMap { $0 }.sorted().map { [$0] } : shells
    let settings = groups.map { volumes in
      let weights = volumes.map(averages)
      let b = zip(volumes, weights).reduce(0) { $0 + bValues[$1.0].secondsPerSquareMillimeter * $1.1 }
      let total = weights.reduce(0, +)
      return DiffusionSetting(bValue: BValue(b / total), averages: total, volumes: volumes)
    }
    guard let lowest = settings.map(\.bValue).min() else {
      throw .nothingSelected(
        place: place,
        reason: "b from \(lowestB) to \(highestB) s/mm², \(exclusions.everywhere.count) volumes excluded")
    }
    guard lowest.secondsPerSquareMillimeter <= 50 else {
      throw .noLowB(place: place, lowest: lowest.secondsPerSquareMillimeter)
    }
    return settings
  }
}

/// One measurement of a diffusion series.
public struct DiffusionSetting: Sendable, Equatable {
  /// Its diffusion weighting.
  public let bValue: BValue
  /// n: how many signals were averaged into it, by the scanner (NEX) and by pooling directions. The noise variance
  /// of the measurement is σ²/n.
  public let averages: Double
  /// The volumes of the file that it was made of.
  public let volumes: [Int]

  /// A measurement at `bValue` of `averages` averages, made of `volumes`.
  public init(bValue: BValue, averages: Double, volumes: [Int]) {
    self.bValue = bValue
    self.averages = averages
    self.volumes = volumes
  }
}
