import GSLSupport
import LaneMath
import TestSupport
import Testing

@testable import Samplers

@Suite struct SiteGraphTests {
  @Test func `Edges, rank, roughness and scale of the reference lattice`() throws {
    let reference = try ReferenceCase("gmrf-densities")
    let graph = SiteGraph(mask: reference.inputs["mask"], spacing: reference.inputs["spacing"].doubles)
    let expected = reference.expected
    #expect(graph.siteCount == expected["V"].int)
    #expect(graph.edges.count == expected["n_edges"].int)
    #expect(graph.componentCount == expected["n_components"].int)
    #expect(graph.rank == expected["rank"].int)
    #expect(graph.components == expected["component_label"].array.map(\.int))
    let x = reference.inputs["x"].doubles
    #expect(isClose(graph.roughness(x), expected["quad_form"].double, relative: 1e-10))
    for (scale, value) in zip(graph.scales, expected["scale_geomean_var_per_component"].doubles) {
      #expect(isClose(scale, value, relative: 1e-10))
    }
    // log pdet Q from the eigenvalues, and the ICAR log density from its parts.
    let unscaled = graph.scaledPrecision().map { $0 / graph.scales[0] }
    let eigenvalues = SymmetricEigenvalues.of(unscaled, order: graph.siteCount)
    let logPseudo = eigenvalues.dropFirst().reduce(0) { $0 + Double.log($1) }
    #expect(isClose(logPseudo, expected["log_pdet"].double, relative: 1e-10))
    let (tau, r) = (reference.inputs["tau"].double, Double(graph.rank))
    let density =
      0.5 * r * Double.log(tau) + 0.5 * logPseudo - 0.5 * r * Double.log(2 * Double.pi) - 0.5 * tau
      * graph.roughness(x)
    #expect(isClose(density, expected["icar_logdensity"].double, relative: 1e-10))
  }

  @Test func `The full conditional of a site is what its neighbours say`() throws {
    let reference = try ReferenceCase("gmrf-densities")
    let graph = SiteGraph(mask: reference.inputs["mask"], spacing: reference.inputs["spacing"].doubles)
    let x = reference.inputs["x"].doubles
    let site = reference.inputs["voxel"].int
    var (weights, sum) = (0.0, 0.0)
    for edge in graph.edges where edge.first == site || edge.second == site {
      weights += edge.weight
      sum += edge.weight * x[edge.first == site ? edge.second : edge.first]
    }
    let expected = reference.expected["full_conditional"]
    #expect(isClose(sum / weights, expected["mean"].double, relative: 1e-10))
    #expect(
      isClose(weights * reference.inputs["tau"].double, expected["precision"].double, relative: 1e-10))
  }

  @Test func `Components, isolated sites and parities`() {
    let graph = SiteGraph.irregular
    #expect(graph.componentSizes == [13, 2, 1, 1])
    #expect(graph.rank == 13)
    #expect((0..<graph.siteCount).filter { graph.isIsolated($0) } == [15, 16])
    #expect(graph.edges.allSatisfy { graph.parities[$0.first] != graph.parities[$0.second] })
    // Two sites: Q⁻ has ¼ on its diagonal.
    #expect(isClose(graph.scales[1], 0.25, relative: 1e-12))
    #expect(graph.scales[2] == 1 && graph.scales[3] == 1)
  }

  @Test func `Slices more than three spacings apart are not joined`() {
    let graph = SiteGraph(positions: [[0, 0, 0], [1, 0, 0], [0, 0, 1]], spacing: [1, 1, 3.5])
    #expect(graph.openAxes == [2])
    #expect(graph.edges.count == 1)
  }

  @Test func `The scale of a component is the geometric mean of the diagonal of its generalised inverse`() {
    let graph = SiteGraph.irregular
    // (Q + 11ᵀ/n)⁻¹ − 11ᵀ/n on the first component, dense.
    let n = 13
    var matrix = [Double](repeating: 1 / Double(n), count: n * n)
    for edge in graph.edges where edge.second < n {
      matrix[edge.first * n + edge.first] += edge.weight
      matrix[edge.second * n + edge.second] += edge.weight
      matrix[edge.first * n + edge.second] -= edge.weight
      matrix[edge.second * n + edge.first] -= edge.weight
    }
    let inverse = CholeskyFactor(matrix, order: n)?.inverse ?? []
    let logs = (0..<n).reduce(0) { $0 + Double.log(inverse[$1 * n + $1] - 1 / Double(n)) }
    #expect(isClose(graph.scales[0], Double.exp(logs / Double(n)), relative: 1e-10))
  }

  @Test func `Determinants by bands and polynomials equal those by eigenvalues`() {
    let positions = (0..<400).map { [$0 % 9, $0 / 9 % 9, $0 / 81] } + [[40, 40, 40]]
    let graph = SiteGraph(positions: positions, spacing: [2, 2, 3])
    let spectrum = FieldSpectrum(graph)
    let eigenvalues = SymmetricEigenvalues.of(graph.scaledPrecision(), order: graph.siteCount)
    for lambda in [0.0, 1e-5, 0.1, 0.5, 0.9, 0.99, 0.9995, 0.99999] {
      for extra in [0.0, 0.3, 20] {
        let exact = eigenvalues.reduce(0) { $0 + Double.log(lambda * max(0, $1) + 1 - lambda + extra) }
        #expect(isClose(spectrum.logDeterminant(lambda, 1 - lambda + extra), exact, absolute: 2e-3))
      }
    }
    #expect((eigenvalues.last ?? 0) <= spectrum.bound)
  }
}
