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

  /// Runs sweeps that adapt the sizes of the random walks and collect what `learn` needs.
  @inlinable
  public mutating func adapt(sweeps count: Int) {
    positionSums = [L](repeating: 0, count: positions.count)
    sweepsSeen = 0
    for _ in 0..<count {
      sweep()
      sweepsSeen += 1
      for k in positions.indices { positionSums[k] += positions[k] }
      transport.learn(model.prior.coordinates(of: hyper), time: sweepsSeen)
      let gain = min(0.5, 3 / Double.exp(0.6 * Double.log(Double(sweepsSeen + 1))))
      if moves.shift { shift.logScale += gain * ((shift.wasAccepted ? 1 : 0) - 0.3) }
    }
  }

  /// Expands the surrogates about the mean positions that all `chains` have seen in their last stage, and takes over the
  /// mean and covariance of their populations; chains that have seen nothing yet learn nothing.
  @inlinable
  public static func learn(_ chains: inout [FieldChain]) {
    guard var first = chains.first, first.sweepsSeen > 8 else { return }
    for chain in chains.dropFirst() {
      first.sweepsSeen += chain.sweepsSeen
      for k in first.positionSums.indices { first.positionSums[k] += chain.positionSums[k] }
      first.transport.pool(chain.transport)
    }
    first.renewSurrogate(draws: first.sweepsSeen)
    first.transport.adapt()
    for index in chains.indices {
      chains[index].surrogate = first.surrogate
      chains[index].anchor = first.anchor
      chains[index].transport = first.transport
      chains[index].followInformation()
    }
  }

  /// Ends the adaptation.
  @inlinable
  public mutating func endWarmUp() {
    positionSums = []
    acceptedSites = [0, 0]
    triedSites = [0, 0]
    transport.forgetCounts()
  }

  /// The size of the population's random walk, in units of its SD in the warm-up.
  public var transportScale: Double { Double.exp(transport.logScale) }

  /// The shares of accepted moves of the population with its fields: random walks and autoregressions.
  public var transportAcceptance: [Double] {
    zip(transport.accepted, transport.tried).map { Double($0) / Double(max(1, $1)) }
  }
}
