internal import CGSL
internal import CGSLGenerators

/// The generators of GSL that a run can choose from.
///
/// Only xoshiro256++ takes all 64 bits of a key's seed. GSL seeds the others with 31 or 32 bits: among 100,000 voxels
/// of 4 chains some twenty pairs of streams then coincide, which leaves every chain right and correlates the Monte Carlo
/// errors of those pairs.
public enum Generator: String, Sendable, CaseIterable, Codable {
  /// xoshiro256++ (Blackman and Vigna 2021): the default, with the cheapest seeding.
  case xoshiro256pp = "xoshiro256++"
  /// Mersenne twister (Matsumoto and Nishimura 1998).
  case mt19937
  /// RANLUX at luxury level 2 in double precision (Lüscher 1994).
  case ranlxd2
  /// Maximally equidistributed combined Tausworthe generator (L'Ecuyer 1999).
  case taus2
}

/// A stream of random numbers: one GSL generator, seeded by a key, owned by one task.
///
/// - The same key and generator give the same numbers on every platform.
/// - Not copyable: two users can never share, or repeat, a stream by accident.
@safe
public struct RandomStream: ~Copyable {
  private let generator: UnsafeMutablePointer<gsl_rng>

  /// The stream of `key`, at its beginning.
  public init(_ key: StreamKey, generator kind: Generator = .xoshiro256pp) {
    _ = GSL.quiet
    let type =
      switch kind {
      case .xoshiro256pp: unsafe ivb_rng_xoshiro256pp()
      case .mt19937: unsafe ivb_rng_mt19937()
      case .ranlxd2: unsafe ivb_rng_ranlxd2()
      case .taus2: unsafe ivb_rng_taus2()
      }
    guard let generator = unsafe gsl_rng_alloc(type) else {
      preconditionFailure("out of memory: a random generator of less than 5 kB could not be allocated")
    }
    unsafe self.generator = generator
    unsafe gsl_rng_set(generator, UInt(key.generatorSeed))
  }

  /// The four words that seed xoshiro256++ for `key`, for code that runs the same recurrence side by side.
  public static func xoshiroState(of key: StreamKey) -> [UInt64] {
    var state: [UInt64] = [0, 0, 0, 0]
    unsafe state.withUnsafeMutableBufferPointer { buffer in
      unsafe ivb_xoshiro256pp_seed(key.generatorSeed, buffer.baseAddress)
    }
    return state
  }

  deinit { unsafe gsl_rng_free(generator) }

  /// A number uniform on [0, 1).
  public mutating func uniform() -> Double { unsafe gsl_rng_uniform(generator) }

  /// A number uniform on (0, 1).
  public mutating func uniformPositive() -> Double { unsafe gsl_rng_uniform_pos(generator) }

  /// An integer uniform on 0 ..< `bound`, for a bound from 1 to 2³² − 1.
  public mutating func uniformInteger(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "the bound must lie in 1 ... 2³² − 1")
    // Lemire's multiply-shift on a 53-bit uniform: the bias is below 2⁻²¹ of one count.
    return min(bound - 1, Int(Double(bound) * uniform()))
  }

  /// A standard normal number (ziggurat, Marsaglia and Tsang 2000).
  public mutating func normal() -> Double { unsafe gsl_ran_gaussian_ziggurat(generator, 1) }

  /// A normal number with this mean and standard deviation.
  public mutating func normal(mean: Double, standardDeviation: Double) -> Double {
    mean + standardDeviation * normal()
  }

  /// A gamma number of density ∝ x^(shape − 1) e^(−rate x).
  public mutating func gamma(shape: Double, rate: Double) -> Double {
    unsafe gsl_ran_gamma(generator, shape, 1 / rate)
  }

  /// An inverse-gamma number of density ∝ x^(−shape − 1) e^(−scale / x).
  public mutating func inverseGamma(shape: Double, scale: Double) -> Double {
    scale / gamma(shape: shape, rate: 1)
  }

  /// A beta number of density ∝ x^(a − 1) (1 − x)^(b − 1).
  public mutating func beta(_ a: Double, _ b: Double) -> Double { unsafe gsl_ran_beta(generator, a, b) }

  /// An exponential number with this rate.
  public mutating func exponential(rate: Double) -> Double { unsafe gsl_ran_exponential(generator, 1 / rate) }

  /// A number of Student's t distribution with these degrees of freedom.
  public mutating func studentT(degreesOfFreedom: Double) -> Double {
    unsafe gsl_ran_tdist(generator, degreesOfFreedom)
  }

  /// A χ² number with these degrees of freedom.
  public mutating func chiSquared(degreesOfFreedom: Double) -> Double {
    unsafe gsl_ran_chisq(generator, degreesOfFreedom)
  }

  /// True with this probability.
  public mutating func bernoulli(_ probability: Double) -> Bool { uniform() < probability }

  /// Dirichlet(1, …, 1) weights of `count` items: the weights of a Bayesian bootstrap (Rubin 1981).
  public mutating func uniformDirichlet(count: Int) -> [Double] {
    let exponentials = (0..<count).map { _ in exponential(rate: 1) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
  }
}
