import Foundation
import NIfTI
import TestSupport
import Testing

@testable import Acquisitions

/// Tables of signals, and what pooling makes of repeated volumes.
struct VoxelTableTests {
  private let table = VoxelTable(voxelCount: 3, settingCount: 2, values: [1, 10, 2, 20, 3, 60])

  @Test func `settings run fastest, and rows and settings can be chosen in any order`() {
    #expect(Array(table[1]) == [2, 20] && table[2, 1] == 60 && table.signals(ofRow: 0) == [1, 10])
    let chosen = table.selecting(rows: [2, 0], settings: [1])
    #expect(chosen == VoxelTable(voxelCount: 2, settingCount: 1, values: [60, 10]))
    #expect(table.selecting(rows: [], settings: [0]).voxelCount == 0)
    var changed = table
    changed[0, 1] = 11
    #expect(changed.values == [1, 11, 2, 20, 3, 60] && changed != table)
  }

  @Test func `the mean of rows is that of each setting, and of no rows not a number`() {
    #expect(table.mean(ofRows: [0, 1, 2]) == [2, 30] && table.mean(ofRows: [1]) == [2, 20])
    #expect(table.mean(ofRows: []).allSatisfy { $0.isNaN })
  }

  @Test func `directions are pooled by their averages, on the axis that was chosen`() throws {
    let signals: [Float] = [100, 25]
    #expect(DirectionPooling.arithmetic.pooled(signals, averages: [1, 3]) == 43.75)
    #expect(DirectionPooling.arithmetic.pooled(signals, averages: [1, 1]) == 62.5)
    let geometric = try #require(DirectionPooling.geometric.pooled(signals, averages: [1, 1]))
    #expect(abs(geometric - 50) < 1e-4)
    let weighted = try #require(DirectionPooling.geometric.pooled(signals, averages: [1, 3]))
    #expect(isClose(Double(weighted), exp((log(100.0) + 3 * log(25.0)) / 4), relative: 1e-6))
  }

  @Test func `a geometric mean does not exist for a signal that is not positive, and a NaN stays one`() {
    #expect(DirectionPooling.geometric.pooled([4, 0], averages: [1, 1]) == nil)
    #expect(DirectionPooling.geometric.pooled([4, -1], averages: [1, 1]) == nil)
    #expect(DirectionPooling.geometric.pooled([4, .nan], averages: [1, 1])?.isNaN == true)
    #expect(DirectionPooling.arithmetic.pooled([4, -2], averages: [1, 1]) == 1)
    #expect(DirectionPooling.arithmetic.pooled([4, .nan], averages: [1, 1])?.isNaN == true)
  }

  /// The mean of logarithms lies below the logarithm of the mean, whatever the weights.
  @Test func `the geometric mean never exceeds the arithmetic one`() throws {
    var random = ParkMiller(seed: 4)
    for _ in 0..<200 {
      let signals = (0..<4).map { _ in Float(1 + 999 * random.next()) }
      let averages = (0..<4).map { _ in 1 + (8 * random.next()).rounded() }
      let arithmetic = try #require(DirectionPooling.arithmetic.pooled(signals, averages: averages))
      let geometric = try #require(DirectionPooling.geometric.pooled(signals, averages: averages))
      #expect(geometric <= arithmetic * 1.000001)
      #expect(geometric >= (signals.min() ?? 0) * 0.999999 && arithmetic <= (signals.max() ?? 0) * 1.000001)
    }
  }
}

/// Shells and exclusions for any protocol.
struct SelectionPropertyTests {
  @Test func `every volume belongs to one shell, shells ascend and are narrower than their width`() {
    var random = ParkMiller(seed: 9)
    for _ in 0..<100 {
      let count = 1 + Int(40 * random.next())
      let bValues = (0..<count).map { _ in BValue((random.next() * 60).rounded() * 2.5) }
      let shells = Shell.shells(of: bValues)
      #expect(shells.flatMap(\.volumes).sorted() == Array(0..<count))
      let ranges = shells.map { shell in
        let values = shell.volumes.map { bValues[$0].secondsPerSquareMillimeter }
        return (
          low: values.min() ?? .nan, high: values.max() ?? .nan, mean: shell.bValue.secondsPerSquareMillimeter
        )
      }
      for range in ranges {
        #expect(range.high - range.low < Shell.width && (range.low...range.high).contains(range.mean))
      }
      for (one, next) in zip(ranges, ranges.dropFirst()) {
        #expect(one.high < next.low && next.low - one.low >= Shell.width)
      }
    }
  }

  @Test func `pooled settings keep the averages of all their volumes, separate ones the order of the file`()
    throws
  {
    let bValues = [800, 0, 50, 0, 802].map { BValue($0) }
    var selection = DiffusionSelection(averages: [2, 1, 4, 3, 2])
    let separate = try selection.settings(of: bValues, place: "b")
    #expect(
      separate.map(\.volumes) == [[0], [1], [2], [3], [4]] && separate.map(\.averages) == [2, 1, 4, 3, 2])
    selection.directions = .arithmetic
    let pooled = try selection.settings(of: bValues, place: "b")
    #expect(pooled.map(\.volumes) == [[1, 3], [2], [0, 4]] && pooled.map(\.averages) == [4, 4, 4])
    #expect(pooled.last?.bValue == BValue(801))
    selection.exclusions = VolumeExclusions(everywhere: [4], byLesion: [2: [1]])
    #expect(try selection.settings(of: bValues, place: "b").last?.volumes == [0])
    // What is left out in one lesion is left out there only.
    #expect(try selection.inLesion(2).settings(of: bValues, place: "b").first?.volumes == [3])
    #expect(try selection.inLesion(1).settings(of: bValues, place: "b").first?.volumes == [1, 3])
  }

  @Test func `exclusions add up over options`() throws {
    let both = try VolumeExclusions(parsing: ["3,7", "2:1"]).union(
      VolumeExclusions(parsing: ["7,9", "2:5", "4:0"]))
    #expect(both == VolumeExclusions(everywhere: [3, 7, 9], byLesion: [2: [1, 5], 4: [0]]))
    #expect(both.union(VolumeExclusions()) == both)
    expect(
      failure { try both.check(volumeCount: 9) }, at: "--exclude-volumes 9", says: "no volume 9",
      advises: "volumes count from 0")
    try both.check(volumeCount: 10)
  }

  @Test func `a list keeps its requirement, and what is long is cut in the message`() throws {
    #expect(try NumberList.parse("1, 2\t3", place: "--x", requirement: .positive) == [1, 2, 3])
    #expect(try NumberList.parse("", place: "--x", requirement: .positive).isEmpty)
    for (text, requirement) in [
      ("0", NumberList.Requirement.positive), ("-1", .zeroOrMore), ("inf", .zeroOrMore),
      ("nan", .positiveOrInfinite),
      ("0", .positiveOrInfinite),
    ] {
      expect(
        failure { try NumberList.parse("1 " + text, place: "--x", requirement: requirement) },
        at: "--x, entry 2",
        says: requirement.rawValue, advises: "Correct the entry")
    }
    let word = String(repeating: "x", count: 500)
    let error = failure { try NumberList.parse(word, place: "--x", requirement: .positive) }
    #expect(error == .notANumber(place: "--x", entry: 1, text: String(word.prefix(40))))
  }
}

/// Numbers between 0 and 1 from a seed, by the recurrence of Park and Miller.
struct ParkMiller {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> Double {
    state = state * 48271 % 2_147_483_647
    return Double(state) / 2_147_483_647
  }
}
