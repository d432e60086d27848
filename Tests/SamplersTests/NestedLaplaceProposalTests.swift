import Foundation
import GSLSupport
import InferenceCore
import LaneMath
import Posteriors
import Samplers
import TestSupport
import Testing
import VoxelTestSupport

@Suite struct NestedLaplaceProposalTests {
  private let voxels = SimulatedVoxels.w1(count: 8, seed: 33)
  private var keys: [StreamKey] { (0..<8).map { StreamKey(seed: 9, unit: $0, purpose: .sampling) } }

  @Test(arguments: 0...2)
  func `The density that comes with a draw is the density at the draw`(openAxis: Int) {
    var posterior = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
    var proposal = NestedLaplaceProposal(for: &posterior, about: mode, openAxis: openAxis)
    var random = LaneRandom<Lane8>(keys)
    var position = mode.position
    for _ in 0..<300 {
      let (constant, factor) = proposal.propose(into: &position, using: &random)
      let drawn = constant + Lane8.log(factor)
      let evaluated = proposal.logDensity(at: position)
      for lane in 0..<8 { #expect(isClose(drawn[lane], evaluated[lane], absolute: 1e-8)) }
    }
  }

  @Test(arguments: 0...2)
  func `The density of the proposal has mass one`(openAxis: Int) {
    var posterior = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
    var proposal = NestedLaplaceProposal(for: &posterior, about: mode, openAxis: openAxis)
    var density = ProposalDensity(proposal: proposal)
    let approximation = LaplaceApproximation(about: mode)
    var random = LaneRandom<Lane8>(keys)
    var position = mode.position
    var (sum, squares) = (Lane8(0), Lane8(0))
    let count = 3000
    for _ in 0..<count {
      let ratio = Lane8.exp(approximation.draw(of: &density, into: &position, using: &random))
      sum += ratio
      squares += ratio * ratio
    }
    // 24 z-scores at 5: a false alarm in 70,000 seeds.
    for lane in 0..<8 {
      let mean = sum[lane] / Double(count)
      let error = ((squares[lane] / Double(count) - mean * mean) / Double(count)).squareRoot()
      #expect(abs(mean - 1) < 5 * error)
      #expect(error < 0.2)
    }
    _ = proposal.propose(into: &position, using: &random)
  }

  @Test func `Far out on the open axis the proposal has no density`() {
    var posterior = voxels.posterior(of: Array(0..<8), lanes: Lane8.self)
    let mode = LaneMode(of: &posterior, from: posterior.prior.mean)
    var proposal = NestedLaplaceProposal(for: &posterior, about: mode, openAxis: 1)
    var position = mode.position
    #expect(proposal.logDensity(at: position).array.allSatisfy { $0.isFinite })
    position[1] += 1000
    #expect(proposal.logDensity(at: position).array.allSatisfy { $0 == -.infinity })
  }

  @Test func `Of a Gaussian it is a close image: its draws have the Gaussian's mean and nearly its spread`() {
    var density = GaussianDensity(dimension: 3, correlation: 0.6, lanes: Lane8.self)
    let mode = LaneMode(of: &density, from: [Lane8](repeating: 1, count: 3), iterations: 40)
    var proposal = NestedLaplaceProposal(for: &density, about: mode, openAxis: 0)
    var random = LaneRandom<Lane8>(keys)
    var position = mode.position
    var values = [[Double]](repeating: [], count: 3)
    for _ in 0..<1000 {
      _ = proposal.propose(into: &position, using: &random)
      for k in 0..<3 {
        values[k] += position[k].array.map { ($0 - density.centre[k]) / density.deviations[k] }
      }
    }
    for k in 0..<3 {
      let mean = values[k].reduce(0, +) / 8000
      let spread = (values[k].reduce(0) { $0 + $1 * $1 } / 8000).squareRoot()
      #expect(abs(mean) < 0.06)
      #expect((0.95...1.25).contains(spread))
    }
  }
}

/// The density of a proposal as a density to sample.
private struct ProposalDensity: LaneLogDensity {
  var proposal: NestedLaplaceProposal<Lane8>
  var dimension: Int { 3 }
  var byproducts: [Lane8] { [] }

  mutating func logDensity(at position: [Lane8]) -> Lane8 { proposal.logDensity(at: position) }

  mutating func expand(at position: [Lane8], gradient: inout [Lane8], information: inout [Lane8]) -> Lane8 {
    logDensity(at: position)
  }
}
