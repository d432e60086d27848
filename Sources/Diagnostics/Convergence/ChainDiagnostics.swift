/// How well the chains of one quantity were sampled: R̂, effective sample sizes and Monte Carlo errors.
///
/// Follows Vehtari, Gelman, Simpson, Carpenter and Bürkner 2021 (doi:10.1214/20-BA1221) in the form of R posterior
/// and Stan. The draws are ranked once, at `init`; every figure is computed when it is asked for.
///
/// - A NaN or an infinity anywhere, a quantity that never changes, or fewer than four draws in a chain: every
///   figure is NaN, which no threshold accepts. "Constant" is not "converged".
/// - One chain is compared with itself, half against half.
/// - Deliberately without any reading of the figures: that is ``QuantityHealth``.
public struct ChainDiagnostics: Sendable {
  /// Chains × draws, in the order drawn.
  public let chains: [[Double]]
  /// All draws in ascending order; empty if the chains are not ``isAssessable``.
  public let sortedDraws: [Double]
  /// The rank-normalised draws of the half-chains.
  let rankNormalized: [[Double]]
  let scores: NormalScores

  /// Diagnostics of `chains`, chains × draws, all chains of one length.
  ///
  /// `scores` can be made once, by ``NormalScores/init(chainCount:drawCount:)``, and shared by all quantities with
  /// these numbers of chains and draws.
  public init(_ chains: [[Double]], scores: NormalScores? = nil) {
    let length = chains.first?.count ?? 0
    precondition(chains.allSatisfy { $0.count == length }, "all chains must have the same number of draws")
    self.chains = chains
    self.scores = scores ?? NormalScores(chainCount: chains.count, drawCount: length)
    let pooled = chains.flatMap { $0 }
    if length >= 4, pooled.allSatisfy(\.isFinite), pooled.contains(where: { $0 != pooled[0] }) {
      self.sortedDraws = pooled.sorted()
      self.rankNormalized = self.scores.normalize(Self.halves(of: chains))
    } else {
      self.sortedDraws = []
      self.rankNormalized = []
    }
  }

  /// True if the draws are finite, change, and are at least four in each chain.
  public var isAssessable: Bool { !sortedDraws.isEmpty }

  /// Draws in all chains together.
  public var drawCount: Int { chains.count * (chains.first?.count ?? 0) }

  /// The mean of all draws; NaN if they cannot be assessed.
  public var mean: Double {
    isAssessable ? sortedDraws.reduce(0, +) / Double(drawCount) : .nan
  }

  /// The standard deviation of all draws, with n − 1; NaN if they cannot be assessed.
  public var standardDeviation: Double {
    isAssessable ? sortedDraws.sampleVariance.squareRoot() : .nan
  }

  /// Both halves of every chain; of an odd number of draws, the one in the middle belongs to neither.
  static func halves(of chains: [[Double]]) -> [[Double]] {
    chains.flatMap { chain in
      [Array(chain.prefix(chain.count / 2)), Array(chain.suffix(chain.count / 2))]
    }
  }

  /// Both halves of every chain, each draw replaced by `value`.
  func halves(_ value: (Double) -> Double) -> [[Double]] { Self.halves(of: chains.map { $0.map(value) }) }

  /// The pooled draws, chains one after the other.
  var pooled: [Double] { chains.flatMap { $0 } }
}
