internal import Foundation
internal import InferenceCore

/// Draws as a model file keeps them.
struct StoredDraws: Codable {
  let parameters: [String]
  let chains: Int
  let drawsPerChain: Int
  /// chains × draws × parameters, parameters fastest.
  let values: [Double]

  init(_ draws: Draws) {
    parameters = draws.parameters.map(\.name)
    (chains, drawsPerChain, values) = (draws.chainCount, draws.drawCount, draws.values)
  }

  /// The draws; nil if the numbers do not fit their counts or one is not finite.
  var draws: Draws? {
    guard chains > 0, drawsPerChain > 0, !parameters.isEmpty, values.allSatisfy(\.isFinite),
      values.count == chains * drawsPerChain * parameters.count
    else { return nil }
    return Draws(
      parameters: parameters.map { Parameter($0) }, chainCount: chains, drawCount: drawsPerChain,
      values: values)
  }
}

extension Draws {
  /// Every value to seven significant digits, as model files write it: a model predicts the same before and
  /// after it was written.
  var rounded: Draws {
    Draws(
      parameters: parameters, chainCount: chainCount, drawCount: drawCount,
      values: values.map { Double(String(format: "%.7g", $0)) ?? $0 })
  }
}

extension TwoGroupPosterior {
  /// The posterior with its draws rounded for storage.
  var rounded: TwoGroupPosterior {
    TwoGroupPosterior(features: features, hasWithin: hasWithin, draws: draws.rounded)
  }
}

extension LogisticPosterior {
  /// The posterior with its draws rounded for storage.
  var rounded: LogisticPosterior {
    LogisticPosterior(features: features, hasWithin: hasWithin, draws: draws.rounded)
  }
}
