import Foundation
import InferenceCore
import Testing

@Suite struct DrawsTests {
  private let parameters = [Parameter("d", unit: "µm²/ms"), Parameter("f")]
  private let chains = [[[1.0, 10], [2, 20], [3, 30]], [[4, 40], [5, 50], [6, 60]]]

  @Test func `Values are laid out with parameters fastest, then draws, then chains`() {
    let draws = Draws(parameters: parameters, chains: chains)
    #expect(draws.values == [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60])
    #expect((draws.chainCount, draws.drawCount) == (2, 3))
    #expect(draws == Draws(parameters: parameters, chainCount: 2, drawCount: 3, values: draws.values))
  }

  @Test func `A parameter is read by chain, pooled, and one by one`() {
    var draws = Draws(parameters: parameters, chains: chains)
    #expect(draws.chains(of: 1) == [[10, 20, 30], [40, 50, 60]])
    #expect(draws.pooled(0) == [1, 2, 3, 4, 5, 6])
    #expect(draws[1, 2, 1] == 60)
    draws[1, 2, 1] = -1
    #expect(draws.chains(of: 1)[1] == [40, 50, -1])
  }

  @Test func `No chains give no draws`() {
    let draws = Draws(parameters: parameters, chains: [])
    #expect((draws.chainCount, draws.drawCount) == (0, 0))
    #expect(draws.pooled(0).isEmpty)
  }

  @Test func `A parameter survives its JSON`() throws {
    let encoded = try JSONEncoder().encode(parameters)
    #expect(try JSONDecoder().decode([Parameter].self, from: encoded) == parameters)
  }
}
