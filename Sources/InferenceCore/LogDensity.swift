/// A log density on ℝⁿ: the contract between posteriors and the samplers that walk on them one position at a time.
public protocol LogDensity: Sendable {
  /// n, the number of coordinates.
  var dimension: Int { get }

  /// log p(position) up to a constant.
  ///
  /// - Throws: `.outsideSupport` where p = 0, which a sampler counts and rejects; `.unusable` where the density
  ///   cannot be evaluated at all, which stops the chain.
  func logDensity(at position: [Double]) throws(LogDensityError) -> Double
}

/// A log density with its gradient, for Hamiltonian samplers.
public protocol DifferentiableLogDensity: LogDensity {
  /// log p(position) up to the same constant; ∂ log p / ∂ position is written to `gradient`.
  func logDensity(at position: [Double], gradient: inout [Double]) throws(LogDensityError) -> Double
}

/// Why a log density has no value at a position.
public enum LogDensityError: Error, Equatable, Sendable {
  /// The density is zero here: data for the sampler, not a failure.
  case outsideSupport
  /// The density cannot be evaluated; `reason` says why. Stops the chain.
  case unusable(reason: String)
}
