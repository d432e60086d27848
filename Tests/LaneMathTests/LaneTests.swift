import LaneMath
import Testing

@Suite struct LaneTests {
  private let a = Lane8([1.0, -2, 3, -4, 0, .infinity, .nan, 1e-300])
  private let b = Lane8([2.0, -3, 3, 4, -0.0, 1, 1, -1e-300])

  /// Checks an operation on eight numbers against the same on one, bit by bit (any NaN equals any other).
  private func expectSame(_ eight: Lane8, _ one: (Double, Double) -> Double) {
    for lane in 0..<8 {
      let exact = one(a[lane], b[lane])
      #expect(eight[lane].bitPattern == exact.bitPattern || (eight[lane].isNaN && exact.isNaN))
    }
  }

  @Test func `Arithmetic on eight numbers is arithmetic on each`() {
    expectSame(a + b, +)
    expectSame(a - b, -)
    expectSame(a * b, *)
    expectSame(a / b, /)
    expectSame(-a) { a, _ in -a }
    expectSame(2.5 * a) { a, _ in 2.5 * a }
    expectSame(2.5 + a) { a, _ in 2.5 + a }
    expectSame(2.5 - a) { a, _ in 2.5 - a }
    expectSame(a.squareRoot()) { a, _ in a.squareRoot() }
    var changed = a
    changed += b
    changed -= 1
    changed *= b
    expectSame(changed) { ($0 + $1 - 1) * $1 }
  }

  @Test func `Selection, extremes and magnitudes agree with one number at a time`() {
    expectSame(Lane8.minimum(a, b)) { $1 < $0 ? $1 : $0 }
    expectSame(Lane8.maximum(a, b)) { $0 < $1 ? $1 : $0 }
    expectSame(a.magnitudes) { a, _ in a.magnitude }
    expectSame(Lane8.select(a < b, a, 7)) { $0 < $1 ? $0 : 7 }
    let finite = a.areFinite
    for lane in 0..<8 { #expect(finite[lane] == a[lane].isFinite) }
  }

  @Test func `A comparison with NaN is false, and masks combine lane by lane`() {
    let (less, more) = (a < b, b < a)
    #expect(!less[6] && !more[6])
    let (both, either) = (Mask8.and(less, more), Mask8.or(less, more))
    for lane in 0..<8 {
      #expect(both[lane] == (less[lane] && more[lane]))
      #expect(either[lane] == (less[lane] || more[lane]))
    }
    #expect(Bool.and(true, false) == false && Bool.or(true, false))
  }

  @Test func `Bits go out and come back, and their operations are those of one word`() {
    #expect(Lane8(bits: b.bits) == b)
    let (x, y) = (a.bits, b.bits)
    for lane in 0..<8 {
      let (p, q) = (x[lane], y[lane])
      #expect(x.adding(y)[lane] == p.adding(q) && p.adding(q) == p &+ q)
      #expect(x.and(y)[lane] == p.and(q) && p.and(q) == p & q)
      #expect(x.or(y)[lane] == p.or(q) && p.or(q) == p | q)
      #expect(x.xor(y)[lane] == p.xor(q) && p.xor(q) == p ^ q)
      #expect(x.shiftedLeft(7)[lane] == p.shiftedLeft(7) && p.shiftedLeft(7) == p << 7)
      #expect(x.shiftedRight(7)[lane] == p.shiftedRight(7) && p.shiftedRight(7) == p >> 7)
    }
  }

  @Test func `Arrays fill lanes, and a short array repeats its last number`() {
    #expect(Lane8([1.0, 2, 3]).array == [1, 2, 3, 3, 3, 3, 3, 3])
    #expect(Lane8([Double]()).array == [Double](repeating: 0, count: 8))
    #expect(Double([4.0, 5]) == 4)
    #expect((1.5 as Lane8).array == [Double](repeating: 1.5, count: 8))
  }
}
