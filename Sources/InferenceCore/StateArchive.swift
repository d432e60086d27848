public import LaneMath

/// The state of work that goes on later, as bytes: written and read by the same code.
///
/// A type lists what it holds in one method, `transfer(through:)`. An archive that is being written takes every number up;
/// one that is being read puts it in place. Nothing can be written and not read, and numbers keep their bits.
///
/// - What follows from the model and the options is not in the archive: it is read into something newly made of them.
/// - Arrays are read into arrays of their length. Bytes that do not fit, or end too soon, make the archive invalid; from
///   then on nothing is changed any more, and what has been read is of no use.
public struct StateArchive: Sendable {
  /// What was written.
  public private(set) var bytes: [UInt8]
  /// Whether the archive is read, not written.
  public let isReading: Bool
  /// False from the first number on that did not fit.
  public private(set) var isValid = true
  /// Where the next number is read.
  private var place = 0

  /// An archive to write.
  public init() {
    bytes = []
    isReading = false
  }

  /// An archive to read, of what was written.
  public init(reading bytes: [UInt8]) {
    self.bytes = bytes
    isReading = true
  }

  /// True if all was read, and fitted.
  public var isUsedUp: Bool { isValid && place == bytes.count }

  /// How many bytes there are still to read; without end if the archive is written.
  public var room: Int { isReading ? bytes.count - place : .max }

  /// Says that what was read cannot be used.
  public mutating func invalidate() { isValid = false }

  /// Little-endian.
  private mutating func transferBits<Bits: FixedWidthInteger>(_ bits: inout Bits) {
    let width = Bits.bitWidth / 8
    guard isReading else {
      for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: bits >> Bits(8 * index))) }
      return
    }
    guard isValid, room >= width else { return invalidate() }
    bits = 0
    for index in 0..<width { bits |= Bits(bytes[place + index]) << Bits(8 * index) }
    place += width
  }

  /// A pattern of bits.
  public mutating func transfer(_ bits: inout UInt64) { transferBits(&bits) }

  /// A number, with its bits.
  public mutating func transfer(_ number: inout Double) {
    var bits = number.bitPattern
    transferBits(&bits)
    if isReading { number = Double(bitPattern: bits) }
  }

  /// A number, with its bits.
  public mutating func transfer(_ number: inout Float) {
    var bits = number.bitPattern
    transferBits(&bits)
    if isReading { number = Float(bitPattern: bits) }
  }

  /// A whole number that lies in `range`.
  public mutating func transfer(_ number: inout Int, in range: ClosedRange<Int>) {
    var bits = UInt64(bitPattern: Int64(number))
    transferBits(&bits)
    guard isReading, isValid else { return }
    let found = Int(Int64(bitPattern: bits))
    if range.contains(found) { number = found } else { invalidate() }
  }

  /// A count of things that were done.
  public mutating func transfer(_ count: inout Int) { transfer(&count, in: 0...(1 << 53)) }

  /// True or false.
  public mutating func transfer(_ truth: inout Bool) {
    var number = truth ? 1 : 0
    transfer(&number, in: 0...1)
    truth = number == 1
  }

  /// A number that must be the same in what was written and where it is read.
  public mutating func expect(_ number: Int) {
    var found = number
    transfer(&found, in: number...number)
  }

  /// As many numbers as the array has.
  public mutating func transfer(_ numbers: inout [Float]) {
    expect(numbers.count)
    guard isValid else { return }
    for index in numbers.indices { transfer(&numbers[index]) }
  }

  /// As many lanes, or numbers, as the array has.
  public mutating func transfer<L: Lane>(_ lanes: inout [L]) {
    expect(lanes.count)
    guard isValid else { return }
    for index in lanes.indices {
      for lane in 0..<L.count { transfer(&lanes[index][lane]) }
    }
  }
}
