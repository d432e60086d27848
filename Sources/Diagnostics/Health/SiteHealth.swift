internal import Foundation

/// The verdict on one quantity that was sampled at thousands of sites, a map: by shares, not by the worst.
///
/// Among many good sites some R̂ exceed 1.01 by chance, so a map passes if fewer than 1 % of its sites exceed 1.05, and
/// fails if more than 5 % do.
public struct SiteHealth: Sendable, Equatable {
  /// The quantity mapped.
  public let name: String
  /// Sites judged.
  public let siteCount: Int
  /// Share of sites with R̂ > 1.05; a site without R̂ counts.
  public let shareAboveFailing: Double
  /// Share of sites with R̂ > 1.01; a site without R̂ counts.
  public let shareAboveWarning: Double
  /// The 1st percentile of ESS over the sites; sites without ESS count as 0.
  public let firstPercentileESS: Double
  /// The 5th percentile of ESS over the sites.
  public let fifthPercentileESS: Double
  /// Index, in the arrays given, of the site with the largest R̂ (without R̂: before all others); nil if there are none.
  public let worstSite: Int?
  /// R̂ of the worst site; NaN if it has none.
  public let worstRHat: Double
  /// At most one: that too many sites have not mixed.
  public let flags: [HealthFlag]

  /// The worst of the flags.
  public var verdict: Verdict { flags.map(\.severity).worst }

  /// Judges the R̂ and ESS of the sites that were sampled, in one order.
  ///
  /// `describe` names a site for the flag, by its index; leave out the sites that were never sampled.
  public init(
    _ name: String, rHat: [Double], effectiveSize: [Double], limits: HealthLimits = HealthLimits(),
    describe: (Int) -> String = { "site \($0)" }
  ) {
    precondition(rHat.count == effectiveSize.count, "one R-hat and one ESS for each site")
    let sizes = effectiveSize.map { $0.isNaN ? 0 : $0 }.sorted()
    let total = Double(max(1, rHat.count))
    // Written so that NaN counts as above.
    func share(_ limit: Double) -> Double { Double(rHat.count { !($0 <= limit) }) / total }
    self.name = name
    siteCount = rHat.count
    shareAboveFailing = share(limits.failingRHat)
    shareAboveWarning = share(limits.rHat)
    firstPercentileESS = sizes.quantile(0.01)
    fifthPercentileESS = sizes.quantile(0.05)
    let worst = rHat.indices.max { Self.badness(rHat[$0]) < Self.badness(rHat[$1]) }
    worstSite = worst
    worstRHat = worst.map { rHat[$0] } ?? .nan
    let severity: Verdict =
      shareAboveFailing > limits.failingShare
      ? .fail : shareAboveFailing >= limits.warningShare ? .warn : .pass
    guard let worst, severity > .pass else {
      flags = []
      return
    }
    let share = String(format: "R-hat > %.2f at %.1f %%", limits.failingRHat, 100 * shareAboveFailing)
    let numbers = String(format: "%.3f at", worstRHat)
    let size = String(format: "%.0f", fifthPercentileESS)
    let evidence =
      "\(share) of \(rHat.count) sites, worst \(numbers) \(describe(worst)); 5th percentile of ESS \(size)"
    // Where a twentieth of the sites has no ESS at all, nothing says how much longer.
    let factor = limits.effectiveSize / fifthPercentileESS
    let action = HealthFlag.Kind.notMixed.action.replacingOccurrences(
      of: "run longer", with: String(format: "run about %.1f times longer", factor))
    flags = [
      HealthFlag(
        .notMixed, subject: name, severity: severity, evidence: evidence,
        action: factor.isFinite && factor > 1 ? action : nil)
    ]
  }

  private static func badness(_ rHat: Double) -> Double { rHat.isNaN ? .infinity : rHat }
}
