/// Geweke's joint distribution test: the joint density p(θ, y) simulated in two ways must be the same.
///
/// *Marginal-conditional*: θ from the prior, y from p(y | θ), again and again, independently. *Successive-conditional*:
/// y from p(y | θ), then θ by one sweep of the sampler under test given that y, in turn. The prior is the stationary
/// distribution of θ in both, whatever the data; a wrong exponent, a lost Jacobian or a missing determinant moves the
/// second away from it. Geweke 2004 (doi:10.1198/016214504000001132).
///
///     z = (ḡ_mc − ḡ_sc) / √(SE²_mc + SE²_sc),  g = x and g = (x − x̄_mc)² for every function x
///
/// Start each successive-conditional chain from a draw of the joint density: then no warm-up is needed, and the chain
/// is stationary from its first draw.
public struct GewekeTest: Sendable, Equatable {
  /// One moment of one function.
  public struct Comparison: Sendable, Equatable {
    /// The function.
    public let name: String
    /// 1 for the mean, 2 for the second moment about the marginal-conditional mean.
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
      let centre = marginal[index].mean
      return [1, 2].map { moment in
        func power(_ x: Double) -> Double { moment == 1 ? x : (x - centre) * (x - centre) }
        return Self.compare(
          names[index], moment, marginal[index].map(power), successive[index].map { $0.map(power) })
      }
    }
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
