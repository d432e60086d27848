public import GSLSupport

/// The rank of a true value among posterior draws: uniform if the posterior is right.
///
/// Talts, Betancourt, Simpson, Vehtari and Gelman 2018 (arXiv:1804.06788); ties broken at random as
/// Modrák et al. 2023 (doi:10.1214/23-BA1404) ask for, so that discrete quantities stay uniform.
public enum RankStatistic {
  /// The number of `draws` below `truth`, plus a uniform share of those equal to it: 0 … `draws.count`.
  public static func rank(of truth: Double, among draws: [Double], using random: inout RandomStream) -> Int {
    let below = draws.count { $0 < truth }
    let equal = draws.count { $0 == truth }
    return equal == 0 ? below : below + random.uniformInteger(below: equal + 1)
  }
}
