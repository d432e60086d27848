public import InferenceCore
public import LaneMath

extension LaneGroupSampler {
  /// Puts `chain` at `position`, from where its next draws go on.
  ///
  /// For uses in which the draws so far come from elsewhere: Geweke's joint test alternates data and one sweep, each
  /// sweep by a new sampler that starts where the last one ended.
  @inlinable
  public mutating func move(chain: Int = 0, to position: [L]) {
    chains[chain].move(to: position, in: &density, proposal: &proposal)
  }
}

extension LaneChain {
  /// Puts the chain at `position`, where the density of every lane must be positive.
  @inlinable
  public mutating func move(
    to position: [L], in density: inout Density, proposal: inout NestedLaplaceProposal<L>
  ) {
    self.position = position
    logWeight = density.logDensity(at: position) - proposal.logDensity(at: position)
    share = 1
    byproducts = density.byproducts
  }
}
