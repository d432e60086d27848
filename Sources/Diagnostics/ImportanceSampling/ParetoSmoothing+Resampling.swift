public import GSLSupport

extension ParetoSmoothing {
  /// `count` indices drawn with probabilities equal to the weights, so that what they point at can be used like draws.
  ///
  /// Stratified: one uniform number in each of `count` equal strata (Kitagawa 1996, doi:10.2307/1390750), in an order
  /// that is then shuffled; index k occurs ⌊count wₖ⌋ − 1 to ⌈count wₖ⌉ + 1 times.
  /// - Empty if the weights are not known.
  public func resampledIndices(_ count: Int, using random: inout RandomStream) -> [Int] {
    let weights = self.weights
    let total = weights.reduce(0, +)
    guard count > 0, total.isFinite, total > 0 else { return [] }
    var indices: [Int] = []
    indices.reserveCapacity(count)
    var index = 0
    var below = weights[0]
    for stratum in 0..<count {
      let level = (Double(stratum) + random.uniform()) / Double(count) * total
      while below <= level && index < weights.count - 1 {
        index += 1
        below += weights[index]
      }
      indices.append(index)
    }
    // Fisher and Yates.
    for place in stride(from: count - 1, to: 0, by: -1) {
      indices.swapAt(place, random.uniformInteger(below: place + 1))
    }
    return indices
  }
}
