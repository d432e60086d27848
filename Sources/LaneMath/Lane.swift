/// One number, or eight side by side: what every formula of the package is written over.
///
/// A formula has one generic body over `Lane`. With `Double` it is the readable reference; with `Lane8` it does the
/// same operations in the same order for eight voxels at once, so that each of the eight results is bit-identical
/// to the scalar one. There is no fused multiply-add anywhere: it would change the last bit between machines.
public protocol Lane: Sendable, Equatable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral
where FloatLiteralType == Double {
  /// One truth value for each number.
  associatedtype Mask: LaneMask
  /// One 64-bit pattern for each number.
  associatedtype Bits: LaneBits

  /// How many numbers stand side by side.
  static var count: Int { get }
  /// `value` in every position.
  init(_ value: Double)
  /// The number at position `lane`.
  subscript(lane: Int) -> Double { get set }

  /// The sums, position by position.
  static func + (a: Self, b: Self) -> Self
  /// The differences, position by position.
  static func - (a: Self, b: Self) -> Self
  /// The products, position by position.
  static func * (a: Self, b: Self) -> Self
  /// The quotients, position by position.
  static func / (a: Self, b: Self) -> Self
  /// The numbers with their signs changed, that of zero too.
  static prefix func - (a: Self) -> Self
  /// Adds position by position.
  static func += (a: inout Self, b: Self)
  /// Subtracts position by position.
  static func -= (a: inout Self, b: Self)
  /// Multiplies position by position.
  static func *= (a: inout Self, b: Self)
  /// One factor for every position.
  static func * (a: Double, b: Self) -> Self
  /// One summand for every position.
  static func + (a: Double, b: Self) -> Self
  /// One minuend for every position.
  static func - (a: Double, b: Self) -> Self

  /// The square roots, correctly rounded.
  func squareRoot() -> Self
  /// Where `a` is smaller than `b`; false beside NaN.
  static func < (a: Self, b: Self) -> Mask
  /// `ifTrue` where the mask holds, `ifFalse` elsewhere.
  static func select(_ mask: Mask, _ ifTrue: Self, _ ifFalse: Self) -> Self

  /// The numbers of `values` from index `start` on, as many as there are lanes.
  init(_ values: [Double], from start: Int)
  /// Writes the numbers to `values` from index `start` on.
  func store(into values: inout [Double], from start: Int)

  /// The numbers as bit patterns.
  var bits: Bits { get }
  /// The numbers of bit patterns.
  init(bits: Bits)
}

/// Truth values, one for each lane.
public protocol LaneMask: Sendable {
  /// `value` in every position.
  init(repeating value: Bool)
  /// The truth value at position `lane`.
  subscript(lane: Int) -> Bool { get set }
  /// True where both are.
  static func and(_ a: Self, _ b: Self) -> Self
  /// True where either is.
  static func or(_ a: Self, _ b: Self) -> Self
}

/// 64-bit patterns, one for each lane, with wrapping arithmetic. Methods rather than operators, so that no integer
/// expression elsewhere gains an overload.
public protocol LaneBits: Sendable, Equatable {
  /// `value` in every position.
  init(repeating value: UInt64)
  /// The pattern at position `lane`.
  subscript(lane: Int) -> UInt64 { get set }
  /// The sums modulo 2⁶⁴.
  func adding(_ other: Self) -> Self
  /// The bits set in both.
  func and(_ other: Self) -> Self
  /// The bits set in either.
  func or(_ other: Self) -> Self
  /// The bits set in exactly one.
  func xor(_ other: Self) -> Self
  /// The bits moved `count` places up, zeros from below.
  func shiftedLeft(_ count: UInt64) -> Self
  /// The bits moved `count` places down, zeros from above.
  func shiftedRight(_ count: UInt64) -> Self
}

extension Lane {
  /// The smaller of two numbers, position by position.
  @inlinable @inline(__always)
  public static func minimum(_ a: Self, _ b: Self) -> Self { select(b < a, b, a) }

  /// The larger of two numbers, position by position.
  @inlinable @inline(__always)
  public static func maximum(_ a: Self, _ b: Self) -> Self { select(a < b, b, a) }

  /// The magnitude.
  @inlinable @inline(__always)
  public var magnitudes: Self { Self(bits: bits.and(Bits(repeating: 0x7fff_ffff_ffff_ffff))) }

  /// True where the number is neither infinite nor NaN.
  @inlinable @inline(__always)
  public var areFinite: Mask { magnitudes < Self(Double.infinity) }

  /// The numbers as an array of `count`.
  public var array: [Double] { (0..<Self.count).map { self[$0] } }

  /// The numbers of an array; positions beyond its end repeat its last element.
  @inlinable @inline(__always)
  public init(_ array: some RandomAccessCollection<Double>) {
    var lanes = Self(array.last ?? 0)
    for (lane, value) in array.prefix(Self.count).enumerated() { lanes[lane] = value }
    self = lanes
  }
}
