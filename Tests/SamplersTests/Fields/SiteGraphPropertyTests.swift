import Foundation
import GSLSupport
import TestSupport
import Testing

@testable import Samplers

/// Graphs of lesions of any shape against what a graph is.
@Suite struct SiteGraphPropertyTests {
  /// Some of the places of a box of 5 × 4 × 3, by the seed; never none.
  private static func lesion(_ seed: Int) -> [[Int]] {
    var stream = RandomStream(StreamKey(seed: UInt64(seed), purpose: .simulation))
    let share = 0.3 + 0.1 * Double(seed % 6)
    let all = (0..<60).map { [$0 % 5, $0 / 5 % 4, $0 / 20] }
    let some = all.filter { _ in stream.uniform() < share }
    return some.isEmpty ? [[0, 0, 0]] : some
  }

  @Test(arguments: 1...12)
  func `Components are those of a flood, and no edge leaves one`(seed: Int) {
    let sites = Self.lesion(seed)
    let graph = SiteGraph(positions: sites, spacing: [2, 2, 4])
    func areNeighbours(_ a: [Int], _ b: [Int]) -> Bool { zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } == 1 }
    var labels = [Int?](repeating: nil, count: sites.count)
    var count = 0
    for start in sites.indices where labels[start] == nil {
      var queue = [start]
      labels[start] = count
      while let site = queue.popLast() {
        for other in sites.indices where labels[other] == nil && areNeighbours(sites[site], sites[other]) {
          labels[other] = count
          queue.append(other)
        }
      }
      count += 1
    }
    #expect(graph.components == labels.compactMap { $0 } && graph.componentCount == count)
    #expect(graph.rank == sites.count - count && graph.componentSizes.reduce(0, +) == sites.count)
    let pairs = sites.indices.flatMap { a in
      sites.indices.filter { $0 > a && areNeighbours(sites[a], sites[$0]) }.map { (a, $0) }
    }
    #expect(graph.edges.map { [$0.first, $0.second] } == pairs.map { [$0.0, $0.1] })
    for edge in graph.edges {
      #expect(graph.parities[edge.first] != graph.parities[edge.second])
      let isThrough = sites[edge.first][2] != sites[edge.second][2]
      #expect(edge.weight == (isThrough ? 0.25 : 1))
    }
  }

  @Test(arguments: 1...6)
  func `The precision is a Laplacian: rows add up to nothing, forms to the roughness`(seed: Int) {
    let sites = Self.lesion(seed)
    let graph = SiteGraph(positions: sites, spacing: [2, 2, 3])
    let (n, matrix) = (sites.count, graph.scaledPrecision())
    for row in 0..<n {
      let sum = matrix[row * n..<(row + 1) * n].reduce(0, +)
      #expect(isClose(sum, graph.isIsolated(row) ? 1 : 0, absolute: 1e-12))
    }
    let u = sites.map { sin(Double($0[0])) + cos(2 * Double($0[1])) * Double($0[2] + 1) }
    let form = (0..<n).reduce(0.0) { sum, i in
      sum + (0..<n).reduce(0.0) { $0 + u[i] * matrix[i * n + $1] * u[$1] }
    }
    let scaled = graph.edges.reduce(0.0) { sum, edge in
      let step = u[edge.first] - u[edge.second]
      return sum + graph.scaledWeight(edge) * step * step
    }
    let alone = sites.indices.filter(graph.isIsolated).reduce(0) { $0 + u[$1] * u[$1] }
    #expect(isClose(form, scaled + alone, relative: 1e-10, absolute: 1e-12))
    #expect(
      isClose(
        graph.roughness(u), graph.edges.reduce(0) { $0 + $1.weight * pow(u[$1.first] - u[$1.second], 2) },
        relative: 1e-12, absolute: 1e-12))
  }

  /// The slow way: Q⁻ = (Q + 11ᵀ/n)⁻¹ − 11ᵀ/n of each component.
  @Test(arguments: 1...6)
  func `After scaling the variances of every component have the geometric mean one`(seed: Int) throws {
    let sites = Self.lesion(seed)
    let graph = SiteGraph(positions: sites, spacing: [2, 2, 3])
    let (n, matrix) = (sites.count, graph.scaledPrecision())
    for component in 0..<graph.componentCount where graph.componentSizes[component] > 1 {
      let members = sites.indices.filter { graph.components[$0] == component }
      let size = Double(members.count)
      let dense = members.flatMap { a in members.map { matrix[a * n + $0] + 1 / size } }
      let factor = try #require(CholeskyFactor(dense, order: members.count))
      let logs = members.indices.map { log(factor.inverse[$0 * members.count + $0] - 1 / size) }
      #expect(isClose(exp(logs.reduce(0, +) / size), 1, relative: 1e-8))
    }
  }

  @Test func `The order of the sites changes neither scales nor edges between the same places`() {
    let sites = Self.lesion(4)
    let turned = Array(sites.reversed())
    let one = SiteGraph(positions: sites, spacing: [1, 1, 2]),
      other = SiteGraph(positions: turned, spacing: [1, 1, 2])
    func named(_ graph: SiteGraph, _ sites: [[Int]]) -> Set<[[Int]]> {
      Set(
        graph.edges.map { [sites[$0.first], sites[$0.second]].sorted { $0.lexicographicallyPrecedes($1) } })
    }
    #expect(named(one, sites) == named(other, turned))
    for (one, other) in zip(one.scales.sorted(), other.scales.sorted()) {
      #expect(isClose(one, other, relative: 1e-10))
    }
  }
}
