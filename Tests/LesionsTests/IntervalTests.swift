import Lesions
import Testing

@Suite struct IntervalTests {
  @Test func `Both bounds belong to an interval`() {
    let interval = Interval(center: 1, halfWidth: 0.5)
    #expect(interval == Interval(lower: 0.5, upper: 1.5))
    #expect(interval.contains(0.5) && interval.contains(1.5) && !interval.contains(1.6))
  }

  @Test func `An unknown interval contains nothing`() {
    #expect(!Interval.unknown.contains(0))
  }

  @Test func `Bounds can be mapped and clamped`() {
    #expect(Interval(lower: -1, upper: 2).clamped(to: 0...1) == Interval(lower: 0, upper: 1))
    #expect(Interval(lower: 1, upper: 2).map { 3 * $0 } == Interval(lower: 3, upper: 6))
  }
}
