internal import InferenceCore
public import LaneMath

/// The course of the warm-up of chains on a field.
public enum FieldWarmup {
  /// Into how many sweeps a warm-up of `count` is cut; the chains learn before each of them but the first.
  public static func stages(_ count: Int) -> [Int] {
    let stops = [0, count / 8, count / 4, count / 2, 3 * count / 4, count]
    return zip(stops.dropFirst(), stops).map { $0 - $1 }
  }
}

extension FieldChain {
  /// Runs `count` sweeps that adapt the proposals, which are frozen afterwards: one chain by itself.
  @inlinable
  public mutating func warmUp(_ count: Int) {
    var alone = [self]
    for stage in FieldWarmup.stages(count) {
      Self.learn(&alone)
      alone[0].adapt(sweeps: stage)
    }
    alone[0].endWarmUp()
    self = alone[0]
  }

  /// Runs sweeps that adapt the length of trajectories' steps and collect what `learn` needs; a stage may be run in parts.
  @inlinable
  public mutating func adapt(sweeps count: Int) {
    for _ in 0..<count {
      sweep()
      sweepsSeen += 1
      for k in positions.indices { positionSums[k] += positions[k] }
      moments.add(model.prior.coordinates(of: hyper))
    }
  }

  /// Begins to collect anew.
  @inlinable
  mutating func forgetSweeps() {
    positionSums = [L](repeating: 0, count: positions.count)
    sweepsSeen = 0
    moments = PopulationMoments(dimension: moments.mean.count)
  }

  /// Expands the surrogates about the mean positions that all `chains` have seen in their last stage, and lays the
  /// trajectories' coordinates about them and the mean of the populations; chains that have seen nothing yet learn nothing.
  @inlinable
  public static func learn(_ chains: inout [FieldChain]) {
    defer { for index in chains.indices { chains[index].forgetSweeps() } }
    guard var first = chains.first, first.sweepsSeen > 8 else { return }
    for chain in chains.dropFirst() {
      first.sweepsSeen += chain.sweepsSeen
      for k in first.positionSums.indices { first.positionSums[k] += chain.positionSums[k] }
      first.moments.pool(chain.moments)
    }
    let means = first.positionSums.map { $0 / L(Double(first.sweepsSeen)) }
    first.renewSurrogate(at: means)
    var reference = first.moves.motion ? first.reference(at: means) : nil
    if let found = reference {
      let curvatures = chains.indices.map { index in
        var chain = chains[index]
        chain.motion.follow(found)
        return chain.populationCurvature(found)
      }.filter { !$0.isEmpty }
      let sum = curvatures.dropFirst().reduce(curvatures.first ?? []) { zip($0, $1).map { $0 + $1 } }
      reference?.narrow(to: sum.map { $0 / Double(curvatures.count) })
    }
    let isSearched = first.moves.patches && (!first.patches.isEmpty || first.isScouted(at: means))
    let patches = isSearched ? Self.patches(seenBy: chains) : []
    for index in chains.indices {
      chains[index].patches = patches
      chains[index].surrogate = first.surrogate
      chains[index].motion.follow(reference)
    }
  }

  /// The coordinates of trajectories about the surrogates that were expanded at `means`, and the populations seen.
  @inlinable
  func reference(at means: [L]) -> FieldReference? {
    let factor = moments.factor
    let population = factor == nil ? nil : model.prior.setting(to: moments.mean, of: hyper)
    return FieldReference(
      surrogate, at: means, layout: model.layout, graph: model.graph, prior: model.prior,
      population: population ?? hyper, factor: factor ?? model.prior.firstFactor)
  }

  /// Ends the adaptation.
  @inlinable
  public mutating func endWarmUp() {
    positionSums = []
    acceptedSites = [0, 0]
    triedSites = [0, 0]
    motion.freeze()
  }
}
