internal import GSLSupport

/// The kinetic energy of a Hamiltonian sampler: K(p) = ½ Σ s_i p_i², where s_i is an estimate of Var x_i.
///
/// Momenta are N(0, 1/s_i), so that every coordinate crosses its posterior in about the same time (Neal 2011, section
/// 5.4.2.4). Correlations are left to the trajectory.
struct DiagonalMetric: Sendable, Equatable {
  /// s, one positive number for each coordinate.
  var variances: [Double]

  /// A momentum of this metric.
  func momentum(using random: inout RandomStream) -> [Double] {
    variances.map { random.normal() / $0.squareRoot() }
  }

  /// ρ · ∂K/∂p = Σ ρ_i s_i p_i: positive while a trajectory with the sum of momenta ρ still moves away.
  func progress(of momentum: [Double], along sum: [Double]) -> Double {
    var total = 0.0
    for i in variances.indices { total += sum[i] * variances[i] * momentum[i] }
    return total
  }

  /// K(p).
  func kineticEnergy(of momentum: [Double]) -> Double { 0.5 * progress(of: momentum, along: momentum) }
}
