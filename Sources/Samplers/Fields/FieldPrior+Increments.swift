internal import GSLSupport
internal import LaneMath

extension FieldPrior {
  /// z of the first coordinate under increments that are a mixture, without levels.
  ///
  /// The joint density of all edges has no direct draws where the graph has loops. A Gibbs sampler between z and the ω of the edges
  /// moves all of z at once; on lattices its autocorrelation is below 0.4 a step, so that 16 steps leave less than 10⁻⁶ of
  /// its start. In graphs of more than 256 sites, whose draws serve comparisons with the prior, it takes 5.
  func incrementField(_ graph: SiteGraph, using random: inout RandomStream) -> [Double] {
    var field = [Double](repeating: 0, count: graph.siteCount)
    guard let mixture = increments.mixture, !graph.edges.isEmpty else { return field }
    let roots = graph.incrementRoots
    var precisions = [Double](repeating: 1, count: graph.edges.count)
    for _ in 0..<(graph.siteCount <= FieldSpectrum.denseLimit ? 16 : 5) {
      field = WeightedLaplacian(graph, weights: zip(roots, precisions).map { $0 * $0 * $1 }).draw(
        using: &random)
      for (index, edge) in graph.edges.enumerated() {
        precisions[index] = mixture.drawPrecision(
          given: roots[index] * (field[edge.first] - field[edge.second]), using: &random)
      }
    }
    return field
  }
}

/// The Laplacian of a graph with any weights of its edges.
struct WeightedLaplacian {
  private let graph: SiteGraph
  private let weights: [Double]
  private let diagonal: [Double]

  init(_ graph: SiteGraph, weights: [Double]) {
    self.graph = graph
    self.weights = weights
    var diagonal = [Double](repeating: 0, count: graph.siteCount)
    for (edge, weight) in zip(graph.edges, weights) {
      diagonal[edge.first] += weight
      diagonal[edge.second] += weight
    }
    self.diagonal = diagonal
  }

  /// A draw of N(0, Q⁻): the solution of Qx = Σ √w ε (eᵢ − eⱼ), whose covariance is Q⁻QQ⁻, with mean 0 in every component.
  func draw(using random: inout RandomStream) -> [Double] {
    var right = [Double](repeating: 0, count: graph.siteCount)
    for (edge, weight) in zip(graph.edges, weights) {
      let noise = weight.squareRoot() * random.normal()
      right[edge.first] += noise
      right[edge.second] -= noise
    }
    let solution = solve(right)
    var means = [Double](repeating: 0, count: graph.componentCount)
    for site in solution.indices {
      let component = graph.components[site]
      means[component] += solution[site] / Double(graph.componentSizes[component])
    }
    return solution.indices.map { solution[$0] - means[graph.components[$0]] }
  }

  /// Q `x`.
  func product(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    for (edge, weight) in zip(graph.edges, weights) {
      let flow = weight * (x[edge.first] - x[edge.second])
      result[edge.first] += flow
      result[edge.second] -= flow
    }
    return result
  }

  /// A solution of Qx = `right`, which sums to 0 in every component, by conjugate gradients preconditioned with the diagonal
  /// (Hestenes and Stiefel 1952, doi:10.6028/jres.049.044).
  func solve(_ right: [Double]) -> [Double] {
    func preconditioned(_ vector: [Double]) -> [Double] {
      vector.indices.map { diagonal[$0] > 0 ? vector[$0] / diagonal[$0] : 0 }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var solution = [Double](repeating: 0, count: right.count)
    var residual = right
    var scaled = preconditioned(residual)
    var direction = scaled
    var size = dot(residual, scaled)
    let enough = 1e-18 * size
    for _ in 0..<(20 * right.count + 50) where size > enough {
      let image = product(direction)
      let step = size / dot(direction, image)
      for site in solution.indices {
        solution[site] += step * direction[site]
        residual[site] -= step * image[site]
      }
      scaled = preconditioned(residual)
      let next = dot(residual, scaled)
      for site in direction.indices { direction[site] = scaled[site] + next / size * direction[site] }
      size = next
    }
    return solution
  }
}
