/// Volumes of one b-value: those within 5 s/mm², or 2 %, of the lowest of them.
public struct Shell: Sendable, Equatable {
  /// The mean b-value of its volumes.
  public let bValue: BValue
  /// The volumes, as indices into the b-values, in their order.
  public let volumes: [Int]

  /// How far above the lowest b-value of a shell its others must stay below, s/mm².
  public static let width = 5.0

  /// How far above the lowest b-value of a shell its others must stay below, as a share of it: scanners play b = 1000 as 995
  /// to 1010.
  static let relativeWidth = 0.02

  /// The shells of a series, lowest first: each takes all volumes less than 5 s/mm² or 2 % above its lowest.
  ///
  /// Distances of exactly 5, as in b = 0, 5, 10, separate shells: they are protocols, not rounding.
  public static func shells(of bValues: [BValue]) -> [Shell] {
    let order = bValues.indices.sorted { (bValues[$0], $0) < (bValues[$1], $1) }
    var groups: [[Int]] = []
    for volume in order {
      let b = bValues[volume].secondsPerSquareMillimeter
      if let first = groups.last?.first.map({ bValues[$0].secondsPerSquareMillimeter }),
        b - first < max(width, relativeWidth * first)
      {
        groups[groups.count - 1].append(volume)
      } else {
        groups.append([volume])
      }
    }
    return groups.map { group in
      let sum = group.reduce(0) { $0 + bValues[$1].secondsPerSquareMillimeter }
      return Shell(bValue: BValue(sum / Double(group.count)), volumes: group.sorted())
    }
  }
}
