import LaneMath
import Testing

@Suite struct LaneAliasTableTests {
  /// A table of `count` cells whose masses grow at another rate in each lane; number 0 of a cell is its index.
  private func table(_ count: Int, masses: (_ cell: Int, _ lane: Int) -> Double) -> LaneAliasTable<Lane8> {
    var table = LaneAliasTable<Lane8>(cellCount: count, rowCount: 2)
    for cell in 0..<count {
      let labels: [Double] = (0..<8).map { Double(100 * $0 + cell) }
      table.setRow(cell, [Lane8(Double(cell)), Lane8(labels)])
    }
    var rows: [Lane8] = []
    for cell in 0..<count { rows.append(Lane8((0..<8).map { masses(cell, $0) })) }
    table.setMasses(rows)
    return table
  }

  @Test func `Evenly spread levels reach every cell in proportion to its mass`() {
    func mass(_ cell: Int, _ lane: Int) -> Double { 1 + Double((cell * (lane + 3)) % 7) * Double(lane) }
    var table = table(13, masses: mass)
    var counts = [[Double]](repeating: [Double](repeating: 0, count: 13), count: 8)
    var row = [Lane8](repeating: 0, count: 2)
    let levels = 130_000
    for k in 0..<levels {
      table.draw(Lane8((Double(k) + 0.5) / Double(levels)), into: &row)
      for lane in 0..<8 {
        counts[lane][Int(row[0][lane])] += 1
        #expect(row[1][lane] == Double(100 * lane) + row[0][lane])
      }
    }
    for lane in 0..<8 {
      let total = (0..<13).reduce(0.0) { $0 + mass($1, lane) }
      for cell in 0..<13 {
        // Two ends of an interval in each of at most 13 slots.
        #expect(abs(counts[lane][cell] - Double(levels) * mass(cell, lane) / total) <= 26)
      }
    }
  }

  @Test func `One cell has everything where the others have nothing, and all levels stay within the table`() {
    var table = table(5) { cell, lane in cell == lane % 5 ? 2 : 0 }
    var row = [Lane8](repeating: 0, count: 2)
    for level in [0, 0.2, 0.999_999, 1.0.nextDown] {
      table.draw(Lane8(level), into: &row)
      #expect(row[0].array == (0..<8).map { Double($0 % 5) })
    }
  }

  @Test func `A lane can be put on a cell`() {
    var table = table(5) { _, _ in 1 }
    for lane in 0..<8 { table.choose((lane + 2) % 5, lane: lane) }
    var row = [Lane8](repeating: 0, count: 2)
    table.lookUp(into: &row)
    #expect(row[0].array == (0..<8).map { Double(($0 + 2) % 5) })
    #expect(table.number(1, ofCell: 3, lane: 6) == 603)
  }
}
