/// Geweke's joint distribution test: the joint density p(θ, y) simulated in two ways must be the same.
///
/// *Marginal-conditional*: θ from the prior, y from p(y | θ), again and again, independently. *Successive-conditional*:
/// y from p(y | θ), then θ by one sweep of the sampler under test given that y, in turn. The prior is the stationary
/// distribution of θ in both, whatever the data; a wrong exponent, a lost Jacobian or a missing determinant moves the
/// second away from it. Geweke 2004 (doi:10.1198/016214504000001132).
///
///     z = (ḡ_mc − ḡ_sc) / √(SE²_mc + SE²_sc),  g = u and g = (u − ½)² for every function x
///
/// u is the rank of x among the marginal-conditional draws, between 0 and 1: g is bounded, so that its averages are normal
/// whatever the tails of x. Moments of x itself need not exist: the level of a Leroux field has the variance τ²/(1 − λ),
/// whose expectation under λ ~ U(0, 1) is infinite, and a z of it is as good as none.
///
/// Start each successive-conditional chain from a draw of the joint density: then no warm-up is needed, and the chain
/// is stationary from its first draw.
public struct GewekeTest: Sendable, Equatable {
  /// One moment of one function.
  public struct Comparison: Sendable, Equatable {
    /// The function.
    public let name: String
    /// 1 for the mean rank, 2 for the squared distance from the middle rank: location and spread.
    public let moment: Int
    /// The marginal-conditional average.
    public let marginal: Double
    /// The successive-conditional average.
    public let successive: Double
    /// The standard error of their difference.
    public let standardError: Double
    /// (marginal − successive) / standard error; NaN if something was not finite or never moved.
    public let z: Double
  }

  /// Two comparisons for each function: mean, then second moment.
  public let comparisons: [Comparison]

  /// From this many chains on, the error of their average is taken from their spread.
  private static var manyChains: Int { 20 }

  /// Compares functions: `marginal` functions × independent draws, `successive` functions × chains × draws.
  ///
  /// The standard error of the successive averages allows for autocorrelation: with 20 independent chains or more it is
  /// the SD of the chain averages over √chains, with fewer the Monte Carlo error of ``ChainDiagnostics``.
  public init(_ names: [String], marginal: [[Double]], successive: [[[Double]]]) {
    precondition(
      marginal.count == names.count && successive.count == names.count, "draws of every function")
    comparisons = names.indices.flatMap { index in
      let sorted = marginal[index].sorted()
      let ranks = marginal[index].map { Self.rank(of: $0, among: sorted) }
      let chains = successive[index].map { $0.map { Self.rank(of: $0, among: sorted) } }
      return [1, 2].map { moment in
        func power(_ u: Double) -> Double { moment == 1 ? u : (u - 0.5) * (u - 0.5) }
        return Self.compare(names[index], moment, ranks.map(power), chains.map { $0.map(power) })
      }
    }
  }

  /// The share of `sorted` values below `x`, with half of those equal to it; NaN for NaN.
  private static func rank(of x: Double, among sorted: [Double]) -> Double {
    guard !x.isNaN else { return .nan }
    /// How many values come before the first of which `isPast` is true.
    func place(_ isPast: (Double) -> Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if isPast(sorted[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    return 0.5 * Double(place { $0 >= x } + place { $0 > x }) / Double(sorted.count)
  }

  private static func compare(
    _ name: String, _ moment: Int, _ marginal: [Double], _ successive: [[Double]]
  ) -> Comparison {
    let errors = [
      (marginal.sampleVariance / Double(marginal.count)).squareRoot(), standardError(of: successive),
    ]
    let total = (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
    let (first, second) = (marginal.mean, successive.flatMap { $0 }.mean)
    return Comparison(
      name: name, moment: moment, marginal: first, successive: second, standardError: total,
      z: total > 0 ? (first - second) / total : .nan)
  }

  private static func standardError(of chains: [[Double]]) -> Double {
    guard chains.count >= manyChains else { return ChainDiagnostics(chains).meanMCSE }
    return (chains.map(\.mean).sampleVariance / Double(chains.count)).squareRoot()
  }

  /// The comparisons with |z| ≥ `limit`, or without z.
  ///
  /// At 4, a right sampler with 15 functions raises a false alarm in one run of 500.
  public func suspects(limit: Double = 4) -> [Comparison] { comparisons.filter { !(abs($0.z) < limit) } }

  /// The largest |z|; infinite if one has no value.
  public var worstZ: Double { comparisons.reduce(0) { max($0, $1.z.isNaN ? .infinity : abs($1.z)) } }
}
