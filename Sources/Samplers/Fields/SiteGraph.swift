internal import GSLSupport
internal import LaneMath

/// Sites of a regular lattice, each joined to those across a face: the graph of a field.
///
/// Only the sites given are in it: no edge leaves them, so that nothing is smoothed across their border. An edge along
/// axis d weighs (h_min/h_d)², h the spacing. Q = D − W is the graph Laplacian; each connected component is scaled so that
/// the geometric mean of the diagonal of its generalised inverse Q⁻ is 1 (Sørbye and Rue 2014,
/// doi:10.1016/j.spasta.2013.06.004): a spread then means the same for small and large graphs. A site without
/// neighbours stands for itself: its row of Q̃ is that of the identity, so that λ Q̃ + (1 − λ) I is 1 there.
public struct SiteGraph: Sendable {
  /// An edge between two sites.
  public struct Edge: Sendable, Equatable {
    /// The site with the smaller index.
    public let first: Int
    /// The site with the larger index.
    public let second: Int
    /// The weight before scaling.
    public let weight: Double
  }

  /// V, the number of sites.
  public let siteCount: Int
  /// The edges, by first and then second site.
  public let edges: [Edge]
  /// The connected component of every site, counted from 0 in the order of their first sites.
  public let components: [Int]
  /// The number of sites of each component; 1 is an isolated site.
  public let componentSizes: [Int]
  /// The factor of the weights of each component; 1 for isolated sites.
  public let scales: [Double]
  /// The parity of every site's coordinates: no edge joins two sites of the same one.
  public let parities: [Int]
  /// Axes along which sites are too far apart to be joined (spacing more than 3 times the smallest).
  public let openAxes: [Int]
  /// The order of the sites in which Q has its entries near the diagonal.
  let bandOrder: [Int]

  /// Where every site stands, in the units of the spacing.
  let places: [[Double]]

  /// How many times the smallest spacing sites may be apart and still be joined.
  public static let farthestSpacing = 3.0

  /// The graph of sites at integer `positions` (each with as many coordinates as there are spacings).
  ///
  /// - Positions must be distinct.
  public init(positions: [[Int]], spacing: [Double]) {
    precondition(positions.allSatisfy { $0.count == spacing.count }, "one coordinate for each axis")
    precondition(spacing.allSatisfy { $0 > 0 && $0.isFinite }, "spacings are positive")
    let smallest = spacing.min() ?? 1
    var places: [[Int]: Int] = [:]
    for (site, position) in positions.enumerated() { places[position] = site }
    precondition(places.count == positions.count, "two sites at one place")
    siteCount = positions.count
    openAxes = spacing.indices.filter { spacing[$0] > Self.farthestSpacing * smallest }
    var edges: [Edge] = []
    for (site, position) in positions.enumerated() {
      for axis in spacing.indices where spacing[axis] <= Self.farthestSpacing * smallest {
        var next = position
        next[axis] += 1
        guard let other = places[next] else { continue }
        let ratio = smallest / spacing[axis]
        edges.append(Edge(first: min(site, other), second: max(site, other), weight: ratio * ratio))
      }
    }
    self.edges = edges.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    parities = positions.map { $0.reduce(0, +) & 1 }
    components = Self.labels(siteCount: positions.count, edges: self.edges)
    var sizes = [Int](repeating: 0, count: (components.max() ?? -1) + 1)
    for component in components { sizes[component] += 1 }
    componentSizes = sizes
    bandOrder = Self.bandOrder(positions)
    self.places = positions.map { position in position.indices.map { Double(position[$0]) * spacing[$0] } }
    scales = Self.scales(edges: self.edges, components: components, sizes: sizes, order: bandOrder)
  }

  /// The number of components, isolated sites among them.
  public var componentCount: Int { componentSizes.count }
  /// r = V − C, the rank of Q.
  public var rank: Int { siteCount - componentCount }
  /// True of sites without neighbours.
  public func isIsolated(_ site: Int) -> Bool { componentSizes[components[site]] == 1 }
  /// The number of sites without neighbours.
  public var isolatedCount: Int { componentSizes.count { $0 == 1 } }

  /// uᵀ Q u with the unscaled weights: Σ w (uᵢ − uⱼ)².
  public func roughness(_ u: [Double]) -> Double {
    edges.reduce(0) { $0 + $1.weight * (u[$1.first] - u[$1.second]) * (u[$1.first] - u[$1.second]) }
  }

  /// The scaled weight of an edge.
  public func scaledWeight(_ edge: Edge) -> Double { edge.weight * scales[components[edge.first]] }

  /// Q̃ of all sites, dense and row-major: the slow, obvious form.
  public func scaledPrecision() -> [Double] {
    var matrix = [Double](repeating: 0, count: siteCount * siteCount)
    for site in 0..<siteCount where isIsolated(site) { matrix[site * siteCount + site] = 1 }
    for edge in edges {
      let weight = scaledWeight(edge)
      matrix[edge.first * siteCount + edge.first] += weight
      matrix[edge.second * siteCount + edge.second] += weight
      matrix[edge.first * siteCount + edge.second] -= weight
      matrix[edge.second * siteCount + edge.first] -= weight
    }
    return matrix
  }

  /// Component labels by union of the edges.
  private static func labels(siteCount: Int, edges: [Edge]) -> [Int] {
    var parent = Array(0..<siteCount)
    func root(_ site: Int) -> Int {
      var site = site
      while parent[site] != site {
        parent[site] = parent[parent[site]]
        site = parent[site]
      }
      return site
    }
    for edge in edges {
      let (a, b) = (root(edge.first), root(edge.second))
      if a != b { parent[max(a, b)] = min(a, b) }
    }
    var labels: [Int: Int] = [:]
    return (0..<siteCount).map { site in
      let own = root(site)
      let label = labels[own] ?? labels.count
      labels[own] = label
      return label
    }
  }

  /// Sites slice after slice along the longest axis.
  private static func bandOrder(_ positions: [[Int]]) -> [Int] {
    guard let first = positions.first else { return [] }
    let extents = first.indices.map { axis in
      (positions.map { $0[axis] }.max() ?? 0) - (positions.map { $0[axis] }.min() ?? 0)
    }
    let axes = first.indices.sorted { extents[$0] > extents[$1] }
    return positions.indices.sorted { a, b in
      for axis in axes where positions[a][axis] != positions[b][axis] {
        return positions[a][axis] < positions[b][axis]
      }
      return a < b
    }
  }

  /// The geometric mean of diag Q⁻ of every component.
  ///
  /// With one site grounded Q is positive definite; M, its inverse bordered by zeros, is a generalised inverse, and the
  /// Moore–Penrose one is its projection: Q⁻ᵢᵢ = Mᵢᵢ − 2 (M1)ᵢ/n + 1ᵀM1/n².
  private static func scales(edges: [Edge], components: [Int], sizes: [Int], order: [Int]) -> [Double] {
    var members = [[Int]](repeating: [], count: sizes.count)
    for site in order { members[components[site]].append(site) }
    var own = [[Edge]](repeating: [], count: sizes.count)
    for edge in edges { own[components[edge.first]].append(edge) }
    return sizes.indices.map { component in
      let count = sizes[component]
      guard count > 1 else { return 1 }
      var place = [Int: Int](minimumCapacity: count)
      for (index, site) in members[component].enumerated() { place[site] = index }
      let band = SiteBand(
        own[component].map { (place[$0.first] ?? 0, place[$0.second] ?? 0, $0.weight) }, count: count)
      guard let factor = band.grounded() else { return 1 }
      let diagonal = factor.inverseDiagonal + [0]
      let rows = factor.solve([Double](repeating: 1, count: count - 1)) + [0]
      let n = Double(count)
      let total = rows.reduce(0, +)
      let logs = zip(diagonal, rows).reduce(0) { $0 + Double.log($1.0 - 2 * $1.1 / n + total / (n * n)) }
      return Double.exp(logs / n)
    }
  }
}

/// A graph Laplacian in band storage.
struct SiteBand: Sendable {
  let count: Int
  let bandwidth: Int
  private var laplacian: [Double]

  /// The Laplacian of these edges between `count` sites.
  init(_ edges: [(Int, Int, Double)], count: Int) {
    self.count = count
    bandwidth = edges.map { abs($0.0 - $0.1) }.max() ?? 0
    let stride = bandwidth + 1
    laplacian = [Double](repeating: 0, count: count * stride)
    for (a, b, weight) in edges {
      laplacian[a * stride] += weight
      laplacian[b * stride] += weight
      laplacian[min(a, b) * stride + abs(a - b)] -= weight
    }
  }

  /// The factor without the last site.
  func grounded() -> BandCholeskyFactor? {
    let order = count - 1
    let width = min(bandwidth, order - 1)
    var band: [Double] = []
    for row in 0..<order {
      for k in 0...width { band.append(row + k < order ? laplacian[row * (bandwidth + 1) + k] : 0) }
    }
    return BandCholeskyFactor(band, order: order, bandwidth: width)
  }

  /// The factor of I + `weight` · Q.
  func regularized(weight: Double) -> BandCholeskyFactor? {
    let stride = bandwidth + 1
    var band = laplacian.map { weight * $0 }
    for site in 0..<count { band[site * stride] += 1 }
    return BandCholeskyFactor(band, order: count, bandwidth: bandwidth)
  }
}
