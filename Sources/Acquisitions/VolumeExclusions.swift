/// Volumes that are left out of a fit, everywhere or in some lesions. Volumes count from 0.
public struct VolumeExclusions: Sendable, Equatable {
  /// Left out everywhere.
  public var everywhere: Set<Int>
  /// Left out in one lesion, by its label.
  public var byLesion: [Int: Set<Int>]

  /// Nothing is left out, or these volumes.
  public init(everywhere: Set<Int> = [], byLesion: [Int: Set<Int>] = [:]) {
    self.everywhere = everywhere
    self.byLesion = byLesion
  }

  /// The exclusions of the values of `--exclude-volumes`: `3,7` leaves them out in all lesions, `2:3,7` in lesion 2.
  ///
  /// - Throws: `badExclusion` for anything else, with the value.
  public init(parsing values: [String]) throws(AcquisitionError) {
    self.init()
    for value in values {
      let halves = value.split(separator: ":", omittingEmptySubsequences: false)
      guard halves.count <= 2, let list = halves.last else {
        throw .badExclusion(text: value, reason: "there is more than one colon")
      }
      var volumes: Set<Int> = []
      for text in list.split(separator: ",", omittingEmptySubsequences: false) {
        guard let volume = Int(text), volume >= 0 else {
          throw .badExclusion(text: value, reason: "\"\(text)\" is not the number of a volume")
        }
        volumes.insert(volume)
      }
      if halves.count == 1 {
        everywhere.formUnion(volumes)
      } else if let label = Int(halves[0]), label > 0 {
        byLesion[label, default: []].formUnion(volumes)
      } else {
        throw .badExclusion(text: value, reason: "\"\(halves[0])\" is not the label of a lesion")
      }
    }
  }

  /// These exclusions and those of `other`.
  public func union(_ other: VolumeExclusions) -> VolumeExclusions {
    VolumeExclusions(
      everywhere: everywhere.union(other.everywhere),
      byLesion: byLesion.merging(other.byLesion) { $0.union($1) })
  }

  /// - Throws: `badExclusion` if a volume does not exist among `count`.
  func check(volumeCount count: Int) throws(AcquisitionError) {
    let all = byLesion.values.reduce(everywhere) { $0.union($1) }
    for volume in all.sorted() where volume >= count {
      throw .badExclusion(
        text: "\(volume)", reason: "there is no volume \(volume): the image has volumes 0 to \(count - 1)")
    }
  }
}
