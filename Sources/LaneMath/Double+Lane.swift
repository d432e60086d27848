extension Double: Lane {
  public typealias Mask = Bool
  public typealias Bits = UInt64

  public static var count: Int { 1 }

  @inlinable
  public subscript(lane: Int) -> Double {
    get { self }
    set { self = newValue }
  }

  @inlinable
  public static func select(_ mask: Bool, _ ifTrue: Double, _ ifFalse: Double) -> Double {
    mask ? ifTrue : ifFalse
  }

  @inlinable
  public var bits: UInt64 { bitPattern }

  @inlinable
  public init(bits: UInt64) { self = Double(bitPattern: bits) }
}

extension Bool: LaneMask {
  @inlinable
  public init(repeating value: Bool) { self = value }

  @inlinable
  public subscript(lane: Int) -> Bool {
    get { self }
    set { self = newValue }
  }

  @inlinable
  public static func and(_ a: Bool, _ b: Bool) -> Bool { a && b }

  @inlinable
  public static func or(_ a: Bool, _ b: Bool) -> Bool { a || b }
}

extension UInt64: LaneBits {
  @inlinable
  public init(repeating value: UInt64) { self = value }

  @inlinable
  public subscript(lane: Int) -> UInt64 {
    get { self }
    set { self = newValue }
  }

  @inlinable
  public func adding(_ other: UInt64) -> UInt64 { self &+ other }

  @inlinable
  public func and(_ other: UInt64) -> UInt64 { self & other }

  @inlinable
  public func or(_ other: UInt64) -> UInt64 { self | other }

  @inlinable
  public func xor(_ other: UInt64) -> UInt64 { self ^ other }

  @inlinable
  public func shiftedLeft(_ count: UInt64) -> UInt64 { self &<< count }

  @inlinable
  public func shiftedRight(_ count: UInt64) -> UInt64 { self &>> count }
}
