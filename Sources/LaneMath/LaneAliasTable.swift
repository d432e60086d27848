/// In every lane a list of cells with probabilities, drawn by the alias method, and a row of numbers with each cell.
///
/// One uniform number chooses a cell in constant time (Walker 1977, doi:10.1145/355744.355749; tables by Vose 1991,
/// doi:10.1109/32.92917). Cells of all lanes are numbered through: cell c of lane l is l · `cellCount` + c.
public struct LaneAliasTable<L: Lane>: Sendable {
  /// The number of cells of a lane.
  public let cellCount: Int
  /// The numbers that stand with each cell.
  public let rowCount: Int
  /// Lane after lane, cell after cell, `rowCount` numbers each.
  @usableFromInline var numbers: [Double]
  /// Lane after lane: the share of a cell's slot that is its own, and the cell that has the rest.
  @usableFromInline var shares: [Double]
  @usableFromInline var aliases: [Int32]
  /// The cells that the lanes stand on.
  @usableFromInline var current: [Int]

  /// A table of `cellCount` cells with rows of `rowCount` numbers, all zero.
  @inlinable
  public init(cellCount: Int, rowCount: Int) {
    precondition(cellCount > 0 && rowCount > 0, "a table needs cells and rows")
    self.cellCount = cellCount
    self.rowCount = rowCount
    numbers = [Double](repeating: 0, count: L.count * cellCount * rowCount)
    shares = [Double](repeating: 1, count: L.count * cellCount)
    aliases = [Int32](repeating: 0, count: L.count * cellCount)
    current = [Int](repeating: 0, count: L.count)
  }

  /// Sets the numbers of a cell in every lane: number k to `row[k]`.
  @inlinable
  public mutating func setRow(_ cell: Int, _ row: [L]) {
    precondition(cell >= 0 && cell < cellCount && row.count >= rowCount, "a row of this table")
    let (cellCount, rowCount) = (cellCount, rowCount)
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      for lane in 0..<L.count {
        let base = (lane * cellCount + cell) * rowCount
        for k in 0..<rowCount { unsafe numbers[base + k] = row[k][lane] }
      }
    }
  }

  /// Sets the probabilities of the cells, proportional to `masses[cell]`, non-negative and finite.
  @inlinable
  public mutating func setMasses(_ masses: [L]) {
    precondition(masses.count == cellCount, "a mass for each cell")
    var pending = [Int](repeating: 0, count: cellCount)
    for lane in 0..<L.count {
      let first = lane * cellCount
      var total = 0.0
      for cell in 0..<cellCount { total += masses[cell][lane] }
      let scale = Double(cellCount) / total
      // Poor cells grow from the front of the list, rich ones from its back.
      var (poor, rich) = (0, cellCount)
      for cell in 0..<cellCount {
        let share = masses[cell][lane] * scale
        shares[first + cell] = share
        aliases[first + cell] = Int32(cell)
        if share < 1 {
          pending[poor] = cell
          poor += 1
        } else {
          rich -= 1
          pending[rich] = cell
        }
      }
      while poor > 0, rich < cellCount {
        let (small, large) = (pending[poor - 1], pending[rich])
        poor -= 1
        aliases[first + small] = Int32(large)
        let left = shares[first + large] - (1 - shares[first + small])
        shares[first + large] = left
        if left < 1 {
          rich += 1
          pending[poor] = large
          poor += 1
        }
      }
      // What rounding leaves over owns its slot.
      while poor > 0 {
        poor -= 1
        shares[first + pending[poor]] = 1
      }
      while rich < cellCount {
        shares[first + pending[rich]] = 1
        rich += 1
      }
    }
  }

  /// Chooses a cell in every lane by the uniform numbers `level` in [0, 1) and writes its numbers to `row`.
  @inlinable
  public mutating func draw(_ level: L, into row: inout [L]) {
    var scaled = level * L(Double(cellCount))
    let (cellCount, last) = (cellCount, cellCount - 1)
    unsafe shares.withUnsafeBufferPointer { shares in
      unsafe aliases.withUnsafeBufferPointer { aliases in
        unsafe current.withUnsafeMutableBufferPointer { current in
          unsafe withUnsafeBytes(of: &scaled) { scaled in
            let levels = unsafe scaled.assumingMemoryBound(to: Double.self)
            for lane in 0..<L.count {
              let number = unsafe levels[lane]
              let slot = min(Int(truncatingIfNeeded: Int64(number)), last)
              let place = lane &* cellCount &+ slot
              let own = unsafe number - Double(slot) < shares[place]
              let cell = unsafe own ? slot : Int(aliases[place])
              unsafe current[lane] = lane &* cellCount &+ cell
            }
          }
        }
      }
    }
    copyCurrent(into: &row)
  }

  /// Stands on `cell` in `lane`; `lookUp` then writes the numbers of the cells so chosen.
  @inlinable
  public mutating func choose(_ cell: Int, lane: Int) {
    precondition(cell >= 0 && cell < cellCount, "a cell of this table")
    current[lane] = lane * cellCount + cell
  }

  /// Writes the numbers of the cells on which the lanes stand to `row`.
  @inlinable
  public func lookUp(into row: inout [L]) { copyCurrent(into: &row) }

  /// Number `k` of `cell` in `lane`.
  @inlinable @inline(__always)
  public func number(_ k: Int, ofCell cell: Int, lane: Int) -> Double {
    numbers[(lane * cellCount + cell) * rowCount + k]
  }

  @inlinable
  func copyCurrent(into row: inout [L]) {
    precondition(row.count >= rowCount, "room for a row of this table")
    let rowCount = rowCount
    unsafe row.withUnsafeMutableBytes { bytes in
      let target = unsafe bytes.assumingMemoryBound(to: Double.self)
      unsafe numbers.withUnsafeBufferPointer { numbers in
        unsafe current.withUnsafeBufferPointer { current in
          for lane in 0..<L.count {
            let base = unsafe current[lane] &* rowCount
            for k in 0..<rowCount { unsafe target[k &* L.count &+ lane] = numbers[base &+ k] }
          }
        }
      }
    }
  }
}
