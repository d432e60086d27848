/// Eight numbers side by side.
@frozen
public struct Lane8: Lane {
  /// Eight bit patterns.
  public typealias Bits = SIMD8<UInt64>

  /// The numbers, position by position.
  public var numbers: SIMD8<Double>

  /// The eight numbers of a SIMD vector.
  @inlinable @inline(__always)
  public init(_ numbers: SIMD8<Double>) { self.numbers = numbers }

  /// `value` in all eight positions.
  @inlinable @inline(__always)
  public init(_ value: Double) { numbers = SIMD8(repeating: value) }

  /// A literal in all eight positions.
  @inlinable @inline(__always)
  public init(floatLiteral value: Double) { numbers = SIMD8(repeating: value) }

  /// A whole literal in all eight positions.
  @inlinable @inline(__always)
  public init(integerLiteral value: Int64) { numbers = SIMD8(repeating: Double(value)) }

  /// 8.
  @inlinable @inline(__always)
  public static var count: Int { 8 }

  /// The number at position `lane`, 0 to 7.
  @inlinable @inline(__always)
  public subscript(lane: Int) -> Double {
    get { numbers[lane] }
    set { numbers[lane] = newValue }
  }

  /// The eight sums.
  @inlinable @inline(__always)
  public static func + (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers + b.numbers) }

  /// The eight differences.
  @inlinable @inline(__always)
  public static func - (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers - b.numbers) }

  /// The eight products.
  @inlinable @inline(__always)
  public static func * (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers * b.numbers) }

  /// The eight quotients.
  @inlinable @inline(__always)
  public static func / (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers / b.numbers) }

  /// The eight numbers with their signs changed.
  @inlinable @inline(__always)
  public static prefix func - (a: Lane8) -> Lane8 {
    // The library's minus on vectors is 0 − a, which loses the sign of zero.
    Lane8(bits: a.bits.xor(SIMD8(repeating: 0x8000_0000_0000_0000)))
  }

  /// Adds position by position.
  @inlinable @inline(__always)
  public static func += (a: inout Lane8, b: Lane8) { a.numbers += b.numbers }

  /// Subtracts position by position.
  @inlinable @inline(__always)
  public static func -= (a: inout Lane8, b: Lane8) { a.numbers -= b.numbers }

  /// Multiplies position by position.
  @inlinable @inline(__always)
  public static func *= (a: inout Lane8, b: Lane8) { a.numbers *= b.numbers }

  /// One factor for all eight.
  @inlinable @inline(__always)
  public static func * (a: Double, b: Lane8) -> Lane8 { Lane8(a * b.numbers) }

  /// One summand for all eight.
  @inlinable @inline(__always)
  public static func + (a: Double, b: Lane8) -> Lane8 { Lane8(a + b.numbers) }

  /// One minuend for all eight.
  @inlinable @inline(__always)
  public static func - (a: Double, b: Lane8) -> Lane8 { Lane8(a - b.numbers) }

  /// The eight square roots, correctly rounded.
  @inlinable @inline(__always)
  public func squareRoot() -> Lane8 { Lane8(numbers.squareRoot()) }

  /// Which of the eight are smaller; false beside NaN.
  @inlinable @inline(__always)
  public static func < (a: Lane8, b: Lane8) -> Mask8 { Mask8(a.numbers .< b.numbers) }

  /// `ifTrue` where the mask holds, `ifFalse` elsewhere.
  @inlinable @inline(__always)
  public static func select(_ mask: Mask8, _ ifTrue: Lane8, _ ifFalse: Lane8) -> Lane8 {
    Lane8(ifFalse.numbers.replacing(with: ifTrue.numbers, where: mask.truths))
  }

  /// Eight neighbours of an array.
  @inlinable @inline(__always)
  public init(_ values: [Double], from start: Int) {
    precondition(start >= 0 && start + 8 <= values.count, "eight numbers from \(start) on")
    numbers = SIMD8(
      values[start], values[start + 1], values[start + 2], values[start + 3], values[start + 4],
      values[start + 5], values[start + 6], values[start + 7])
  }

  /// Writes the eight numbers side by side.
  @inlinable @inline(__always)
  public func store(into values: inout [Double], from start: Int) {
    precondition(start >= 0 && start + 8 <= values.count, "eight numbers from \(start) on")
    for lane in 0..<8 { values[start + lane] = numbers[lane] }
  }

  /// The IEEE 754 bit patterns.
  @inlinable @inline(__always)
  public var bits: SIMD8<UInt64> { unsafe unsafeBitCast(numbers, to: SIMD8<UInt64>.self) }

  /// The numbers of eight bit patterns.
  @inlinable @inline(__always)
  public init(bits: SIMD8<UInt64>) { numbers = unsafe unsafeBitCast(bits, to: SIMD8<Double>.self) }
}

/// Eight truth values.
@frozen
public struct Mask8: LaneMask {
  /// The truth values, position by position.
  public var truths: SIMDMask<SIMD8<Int64>>

  /// The eight truth values of a SIMD mask.
  @inlinable @inline(__always)
  public init(_ truths: SIMDMask<SIMD8<Int64>>) { self.truths = truths }

  /// `value` in all eight positions.
  @inlinable @inline(__always)
  public init(repeating value: Bool) { truths = SIMDMask(repeating: value) }

  /// The truth value at position `lane`, 0 to 7.
  @inlinable @inline(__always)
  public subscript(lane: Int) -> Bool {
    get { truths[lane] }
    set { truths[lane] = newValue }
  }

  /// True where both are.
  @inlinable @inline(__always)
  public static func and(_ a: Mask8, _ b: Mask8) -> Mask8 { Mask8(a.truths .& b.truths) }

  /// True where either is.
  @inlinable @inline(__always)
  public static func or(_ a: Mask8, _ b: Mask8) -> Mask8 { Mask8(a.truths .| b.truths) }
}

extension SIMD8<UInt64>: LaneBits {
  /// The eight sums modulo 2⁶⁴.
  @inlinable @inline(__always)
  public func adding(_ other: Self) -> Self { self &+ other }

  /// The bits set in both.
  @inlinable @inline(__always)
  public func and(_ other: Self) -> Self { self & other }

  /// The bits set in either.
  @inlinable @inline(__always)
  public func or(_ other: Self) -> Self { self | other }

  /// The bits set in exactly one.
  @inlinable @inline(__always)
  public func xor(_ other: Self) -> Self { self ^ other }

  /// The bits moved `count` places up, zeros from below.
  @inlinable @inline(__always)
  public func shiftedLeft(_ count: UInt64) -> Self { self &<< Self(repeating: count) }

  /// The bits moved `count` places down, zeros from above.
  @inlinable @inline(__always)
  public func shiftedRight(_ count: UInt64) -> Self { self &>> Self(repeating: count) }
}
