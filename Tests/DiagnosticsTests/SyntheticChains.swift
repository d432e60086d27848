import GSLSupport

/// Chains with known properties.
enum SyntheticChains {
  /// Stationary AR(1) chains x_t = φ x_(t−1) + √(1 − φ²) ε_t, of marginal N(0, 1).
  static func autoregressive(_ phi: Double, chains: Int, draws: Int, seed: UInt64) -> [[Double]] {
    (0..<chains).map { chain in
      var random = RandomStream(StreamKey(seed: seed, chain: chain, purpose: .simulation))
      var x = random.normal()
      return (0..<draws).map { _ in
        defer { x = phi * x + (1 - phi * phi).squareRoot() * random.normal() }
        return x
      }
    }
  }

  /// Independent standard normal draws.
  static func independent(chains: Int, draws: Int, seed: UInt64) -> [[Double]] {
    autoregressive(0, chains: chains, draws: draws, seed: seed)
  }
}
