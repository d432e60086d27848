public import GSLSupport

extension ClassScores {
  /// The variance of the AUC under Dirichlet(1, …, 1) weights in each class, in closed form.
  ///
  ///     E[A²] = [S² + Σᵢ(Σⱼψᵢⱼ)² + Σⱼ(Σᵢψᵢⱼ)² + Σᵢⱼψᵢⱼ²] / (m(m + 1) n(n + 1)),   S = Σᵢⱼψᵢⱼ
  ///
  /// from E[wᵢwₖ] = (1 + δᵢₖ)/(m(m + 1)) (Rubin 1981, doi:10.1214/aos/1176345338). The mean is the AUC
  /// itself.
  public var bootstrapVariance: Double {
    let (m, n) = (Double(positives.count), Double(negatives.count))
    let placements = placements
    let rows = placements.positives.reduce(0) { $0 + $1 * $1 } * n * n
    let columns = placements.negatives.reduce(0) { $0 + $1 * $1 } * m * m
    // Σψ²: a win counts 1, a tie 1/4.
    var (cells, negativesBefore) = (0.0, 0)
    RankedScores(self).forEach { positives, negatives in
      cells += Double(positives.count) * (Double(negativesBefore) + Double(negatives.count) / 4)
      negativesBefore += negatives.count
    }
    let total = auc * m * n
    return (total * total + rows + columns + cells) / (m * (m + 1) * n * (n + 1)) - auc * auc
  }

  /// The AUC when patients carry these weights, which sum to one in each class.
  public func auc(positiveWeights: [Double], negativeWeights: [Double]) -> Double {
    RankedScores(self).auc(positiveWeights: positiveWeights, negativeWeights: negativeWeights)
  }

  /// `count` draws of the AUC from its Bayesian bootstrap: new Dirichlet weights in each class for every
  /// draw.
  public func bootstrapAUCs(_ count: Int, using stream: inout RandomStream) -> [Double] {
    let ranked = RankedScores(self)
    return (0..<count).map { _ in
      ranked.auc(
        positiveWeights: stream.uniformDirichlet(count: positives.count),
        negativeWeights: stream.uniformDirichlet(count: negatives.count))
    }
  }
}
