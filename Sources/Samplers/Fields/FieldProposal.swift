public import InferenceCore
public import LaneMath

/// A proposed state of all sites.
@usableFromInline
struct FieldProposal<L: Lane>: Sendable {
  /// η without offsets: group × d, d fastest.
  @usableFromInline var positions: [L]
  @usableFromInline var logLikelihoods: [L]
  @usableFromInline var byproducts: [L]

  @usableFromInline
  init(positions: [L], logLikelihoods: [L], byproducts: [L]) {
    (self.positions, self.logLikelihoods, self.byproducts) = (positions, logLikelihoods, byproducts)
  }
}

extension FieldChain {
  /// Evaluates the likelihood of all sites at the proposal; the change of its sum.
  @inlinable
  mutating func evaluateProposal() -> Double {
    let d = model.dimension
    var total = 0.0
    for group in 0..<model.layout.groupCount {
      density.take(model.groups[group])
      for k in 0..<d { site.trial[k] = proposal.positions[group * d + k] }
      let value = density.logDensity(at: shifted(group, site.trial))
      proposal.logLikelihoods[group] = value
      let reached = density.byproducts
      for i in 0..<byproductCount { proposal.byproducts[group * byproductCount + i] = reached[i] }
      // A copy counts nothing, not even a NaN.
      let change = L.select(L(0.5) < model.layout.own[group], value - logLikelihoods[group], 0)
      for lane in 0..<L.count { total += change[lane] }
    }
    return total
  }

  /// Makes the proposal the state of all sites.
  @inlinable
  mutating func takeProposal() {
    swap(&positions, &proposal.positions)
    swap(&logLikelihoods, &proposal.logLikelihoods)
    swap(&byproducts, &proposal.byproducts)
  }
}
