internal import Samplers

/// How many draws of each chain a group of voxels needs: foreseen from the acceptance, corrected by the ESS.
///
/// An independence chain that rejects a share r of its proposals whatever its position has autocorrelations rᵗ, hence an ESS
/// of (1 − r)/(1 + r) a draw. Real chains reject more here than there; the margin and the look at the ESS itself, which
/// alone ends a run, are for that.
struct RunLength {
  private let plan: ChainPlan

  /// Lengths are multiples of this: summaries of one length share their tables.
  private static var unit: Int { 8 }
  /// Draws of a chain that tell the acceptance to a few hundredths.
  private static var trial: Int { 64 }
  /// What the worst of several quantities of 95 voxels in 100 has of the ESS foreseen.
  private static var margin: Double { 0.78 }

  init(_ plan: ChainPlan) { self.plan = plan }

  /// The length at which a run ends whatever it has reached.
  var longest: Int { plan.fixedDraws ?? plan.maximumDraws }

  /// The length after which the acceptance is known.
  var first: Int { plan.fixedDraws ?? min(Self.trial, plan.maximumDraws) }

  /// More than most runs need: room to make beforehand.
  var usual: Int { min(longest, Int(2 * plan.minimumESS) / max(1, plan.count)) }

  /// The length at which all of several voxels should have their ESS.
  func expected(acceptance: [Double]) -> Int {
    guard plan.fixedDraws == nil else { return longest }
    let worst = max(0.25, acceptance.min() ?? 1)
    let perDraw = Self.margin * worst / (2 - worst)
    return bounded(plan.minimumESS / (perDraw * Double(plan.count)), after: 0)
  }

  /// The length to try next when the ESS at `length` was too small in some voxel, `worstESS` at the worst.
  func next(after length: Int, worstESS: Double) -> Int {
    let lacking = plan.minimumESS / max(worstESS, 1)
    return bounded(Double(length) * min(2, 1.05 * lacking), after: length)
  }

  private func bounded(_ length: Double, after previous: Int) -> Int {
    let units = Int((length / Double(Self.unit)).rounded(.up))
    return min(longest, max(units * Self.unit, previous + Self.unit))
  }
}
