/// Eight numbers side by side.
@frozen
public struct Lane8: Lane {
  public typealias Bits = SIMD8<UInt64>

  public var numbers: SIMD8<Double>

  /// The eight numbers of a SIMD vector.
  @inlinable
  public init(_ numbers: SIMD8<Double>) { self.numbers = numbers }

  @inlinable
  public init(_ value: Double) { numbers = SIMD8(repeating: value) }

  @inlinable
  public init(floatLiteral value: Double) { numbers = SIMD8(repeating: value) }

  @inlinable
  public init(integerLiteral value: Int64) { numbers = SIMD8(repeating: Double(value)) }

  @inlinable
  public static var count: Int { 8 }

  @inlinable
  public subscript(lane: Int) -> Double {
    get { numbers[lane] }
    set { numbers[lane] = newValue }
  }

  @inlinable
  public static func + (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers + b.numbers) }

  @inlinable
  public static func - (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers - b.numbers) }

  @inlinable
  public static func * (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers * b.numbers) }

  @inlinable
  public static func / (a: Lane8, b: Lane8) -> Lane8 { Lane8(a.numbers / b.numbers) }

  @inlinable
  public static prefix func - (a: Lane8) -> Lane8 { Lane8(-a.numbers) }

  @inlinable
  public static func += (a: inout Lane8, b: Lane8) { a.numbers += b.numbers }

  @inlinable
  public static func -= (a: inout Lane8, b: Lane8) { a.numbers -= b.numbers }

  @inlinable
  public static func *= (a: inout Lane8, b: Lane8) { a.numbers *= b.numbers }

  @inlinable
  public static func * (a: Double, b: Lane8) -> Lane8 { Lane8(a * b.numbers) }

  @inlinable
  public static func + (a: Double, b: Lane8) -> Lane8 { Lane8(a + b.numbers) }

  @inlinable
  public static func - (a: Double, b: Lane8) -> Lane8 { Lane8(a - b.numbers) }

  @inlinable
  public func squareRoot() -> Lane8 { Lane8(numbers.squareRoot()) }

  @inlinable
  public static func < (a: Lane8, b: Lane8) -> Mask8 { Mask8(a.numbers .< b.numbers) }

  @inlinable
  public static func select(_ mask: Mask8, _ ifTrue: Lane8, _ ifFalse: Lane8) -> Lane8 {
    Lane8(ifFalse.numbers.replacing(with: ifTrue.numbers, where: mask.truths))
  }

  @inlinable
  public var bits: SIMD8<UInt64> { unsafe unsafeBitCast(numbers, to: SIMD8<UInt64>.self) }

  @inlinable
  public init(bits: SIMD8<UInt64>) { numbers = unsafe unsafeBitCast(bits, to: SIMD8<Double>.self) }
}

/// Eight truth values.
@frozen
public struct Mask8: LaneMask {
  public var truths: SIMDMask<SIMD8<Int64>>

  /// The eight truth values of a SIMD mask.
  @inlinable
  public init(_ truths: SIMDMask<SIMD8<Int64>>) { self.truths = truths }

  @inlinable
  public init(repeating value: Bool) { truths = SIMDMask(repeating: value) }

  @inlinable
  public subscript(lane: Int) -> Bool {
    get { truths[lane] }
    set { truths[lane] = newValue }
  }

  @inlinable
  public static func and(_ a: Mask8, _ b: Mask8) -> Mask8 { Mask8(a.truths .& b.truths) }

  @inlinable
  public static func or(_ a: Mask8, _ b: Mask8) -> Mask8 { Mask8(a.truths .| b.truths) }
}

extension SIMD8<UInt64>: LaneBits {
  @inlinable
  public func adding(_ other: Self) -> Self { self &+ other }

  @inlinable
  public func and(_ other: Self) -> Self { self & other }

  @inlinable
  public func or(_ other: Self) -> Self { self | other }

  @inlinable
  public func xor(_ other: Self) -> Self { self ^ other }

  @inlinable
  public func shiftedLeft(_ count: UInt64) -> Self { self &<< Self(repeating: count) }

  @inlinable
  public func shiftedRight(_ count: UInt64) -> Self { self &>> Self(repeating: count) }
}
