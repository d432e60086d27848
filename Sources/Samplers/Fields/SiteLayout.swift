public import LaneMath

/// Where the sites of a graph stand in the lanes: groups of sites that no edge joins, colour after colour.
///
/// Slot s is lane s mod L of group s / L. A colour's last group is filled up with copies of its last site, which take part
/// in nothing: they have no neighbours and weigh nothing in sums.
public struct SiteLayout<L: Lane>: Sendable {
  /// The site in every slot; copies repeat one.
  public let sites: [Int]
  /// The slot of every site.
  public let slots: [Int]
  /// The groups of every colour: all sites of one may change at once.
  public let colours: [Range<Int>]
  /// 1 in the slots of sites, 0 in those of copies, by group.
  public let own: [L]
  /// The diagonal of Q̃, by group: the sum of a site's scaled weights, or 1 (0 for an intrinsic field) without neighbours.
  public let diagonal: [L]
  /// 1 where a site has no neighbours, by group.
  public let isolated: [L]
  /// The neighbours of slot s are entries `starts[s]` ..< `starts[s + 1]` of `neighbours` and `weights`.
  @usableFromInline let starts: [Int]
  /// Slots.
  @usableFromInline let neighbours: [Int]
  /// Scaled weights.
  @usableFromInline let weights: [Double]
  /// The slots of sites, ascending.
  @usableFromInline let ownSlots: [Int]
  /// Of every slot, the diagonal again.
  @usableFromInline let slotDiagonal: [Double]

  /// The layout of `graph`; without edges if `isJoined` is false.
  public init(_ graph: SiteGraph, isJoined: Bool = true, isIntrinsic: Bool = false) {
    let count = L.count
    var colours: [[Int]] = [[], []]
    for site in 0..<graph.siteCount { colours[isJoined ? graph.parities[site] : 0].append(site) }
    var sites: [Int] = []
    var own: [Double] = []
    var ranges: [Range<Int>] = []
    for members in colours where !members.isEmpty {
      let first = sites.count / count
      sites += members
      own += members.map { _ in 1 }
      while sites.count % count != 0 {
        sites.append(members[members.count - 1])
        own.append(0)
      }
      ranges.append(first..<sites.count / count)
    }
    var slots = [Int](repeating: 0, count: graph.siteCount)
    for slot in sites.indices where own[slot] == 1 { slots[sites[slot]] = slot }
    var joined = [[(Int, Double)]](repeating: [], count: sites.count)
    for edge in isJoined ? graph.edges : [] {
      let weight = graph.scaledWeight(edge)
      joined[slots[edge.first]].append((slots[edge.second], weight))
      joined[slots[edge.second]].append((slots[edge.first], weight))
    }
    let lone = isIntrinsic ? 0.0 : 1.0
    let diagonal = joined.map { $0.isEmpty ? lone : $0.reduce(0) { $0 + $1.1 } }
    func lanes(_ values: [Double]) -> [L] {
      stride(from: 0, to: values.count, by: count).map { L(values, from: $0) }
    }
    self.sites = sites
    self.slots = slots
    ownSlots = slots.sorted()
    self.colours = ranges
    self.own = lanes(own)
    self.diagonal = lanes(diagonal)
    self.isolated = lanes(joined.map { $0.isEmpty ? 1 : 0 })
    slotDiagonal = diagonal
    var starts = [0]
    for entries in joined { starts.append(starts[starts.count - 1] + entries.count) }
    self.starts = starts
    neighbours = joined.flatMap { $0.map(\.0) }
    weights = joined.flatMap { $0.map(\.1) }
  }

  /// The number of groups.
  @inlinable
  public var groupCount: Int { own.count }
  /// The number of slots, copies among them.
  @inlinable
  public var slotCount: Int { sites.count }
  /// The sites of a group, in the order of its lanes.
  public func sites(ofGroup group: Int) -> [Int] { Array(sites[group * L.count..<(group + 1) * L.count]) }
}
