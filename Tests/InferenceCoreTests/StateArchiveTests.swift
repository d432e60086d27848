import GSLSupport
import InferenceCore
import LaneMath
import TestSupport
import Testing

/// What is written comes back with its bits, and nothing else is taken for it.
@Suite struct StateArchiveTests {
  /// One of everything that an archive knows.
  private struct Everything: Equatable {
    var bits: UInt64 = 0
    var number = 0.0
    var count = 0
    var truth = false
    var numbers = [0.0, 0, 0]
    var floats: [Float] = [0, 0]
    var lanes = [Lane8(0)]

    mutating func transfer(through archive: inout StateArchive) {
      archive.transfer(&bits)
      archive.transfer(&number)
      archive.transfer(&count)
      archive.transfer(&truth)
      archive.expect(17)
      archive.transfer(&numbers)
      archive.transfer(&floats)
      archive.transfer(&lanes)
    }
  }

  private static var example: Everything {
    Everything(
      bits: .max, number: -0.0, count: 12, truth: true,
      numbers: [.infinity, .leastNonzeroMagnitude, 1.0 / 3],
      floats: [.leastNonzeroMagnitude, 1 / 3], lanes: [Lane8((0..<8).map { Double.exp(Double($0)) })])
  }

  private static var bytes: [UInt8] {
    var (archive, example) = (StateArchive(), example)
    example.transfer(through: &archive)
    #expect(archive.isValid && example == Self.example)
    return archive.bytes
  }

  @Test func `Numbers come back with their bits`() {
    var (archive, found) = (StateArchive(reading: Self.bytes), Everything())
    found.transfer(through: &archive)
    #expect(archive.isUsedUp && found == Self.example && found.number.sign == .minus)
    // A NaN too, with all that its bits say.
    var (writing, number) = (StateArchive(), Double(nan: 77, signaling: false))
    writing.transfer(&number)
    var reading = StateArchive(reading: writing.bytes)
    var back = 0.0
    reading.transfer(&back)
    #expect(back.bitPattern == number.bitPattern)
  }

  @Test func `Bytes that end too soon, or go on, are found`() {
    for count in 0..<Self.bytes.count {
      var (archive, found) = (StateArchive(reading: Array(Self.bytes.prefix(count))), Everything())
      found.transfer(through: &archive)
      #expect(!archive.isValid && !archive.isUsedUp)
    }
    var (archive, found) = (StateArchive(reading: Self.bytes + [0]), Everything())
    found.transfer(through: &archive)
    #expect(archive.isValid && !archive.isUsedUp)
  }

  @Test func `Other lengths, and numbers out of range, are found and change nothing`() {
    for change: (inout Everything) -> Void in [{ $0.numbers.append(1) }, { $0.floats = [] }] {
      var (archive, found) = (StateArchive(reading: Self.bytes), Everything())
      change(&found)
      found.transfer(through: &archive)
      #expect(!archive.isValid && found.lanes == Everything().lanes)
    }
    var (writing, count) = (StateArchive(), 12)
    writing.transfer(&count)
    for range in [0...11, 13...20] {
      var (reading, found) = (StateArchive(reading: writing.bytes), range.lowerBound)
      reading.transfer(&found, in: range)
      #expect(!reading.isValid && found == range.lowerBound)
    }
    var (reading, truth) = (StateArchive(reading: writing.bytes), false)
    reading.transfer(&truth)
    #expect(!reading.isValid && !truth)
  }

  @Test(arguments: Generator.allCases)
  func `A stream goes on where it was`(generator: Generator) {
    let keys = (0..<8).map { StreamKey(seed: 3, unit: $0, purpose: .sampling) }
    var stream = LaneRandom<Lane8>(keys, generator: generator)
    for _ in 0..<301 { _ = stream.normalPair() }
    var writing = StateArchive()
    stream.transfer(through: &writing)
    var other = LaneRandom<Lane8>(keys, generator: generator)
    // What the new stream has given already is no hindrance.
    for _ in 0..<5 { _ = other.uniform() }
    var reading = StateArchive(reading: writing.bytes)
    other.transfer(through: &reading)
    #expect(reading.isUsedUp)
    for _ in 0..<100 { #expect(stream.uniform() == other.uniform()) }
  }

  @Test func `Zeros are no stream`() {
    var stream = LaneRandom<Double>([StreamKey(seed: 3, purpose: .sampling)])
    var archive = StateArchive(reading: [UInt8](repeating: 0, count: 32))
    stream.transfer(through: &archive)
    #expect(!archive.isValid)
  }
}
