public import InferenceCore

extension LaneGroupSampler where L == Double {
  /// `count` more draws of every chain of a single unit, as `Draws`: what a program without lanes asks for.
  ///
  /// - Parameters:
  ///   - count: Draws of each chain.
  ///   - parameters: Name and unit of each value that `values` returns.
  ///   - values: From a position on the sampling axes to the parameters as people know them.
  /// - Returns: Chains × draws × parameters.
  @inlinable
  public mutating func draws(
    _ count: Int, of parameters: [Parameter], _ values: (_ position: [Double]) -> [Double]
  ) -> Draws {
    var chains = chains.map { _ in [[Double]]() }
    draw(count) { chain, position, _ in chains[chain].append(values(position)) }
    return Draws(parameters: parameters, chains: chains)
  }
}
