public import InferenceCore
public import LaneMath

extension FieldChain {
  /// Runs `count` sweeps that adapt the proposals, which are frozen afterwards.
  ///
  /// The surrogates are expanded anew about the mean positions, and the covariances of the transports learned, after an
  /// eighth, a quarter, a half and three quarters of the sweeps.
  @inlinable
  public mutating func warmUp(_ count: Int) {
    let stops = [count / 8, count / 4, count / 2, 3 * count / 4]
    var since = 0
    positionSums = [L](repeating: 0, count: positions.count)
    for time in 0..<count {
      sweep()
      since += 1
      for k in positions.indices { positionSums[k] += positions[k] }
      for row in transports.indices {
        transports[row].learn(model.prior.coordinates(row: row, of: hyper), time: since)
      }
      let gain = min(0.5, 3 / Double.exp(0.6 * Double.log(Double(since + 1))))
      if moves.shift { shift.logScale += gain * ((shift.wasAccepted ? 1 : 0) - 0.3) }
      guard stops.contains(time) && since > 8 else { continue }
      renewSurrogate(draws: since)
      averageInformation()
      for row in transports.indices { transports[row].adapt() }
      positionSums = [L](repeating: 0, count: positions.count)
      since = 0
    }
    positionSums = []
    acceptedSites = [0, 0]
    triedSites = [0, 0]
    for row in transports.indices {
      transports[row].tried = 0
      transports[row].accepted = 0
    }
  }

  /// The mean information of the sites, for `transport`.
  @inlinable
  mutating func averageInformation() {
    let size = packedIndex(model.dimension, 0)
    meanInformation = [Double](repeating: 0, count: size)
    for group in 0..<model.layout.groupCount {
      for k in 0..<size {
        let own = model.layout.own[group] * surrogate.information[group * size + k]
        for lane in 0..<L.count { meanInformation[k] += own[lane] / Double(model.graph.siteCount) }
      }
    }
    followInformation()
  }

  /// The size of the random walk of every coordinate's population, in units of its SD in the warm-up.
  public var transportScales: [Double] { transports.map { Double.exp($0.logScale) } }

  /// The share of accepted transports of every coordinate.
  public var transportAcceptance: [Double] {
    transports.map { Double($0.accepted) / Double(max(1, $0.tried)) }
  }
}
