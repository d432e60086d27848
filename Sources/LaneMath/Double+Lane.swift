extension Double: Lane {
  /// One truth value.
  public typealias Mask = Bool
  /// One bit pattern.
  public typealias Bits = UInt64

  /// 1.
  public static var count: Int { 1 }

  /// The number itself, whatever the position.
  @inlinable @inline(__always)
  public subscript(lane: Int) -> Double {
    get { self }
    set { self = newValue }
  }

  /// `ifTrue` where the mask holds, else `ifFalse`.
  @inlinable @inline(__always)
  public static func select(_ mask: Bool, _ ifTrue: Double, _ ifFalse: Double) -> Double {
    mask ? ifTrue : ifFalse
  }

  /// One number of an array.
  @inlinable @inline(__always)
  public init(_ values: [Double], from start: Int) { self = values[start] }

  /// Writes the number.
  @inlinable @inline(__always)
  public func store(into values: inout [Double], from start: Int) { values[start] = self }

  /// The IEEE 754 bit pattern.
  @inlinable @inline(__always)
  public var bits: UInt64 { bitPattern }

  /// The number of a bit pattern.
  @inlinable @inline(__always)
  public init(bits: UInt64) { self = Double(bitPattern: bits) }
}

extension Bool: LaneMask {
  /// The value itself.
  @inlinable @inline(__always)
  public init(repeating value: Bool) { self = value }

  /// The truth value itself, whatever the position.
  @inlinable @inline(__always)
  public subscript(lane: Int) -> Bool {
    get { self }
    set { self = newValue }
  }

  /// True where both are.
  @inlinable @inline(__always)
  public static func and(_ a: Bool, _ b: Bool) -> Bool { a && b }

  /// True where either is.
  @inlinable @inline(__always)
  public static func or(_ a: Bool, _ b: Bool) -> Bool { a || b }
}

extension UInt64: LaneBits {
  /// The pattern itself.
  @inlinable @inline(__always)
  public init(repeating value: UInt64) { self = value }

  /// The pattern itself, whatever the position.
  @inlinable @inline(__always)
  public subscript(lane: Int) -> UInt64 {
    get { self }
    set { self = newValue }
  }

  /// The sum modulo 2⁶⁴.
  @inlinable @inline(__always)
  public func adding(_ other: UInt64) -> UInt64 { self &+ other }

  /// The bits set in both.
  @inlinable @inline(__always)
  public func and(_ other: UInt64) -> UInt64 { self & other }

  /// The bits set in either.
  @inlinable @inline(__always)
  public func or(_ other: UInt64) -> UInt64 { self | other }

  /// The bits set in exactly one.
  @inlinable @inline(__always)
  public func xor(_ other: UInt64) -> UInt64 { self ^ other }

  /// The bits moved `count` places up, zeros from below.
  @inlinable @inline(__always)
  public func shiftedLeft(_ count: UInt64) -> UInt64 { self &<< count }

  /// The bits moved `count` places down, zeros from above.
  @inlinable @inline(__always)
  public func shiftedRight(_ count: UInt64) -> UInt64 { self &>> count }
}
