public import InferenceCore
public import LaneMath

/// Several modes of a density, found from different starts: where they lie and how much of the posterior each holds.
///
/// A magnitude inversion recovery has a mode for every polarity that fits: the same signals with one value more or fewer
/// taken for negative, at another T1. Chains that walk, or whose proposal knows one mode, seldom cross between them.
public struct ModeMixture<L: Lane>: Sendable {
  /// How many modes are told apart at most, and how many places there are for them.
  @inlinable
  static var limit: Int { 3 }
  /// A mode with less than this share of the others' Laplace evidence is left out: it would hold less than one draw.
  @inlinable
  static var negligible: Double { -9 }

  /// `limit` modes, that of the best start first; places that a lane does not need repeat its first mode.
  public let modes: [LaneMode<L>]
  /// The share of every mode in every lane: proportional to p(mode)/√det(information), zero for copies of an earlier
  /// mode; they sum to one.
  public let weights: [L]

  /// True if some lane has more than one mode.
  @inlinable
  public var hasSeveral: Bool {
    weights.dropFirst().contains { weight in (0..<L.count).contains { weight[$0] > 0 } }
  }

  /// The lanes with more than one mode.
  @inlinable
  public var severalLanes: [Int] {
    (0..<L.count).filter { lane in weights.dropFirst().contains { $0[lane] > 0 } }
  }

  /// Climbs from the local maxima of the density along `starts`, which stand in the order of one coordinate.
  @inlinable
  public init<Density: LaneLogDensity<L>>(of density: inout Density, among starts: [[L]]) {
    let ranked = Self.ranked(starts, of: &density)
    var modes = [LaneMode(of: &density, from: ranked[0])]
    for start in ranked.dropFirst() { modes.append(LaneMode(of: &density, from: start)) }
    // Always as many places: the random numbers of a lane must not depend on how many modes its neighbours have.
    while modes.count < Self.limit { modes.append(modes[0]) }
    self.modes = modes
    weights = Self.shares(of: modes)
  }

  /// For every lane its best starts, at most `limit`: local maxima along the list; a lane that has fewer repeats its best.
  @inlinable
  static func ranked<Density: LaneLogDensity<L>>(_ starts: [[L]], of density: inout Density) -> [[L]] {
    let values = starts.map { density.logDensity(at: $0) }
    var places = [[Int]](repeating: [], count: L.count)
    for lane in 0..<L.count {
      func value(_ k: Int) -> Double {
        guard values.indices.contains(k), values[k][lane].isFinite else { return -Double.infinity }
        return values[k][lane]
      }
      let peaks = starts.indices.filter { value($0) > value($0 - 1) && value($0) >= value($0 + 1) }
        .sorted { value($0) > value($1) }
      places[lane] = peaks.isEmpty ? [0] : peaks
    }
    let count = min(limit, places.map(\.count).max() ?? 1)
    return (0..<count).map { rank in
      starts[0].indices.map { k in
        L((0..<L.count).map { lane in starts[places[lane][rank < places[lane].count ? rank : 0]][k][lane] })
      }
    }
  }

  /// The share of every mode.
  @inlinable
  static func shares(of modes: [LaneMode<L>]) -> [L] {
    let n = modes[0].position.count
    let evidences = modes.map { mode in
      (0..<n).reduce(mode.logDensity) { $0 - L.log(mode.factor[packedIndex($1, $1)]) }
    }
    var weights = modes.map { _ in L(0) }
    for lane in 0..<L.count {
      var kept: [Int] = []
      for m in modes.indices where evidences[m][lane].isFinite {
        if !kept.contains(where: { isCopy(modes[m], of: modes[$0], lane: lane) }) { kept.append(m) }
      }
      let peak = kept.map { evidences[$0][lane] }.max() ?? 0
      kept = kept.filter { evidences[$0][lane] > peak + negligible }
      let total = kept.reduce(0) { $0 + Double.exp(evidences[$1][lane] - peak) }
      for m in kept { weights[m][lane] = Double.exp(evidences[m][lane] - peak) / total }
      if kept.isEmpty { weights[0][lane] = 1 }
    }
    return weights
  }

  /// True if both lie within one Laplace SD of each other: two climbs to one mode.
  @inlinable
  static func isCopy(_ one: LaneMode<L>, of other: LaneMode<L>, lane: Int) -> Bool {
    let n = one.position.count
    var distance = 0.0
    for column in 0..<n {
      // (x − m)ᵀ A, A the factor of the information.
      var product = 0.0
      for row in column..<n {
        product +=
          other.factor[packedIndex(row, column)][lane] * (one.position[row][lane] - other.position[row][lane])
      }
      distance += product * product
    }
    return !(distance > 1)
  }
}
