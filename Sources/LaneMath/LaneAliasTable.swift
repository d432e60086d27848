/// In every lane a list of cells with probabilities, drawn by the alias method, and a row of numbers with each cell.
///
/// One uniform number chooses a cell in constant time (Walker 1977, doi:10.1145/355744.355749; tables by Vose 1991,
/// doi:10.1109/32.92917). Cells of all lanes are numbered through: cell c of lane l is l · `cellCount` + c.
public struct LaneAliasTable<L: Lane>: Sendable {
  /// The number of cells of a lane.
  public let cellCount: Int
  /// The numbers that stand with each cell.
  public let rowCount: Int
  /// `rowCount`, made even.
  @usableFromInline let rowStride: Int
  /// Lane after lane, cell after cell, `rowStride` numbers each.
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
    rowStride = (rowCount + 1) & ~1
    numbers = [Double](repeating: 0, count: L.count * cellCount * rowStride)
    shares = [Double](repeating: 1, count: L.count * cellCount)
    aliases = [Int32](repeating: 0, count: L.count * cellCount)
    current = [Int](repeating: 0, count: L.count)
  }

  /// Sets the numbers of a cell in every lane: number k to `row[k]`.
  @inlinable
  public mutating func setRow(_ cell: Int, _ row: [L]) {
    precondition(cell >= 0 && cell < cellCount && row.count >= rowCount, "a row of this table")
    let (cellCount, rowCount, rowStride) = (cellCount, rowCount, rowStride)
    unsafe numbers.withUnsafeMutableBufferPointer { numbers in
      for lane in 0..<L.count {
        let base = (lane * cellCount + cell) * rowStride
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
    let (cellCount, last) = (cellCount, cellCount - 1)
    let scaled = level * L(Double(cellCount))
    // Rounding x − ½ cuts off its fraction; 2⁵² puts the integer into the low bits.
    let shifted = L.maximum(scaled - L(0.5), 0) + L(0x1p52)
    var slots = shifted.bits
    var fractions = scaled - (shifted - L(0x1p52))
    unsafe shares.withUnsafeBufferPointer { shares in
      unsafe aliases.withUnsafeBufferPointer { aliases in
        unsafe current.withUnsafeMutableBufferPointer { current in
          unsafe withUnsafeBytes(of: &slots) { slots in
            unsafe withUnsafeBytes(of: &fractions) { fractions in
              let integers = unsafe slots.assumingMemoryBound(to: UInt32.self)
              let numbers = unsafe fractions.assumingMemoryBound(to: Double.self)
              for lane in 0..<L.count {
                let slot = unsafe min(Int(integers[2 &* lane]), last)
                let base = lane &* cellCount
                let own = unsafe numbers[lane] < shares[base &+ slot]
                unsafe current[lane] = base &+ (own ? slot : Int(aliases[base &+ slot]))
              }
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
    numbers[(lane * cellCount + cell) * rowStride + k]
  }

  /// Copies the rows of two lanes at a time, two numbers at a time: what stands side by side in a table stands a row apart.
  @inlinable
  func copyCurrent(into row: inout [L]) {
    precondition(row.count >= rowCount, "room for a row of this table")
    let (rowCount, rowStride) = (rowCount, rowStride)
    let (bytes, lanes) = (MemoryLayout<Double>.size, L.count)
    unsafe row.withUnsafeMutableBytes { target in
      unsafe numbers.withUnsafeBytes { numbers in
        unsafe current.withUnsafeBufferPointer { current in
          var lane = 0
          while lane &+ 2 <= lanes {
            let first = unsafe current[lane] &* rowStride &* bytes
            let second = unsafe current[lane &+ 1] &* rowStride &* bytes
            var k = 0
            while k < rowCount {
              let a = unsafe numbers.loadUnaligned(
                fromByteOffset: first &+ k &* bytes, as: SIMD2<Double>.self)
              let b = unsafe numbers.loadUnaligned(
                fromByteOffset: second &+ k &* bytes, as: SIMD2<Double>.self)
              let place = (k &* lanes &+ lane) &* bytes
              unsafe target.storeBytes(
                of: SIMD2(a[0], b[0]), toByteOffset: place, as: SIMD2<Double>.self)
              if k &+ 1 < rowCount {
                unsafe target.storeBytes(
                  of: SIMD2(a[1], b[1]), toByteOffset: place &+ lanes &* bytes, as: SIMD2<Double>.self)
              }
              k &+= 2
            }
            lane &+= 2
          }
          while lane < lanes {
            let base = unsafe current[lane] &* rowStride
            for k in 0..<rowCount {
              let number = unsafe numbers.loadUnaligned(
                fromByteOffset: (base &+ k) &* bytes, as: Double.self)
              unsafe target.storeBytes(
                of: number, toByteOffset: (k &* lanes &+ lane) &* bytes, as: Double.self)
            }
            lane &+= 1
          }
        }
      }
    }
  }
}
