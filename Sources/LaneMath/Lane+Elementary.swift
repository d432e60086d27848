// Elementary functions, one body for one number and for eight. Coefficients are minimax polynomials (Remez
// exchange in 60-digit arithmetic); the argument reductions are those of Tang (1989, doi:10.1145/63522.214389).

/// 1.5 · 2⁵²: adding it rounds a number of magnitude below 2⁵¹ to an integer, which then stands in the low bits.
@usableFromInline let roundingShift = 6_755_399_441_055_744.0
@usableFromInline let log2E = 1.442_695_040_888_963_4
/// ln 2 = `ln2High` + `ln2Low`; `ln2High` ends in 20 zero bits, so that its product with an exponent is exact.
@usableFromInline let ln2High = 0x1.62e42feep-1
@usableFromInline let ln2Low = 0x1.a39ef35793c76p-33

extension Lane {
  /// eˣ, to 1 ulp for x in [−708, 709].
  ///
  /// x = k ln 2 + r with |r| ≤ ½ ln 2, eˣ = 2ᵏ (1 + r + r² P(r)).
  /// - Below −708 the result is 0 (no subnormals), above 709 it is +∞; NaN gives NaN.
  @inlinable
  public static func exp(_ x: Self) -> Self {
    let shifted = log2E * x + Self(roundingShift)
    let k = shifted - Self(roundingShift)
    let r = (x - ln2High * k) - ln2Low * k
    var p = Self(0x1.ad7f6f0e249f8p-26)
    p = p * r + Self(0x1.28ad72cd4aaf9p-22)
    p = p * r + Self(0x1.71df255235e0ap-19)
    p = p * r + Self(0x1.a0199a0c66196p-16)
    p = p * r + Self(0x1.a01a012a57b5ep-13)
    p = p * r + Self(0x1.6c16c1842a126p-10)
    p = p * r + Self(0x1.1111111127be5p-7)
    p = p * r + Self(0x1.555555555087p-5)
    p = p * r + Self(0x1.55555555554fap-3)
    p = p * r + Self(0x1.000000000000ap-1)
    let mantissa = 1 + (r + (r * r) * p)
    let power = Self(bits: shifted.bits.adding(Bits(repeating: 1023)).shiftedLeft(52))
    let inRange = select(x < -708, 0, mantissa * power)
    return select(Self(709) < x, Self(Double.infinity), inRange)
  }

  /// ln x, to 1 ulp for normal x > 0.
  ///
  /// x = 2ᵏ (1 + f) with 1 + f in [√½, √2); with s = f / (2 + f) and z = s²,
  /// ln(1 + f) = f − f²/2 + s (f²/2 + z P(z)).
  /// - Zero and subnormal x give −∞, negative x NaN, +∞ gives +∞, NaN gives NaN.
  @inlinable
  public static func log(_ x: Self) -> Self {
    // Adding the distance from √½ to 1 in bits makes the exponent field step at √½ instead of at 1.
    let offset = Bits(repeating: 0x3ff0_0000_0000_0000 - 0x3fe6_a09e_667f_3bcd)
    let biased = x.bits.adding(offset)
    let exponentField = biased.shiftedRight(52)
    let k = Self(bits: exponentField.or(Bits(repeating: 0x4330_0000_0000_0000))) - Self(4_503_599_627_371_519)
    let fraction = biased.and(Bits(repeating: 0x000f_ffff_ffff_ffff)).adding(
      Bits(repeating: 0x3fe6_a09e_667f_3bcd))
    let f = Self(bits: fraction) - 1
    let s = f / (2 + f)
    let z = s * s
    var p = Self(0.146_178_729_525_069_147_81)
    p = p * z + Self(0.153_315_969_324_489_670_46)
    p = p * z + Self(0.181_828_932_197_858_444_22)
    p = p * z + Self(0.222_222_110_722_308_222_15)
    p = p * z + Self(0.285_714_286_263_993_868_99)
    p = p * z + Self(0.399_999_999_998_984_443_86)
    p = p * z + Self(0.666_666_666_666_666_972_91)
    let halfSquare = 0.5 * (f * f)
    let tail = s * (halfSquare + z * p) + ln2Low * k
    let positive = ln2High * k - ((halfSquare - tail) - f)
    let finite = select(x < Self(Double.infinity), positive, x)
    let atZero = select(x < Self(Double.leastNormalMagnitude), Self(-Double.infinity), finite)
    return select(x < 0, Self(Double.nan), atZero)
  }

  /// (cos 2πu, sin 2πu) for u in [0, 1), to 4 ulp of 1.
  ///
  /// u = q/4 + t with |t| ≤ ⅛; polynomials in t² give the sine and cosine of 2πt, and q turns by quarters.
  @inlinable
  public static func cosineAndSine(turns u: Self) -> (cosine: Self, sine: Self) {
    let shifted = 4 * u + Self(roundingShift)
    let (cosine, sine) = cosineAndSineNearZero(turns: u - 0.25 * (shifted - Self(roundingShift)))
    // Odd quarters swap sine and cosine; the second and third quarter flip signs.
    let quarter = shifted.bits
    let odd = Self(bits: quarter.and(Bits(repeating: 1)).or(Bits(repeating: 0x3ff0_0000_0000_0000))) - 1
    let isOdd = Self(0) < odd
    let sineSign = quarter.and(Bits(repeating: 2)).shiftedLeft(62)
    let cosineSign = quarter.adding(Bits(repeating: 1)).and(Bits(repeating: 2)).shiftedLeft(62)
    let turnedCosine = select(isOdd, sine, cosine)
    let turnedSine = select(isOdd, cosine, sine)
    return (
      Self(bits: turnedCosine.bits.xor(cosineSign)), Self(bits: turnedSine.bits.xor(sineSign))
    )
  }

  /// (cos ½πu, sin ½πu) for u in [0, 1), both positive but for rounding: an eighth of a turn from where the polynomials are.
  @inlinable
  public static func cosineAndSine(quarterTurns u: Self) -> (cosine: Self, sine: Self) {
    let (cosine, sine) = cosineAndSineNearZero(turns: 0.25 * u - Self(0.125))
    return (0.707_106_781_186_547_5 * (cosine - sine), 0.707_106_781_186_547_5 * (cosine + sine))
  }

  /// (cos 2πt, sin 2πt) for |t| ≤ ⅛.
  @inlinable
  static func cosineAndSineNearZero(turns t: Self) -> (cosine: Self, sine: Self) {
    let w = t * t
    var s = Self(3.780_868_265_848_625_602_9)
    s = s * w - Self(15.093_804_190_815_776_079)
    s = s * w + Self(42.058_685_020_091_550_106)
    s = s * w - Self(76.705_859_704_276_159_133)
    s = s * w + Self(81.605_249_275_948_049_061)
    s = s * w - Self(41.341_702_240_399_636_236)
    s = s * w + Self(6.283_185_307_179_586_456_7)
    let sine = s * t
    var c = Self(-1.696_848_826_806_927_311_1)
    c = c * w + Self(7.903_090_659_381_176_894)
    c = c * w - Self(26.426_250_908_159_151_28)
    c = c * w + Self(60.244_641_328_863_922_2)
    c = c * w - Self(85.456_817_206_522_602_6)
    c = c * w + Self(64.939_394_022_667_957_53)
    c = c * w - Self(19.739_208_802_178_717)
    return (c * w + 1, sine)
  }

  /// 1 / (1 + e⁻ˣ): the inverse of the logit.
  @inlinable
  public static func logistic(_ x: Self) -> Self { 1 / (1 + exp(-x)) }
}
