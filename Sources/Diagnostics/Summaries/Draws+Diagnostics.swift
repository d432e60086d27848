public import InferenceCore

extension Draws {
  /// R̂, ESS and Monte Carlo errors of one parameter, by its index.
  public func diagnostics(of parameter: Int) -> ChainDiagnostics { ChainDiagnostics(chains(of: parameter)) }

  /// Rank-normalised split R̂ of one parameter (``ChainDiagnostics/rHat``).
  public func rHat(_ parameter: Int) -> Double { diagnostics(of: parameter).rHat }

  /// Bulk ESS of one parameter (``ChainDiagnostics/bulkESS``).
  public func bulkESS(_ parameter: Int) -> Double { diagnostics(of: parameter).bulkESS }

  /// Tail ESS of one parameter (``ChainDiagnostics/tailESS``).
  public func tailESS(_ parameter: Int) -> Double { diagnostics(of: parameter).tailESS }

  /// One summary for each parameter, in their order.
  public func summary() -> [PosteriorSummary] {
    let scores = NormalScores(chainCount: chainCount, drawCount: drawCount)
    return parameters.indices.map { index in
      PosteriorSummary(parameters[index], chains: chains(of: index), scores: scores)
    }
  }
}
