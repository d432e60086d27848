/// The modified Bessel function I_v of one whole order v ≥ 0, scaled so that nothing over- or underflows.
///
///     Λ(x) = log[ Γ(v + 1) (2/x)^v e^(−x) I_v(x) ]        for x ≥ 0
///
/// The powers of x that make I_v vanish at 0 are divided out: Λ(0) = 0, and for v = 0, Λ = log(e^(−x) I₀(x)).
///
/// With q = c/(x + c) and u = 1 − 2q, which maps [0, ∞) to [−1, 1), e^Λ = P(u) q^(v + ½), where P is a polynomial close
/// to 1: the power of q carries the decay x^(−v − ½) of large x. Cost: one division and 39 multiply-adds at order 0.
///
/// - The absolute error of Λ is below 10⁻¹⁵ + 10⁻¹³ |Λ| at order 0, below 10⁻¹² + 10⁻¹² |Λ| up to order 31.
/// - x < 0 and NaN give meaningless numbers; x = +∞ gives NaN.
public struct ScaledBessel: Sendable {
  /// v.
  public let order: Int
  /// c.
  @usableFromInline let scale: Double
  /// The coefficients of P(u), lowest power first, an odd number of them.
  @usableFromInline let coefficients: [Double]

  /// Order 0, the Bessel function of Rician noise; coefficients expanded at 60 digits.
  public static let zero = ScaledBessel(
    order: 0, scale: 9,
    coefficients: [
      0.190_861_590_034_897_83, -0.101_458_466_023_655_5, 0.081_626_543_854_200_97,
      -0.073_879_259_648_106_46, 0.071_524_408_753_342_94, -0.073_279_539_694_612_16,
      0.079_444_734_719_223_88, -0.089_943_776_362_981_7, 0.100_800_049_031_905_34,
      -0.100_370_258_382_081_79, 0.072_909_605_439_794_63, -0.016_617_377_805_453_252,
      -0.037_421_476_611_337_65, 0.042_665_540_081_188_35, 0.003_418_714_782_149_922,
      -0.036_671_228_403_732_284, 0.008_955_852_962_397_528, 0.029_560_507_114_411_997,
      -0.010_242_789_755_397_495, -0.026_177_126_089_880_338, 0.006_670_778_526_833_438,
      0.024_826_411_511_109_734, -0.001_059_086_820_467_836, -0.023_048_718_837_480_55,
      -0.004_417_636_780_436_195, 0.019_287_698_803_157_085, 0.007_681_232_580_576_465,
      -0.013_678_144_209_981_66, -0.007_743_872_114_499_266, 0.007_811_305_256_882_593,
      0.005_459_347_973_043_965_5, -0.003_405_893_311_350_969, -0.002_735_160_336_052_755_4,
      0.001_055_931_627_436_452_8, 0.000_934_261_034_292_019_7, -0.000_206_231_268_810_149_6,
      -0.000_195_716_883_092_789_78, 1.900_571_084_607_026_5e-05, 1.899_967_553_051_941_4e-05,
    ])

  /// The function of whole order `order`, from a Chebyshev interpolation made here in some 10⁵ operations.
  public init(order: Int) {
    precondition((1...127).contains(order), "orders from 1 to 127; order 0 is ScaledBessel.zero")
    let v = Double(order)
    // P(1) = Γ(v + 1) 2^v / (√(2π) c^(v + ½)); a scale that makes it 1 keeps P of one size, small scales need high degrees.
    let logFactorial = (1...order).reduce(0) { $0 + Double.log(Double($1)) }
    let logLimit = logFactorial + v * Double.log(2) - 0.5 * Double.log(2 * .pi)
    let c = max(8, Double.exp(logLimit / (v + 0.5)))
    self.init(
      order: order, scale: c,
      coefficients: ChebyshevPolynomial.powers(degree: 44) { u in
        let x = c * (1 + u) / (1 - u)
        let power = v * Double.log(2 / x) + logFactorial - (v + 0.5) * Double.log(c / (x + c))
        return Double.exp(Self.logMiller(order: order, x) + power)
      })
  }

  private init(order: Int, scale: Double, coefficients: [Double]) {
    self.order = order
    self.scale = scale
    self.coefficients = coefficients
  }

  /// P(u) and q, the factors of e^Λ = P q^(v + ½): callers that add up many Λ multiply first and take one logarithm.
  @inlinable
  public func factors<L: Lane>(_ x: L) -> (polynomial: L, decay: L) {
    let (u, q) = place(x)
    let w = u * u
    var even = L(coefficients[coefficients.count - 1])
    var odd = L(coefficients[coefficients.count - 2])
    var k = coefficients.count - 3
    while k > 1 {
      even = even * w + L(coefficients[k])
      odd = odd * w + L(coefficients[k - 1])
      k -= 2
    }
    return (even * w + L(coefficients[0]) + odd * u, q)
  }

  /// Λ(x).
  @inlinable
  public func logarithm<L: Lane>(_ x: L) -> L {
    let (polynomial, decay) = factors(x)
    return L.log(polynomial) + (Double(order) + 0.5) * L.log(decay)
  }

  /// Λ'(x), from the derivative of the same polynomial.
  ///
  /// - Rises from −1 at x = 0 to 0 at infinity, as −(v + ½)/x.
  /// - Its absolute error is below 10⁻¹² at order 0 and 10⁻¹⁰ up to order 31.
  @inlinable
  public func slope<L: Lane>(_ x: L) -> L {
    let (u, q) = place(x)
    var p = L(coefficients[coefficients.count - 1])
    var slope = L(0)
    var k = coefficients.count - 2
    while k >= 0 {
      slope = slope * u + p
      p = p * u + L(coefficients[k])
      k -= 1
    }
    let qOverC = (1 / scale) * q
    return qOverC * (2 * (q * slope) / p - L(Double(order) + 0.5))
  }

  /// I_(v+1)(x) / I_v(x) = 1 + Λ'(x).
  @inlinable
  public func ratio<L: Lane>(_ x: L) -> L { 1 + slope(x) }

  /// u = 1 − 2q from x/(x + c), which keeps its digits near x = 0, and q.
  @inlinable
  func place<L: Lane>(_ x: L) -> (u: L, q: L) {
    let inverse = 1 / (x + L(scale))
    return (2 * (x * inverse) - 1, scale * inverse)
  }

  /// log[e^(−x) I_v(x)] by Miller's backward recurrence I_(k−1) = I_(k+1) + (2k/x) I_k, normalised by
  /// e^x = I₀ + 2 Σ I_k (Olver 1964, doi:10.6028/jres.068b.006); all terms are positive, so that no digits cancel.
  private static func logMiller(order: Int, _ x: Double) -> Double {
    let start = order + 20 + Int((x * 90).squareRoot() + 0.5 * min(x, 60))
    var above = 0.0
    var current = 1e-250
    var sum = 0.0
    var logWanted = 0.0
    var logShift = 0.0
    for k in stride(from: start, through: 1, by: -1) {
      sum += 2 * current
      (above, current) = (current, above + (2 * Double(k) / x) * current)
      if current > 1e200 {
        (above, current, sum) = (above * 1e-250, current * 1e-250, sum * 1e-250)
        logShift += 250 * Double.log(10)
      }
      if k - 1 == order { logWanted = Double.log(current) + logShift }
    }
    return logWanted - (Double.log(sum + current) + logShift)
  }
}

extension Lane {
  /// log(e^(−x) I₀(x)) for x ≥ 0: the Bessel term of Rician noise, with the error bounds of `ScaledBessel`.
  @inlinable
  public static func logBesselI0Scaled(_ x: Self) -> Self { ScaledBessel.zero.logarithm(x) }

  /// I₁(x)/I₀(x) for x ≥ 0: the derivative of `logBesselI0Scaled` plus one.
  @inlinable
  public static func besselI1OverI0(_ x: Self) -> Self { ScaledBessel.zero.ratio(x) }
}
