public import InferenceCore
public import LaneMath

/// An independence proposal over several modes: a nested Laplace proposal about each, drawn with its mode's share.
///
///     q(x) = Σ w q_m(x)
///
/// Frozen before the first kept draw. Every mode that has any share keeps at least a tenth of an equal one, so that a
/// share which the Laplace approximation got wrong costs acceptance, and no mode is forgotten.
public struct MixtureProposal<L: Lane>: Sendable {
  @usableFromInline var parts: [NestedLaplaceProposal<L>]
  /// log w of every part; −∞ where a lane lacks the mode.
  @usableFromInline let logWeights: [L]
  /// w₀ + … + w_m.
  @usableFromInline let cumulative: [L]
  @usableFromInline var trial: [L]

  /// The proposal about the modes of `mixture` with the open axis `axis`.
  @inlinable
  public init<Density: LaneLogDensity<L>>(
    for density: inout Density, about mixture: ModeMixture<L>, openAxis axis: Int
  ) {
    parts = mixture.modes.map { NestedLaplaceProposal(for: &density, about: $0, openAxis: axis) }
    var weights = mixture.weights
    for lane in 0..<L.count {
      let present = weights.indices.filter { weights[$0][lane] > 0 }
      let floor = 0.1 / Double(present.count)
      for m in present { weights[m][lane] = floor + (1 - floor * Double(present.count)) * weights[m][lane] }
    }
    var sum = L(0)
    cumulative = weights.map {
      sum += $0
      return sum
    }
    logWeights = weights.map { L.select(L(0) < $0, L.log($0), L(-Double.infinity)) }
    trial = mixture.modes[0].position
  }

  /// Draws a position in every lane into `position` and returns its log density under the proposal.
  @inlinable
  public mutating func propose(into position: inout [L], using random: inout LaneRandom<L>) -> L {
    let u = random.uniform()
    for m in parts.indices {
      _ = parts[m].propose(into: &trial, using: &random)
      let below = m == 0 ? L(-1) : cumulative[m - 1]
      for lane in 0..<L.count where u[lane] >= below[lane] && (u[lane] < cumulative[m][lane] || m == 0) {
        for k in trial.indices { position[k][lane] = trial[k][lane] }
      }
    }
    return logDensity(at: position)
  }

  /// The log density of the proposal at `position`; −∞ outside the support of every part.
  @inlinable
  public mutating func logDensity(at position: [L]) -> L {
    var largest = L(-Double.infinity)
    var terms: [L] = []
    for m in parts.indices {
      let term = parts[m].logDensity(at: position) + logWeights[m]
      // A lane without the mode: −∞, whatever the part says of it.
      terms.append(L.select(L(-Double.infinity) < logWeights[m], term, L(-Double.infinity)))
      largest = L.select(largest < terms[m], terms[m], largest)
    }
    let isInside = L(-Double.infinity) < largest
    let origin = L.select(isInside, largest, 0)
    let sum = terms.reduce(L(0)) { $0 + L.select(L(-700) < $1 - origin, L.exp($1 - origin), 0) }
    return L.select(isInside, origin + L.log(sum), L(-Double.infinity))
  }
}
