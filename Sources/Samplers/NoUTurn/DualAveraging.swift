internal import Foundation
internal import InferenceCore

/// Finds the step size at which a sampler accepts a given share: Nesterov's dual averaging on log ε.
///
/// Hoffman and Gelman 2014, section 3.2.1, equation 6 (Journal of Machine Learning Research 15:1593).
@usableFromInline
struct DualAveraging: Sendable {
  /// δ, the mean acceptance to reach.
  @usableFromInline let target: Double
  /// γ, how hard log ε is drawn towards μ: 0.05 (section 3.2.1).
  private let shrinkage = 0.05
  /// t₀, steps by which the first ones are slowed: 10 (section 3.2.1).
  private let delay = 10.0
  /// κ, the decay of the weights of the average: 0.75 (section 3.2.1).
  private let decay = 0.75
  private let centre: Double
  private var count = 0.0
  private var meanError = 0.0
  private var averagedLog = 0.0

  /// ε to explore with next.
  @usableFromInline private(set) var stepSize: Double

  /// Starts from `stepSize`; log ε is drawn towards μ = log(10 ε₀), which tries larger steps first.
  @usableFromInline
  init(target: Double, stepSize: Double) {
    self.target = target
    self.stepSize = stepSize
    centre = log(10 * stepSize)
  }

  /// What was learned; target and μ are those with which it began.
  mutating func transfer(through archive: inout StateArchive) {
    archive.transfer(&count)
    archive.transfer(&meanError)
    archive.transfer(&averagedLog)
    archive.transfer(&stepSize)
  }

  /// Takes the mean acceptance of one transition, from 0 to 1.
  @usableFromInline
  mutating func learn(acceptance: Double) {
    count += 1
    let weight = 1 / (count + delay)
    meanError += weight * (target - min(1, acceptance) - meanError)
    let logStep = centre - meanError * count.squareRoot() / shrinkage
    averagedLog += pow(count, -decay) * (logStep - averagedLog)
    stepSize = exp(logStep)
  }

  /// ε to keep: the weighted average of what was tried.
  @usableFromInline var finalStepSize: Double { count > 0 ? exp(averagedLog) : stepSize }
}
