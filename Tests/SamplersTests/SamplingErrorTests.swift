import InferenceCore
import LaneMath
import Samplers
import Testing

/// A density that is `value(x)` on a line.
private struct LineDensity: LaneLogDensity {
  let value: @Sendable (Double) -> Double
  var byproducts: [Double] { [] }
  var dimension: Int { 1 }

  mutating func logDensity(at position: [Double]) -> Double { value(position[0]) }

  mutating func expand(at position: [Double], gradient: inout [Double], information: inout [Double]) -> Double
  {
    gradient[0] = 0
    information[0] = 1
    return value(position[0])
  }
}

@Suite struct SamplingErrorTests {
  private func grid(_ value: @escaping @Sendable (Double) -> Double) throws(SamplingError) -> GridPosterior {
    var density = LineDensity(value: value)
    let mode = LaneMode(of: &density, from: [0])
    return try GridPosterior(of: &density, about: mode, widths: [1])
  }

  private func message(_ error: SamplingError?) -> String { error?.description ?? "" }

  @Test func `A density that is nowhere finite is refused with where and what to check`() throws {
    let error = #expect(throws: SamplingError.self) { try grid { _ in .nan } }
    #expect(error == .noDensity(centre: [0]))
    #expect(message(error).contains("nowhere finite"))
    #expect(message(error).contains("about [0.0]"))
    #expect(message(error).contains("Check the measurements"))
  }

  @Test func `A density that does not fall off is refused with the coordinate and the remedy`() throws {
    let error = #expect(throws: SamplingError.self) { try grid { _ in 0 } }
    guard case .unbounded(coordinate: 0, let lower, let upper, let passes) = error else {
      Issue.record("\(message(error)) is another error")
      return
    }
    #expect(lower < -1e6 && upper > 1e6 && passes > 10)
    #expect(message(error).contains("does not fall off"))
    #expect(message(error).contains("coordinate 0"))
    #expect(message(error).contains("proper prior"))
  }

  @Test func `A density with a jump is not resolved, and says how far it got and what to use`() throws {
    let error = #expect(throws: SamplingError.self) { try grid { $0 < 0.3 ? -0.5 * $0 * $0 : -1e9 } }
    guard case .unresolved(let nodes, let change) = error else {
      Issue.record("\(message(error)) is another error")
      return
    }
    #expect(nodes > 100 && change > 1e-8)
    #expect(message(error).contains("too narrow or too curved"))
    #expect(message(error).contains("\(nodes) nodes"))
    #expect(message(error).contains("Use a sampling engine"))
  }
}
