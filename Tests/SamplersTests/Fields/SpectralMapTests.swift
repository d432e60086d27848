import GSLSupport
import LaneMath
import TestSupport
import Testing

@testable import Samplers

@Suite struct SpectralMapTests {
  @Test func `Polynomials of the graph equal dense solutions`() throws {
    let graph = SiteGraph.irregular
    let (n, lambda, curvature) = (graph.siteCount, 0.95, 0.1)
    let layout = SiteLayout<Lane8>(graph)
    let spectrum = FieldSpectrum(graph)
    var random = RandomStream(StreamKey(seed: 8, purpose: .simulation))
    let x = (0..<n).map { _ in random.normal() }
    let base = 1 - lambda + curvature
    let degree = try #require(SpectralMap.degree(condition: 1 + spectrum.bound * lambda / base))
    let map = SpectralMap(degree: degree, bound: spectrum.bound) { d in
      SIMD4(1 / (lambda * d + base), 0, 0, 0)
    }
    var fields = layout.sites.indices.map { slot in
      SIMD4(layout.slots[layout.sites[slot]] == slot ? x[layout.sites[slot]] : 0, 0, 0, 0)
    }
    var (other, sums) = (fields, fields)
    var result = [Double](repeating: 0, count: layout.slotCount)
    map.apply(layout, &fields, &other, &sums, into: &result)
    var matrix = graph.scaledPrecision().map { lambda * $0 }
    for site in 0..<n { matrix[site * n + site] += base }
    let exact = try #require(CholeskyFactor(matrix, order: n)).solve(x)
    for site in 0..<n { #expect(isClose(result[layout.slots[site]], exact[site], absolute: 1e-6)) }
  }

  @Test func `A condition beyond reach has no degree`() {
    #expect(SpectralMap.degree(condition: 1e6) == nil)
    #expect(SpectralMap.degree(condition: .infinity) == nil)
    #expect(SpectralMap.degree(condition: 1) != nil)
  }
}
