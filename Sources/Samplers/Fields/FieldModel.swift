internal import GSLSupport
public import InferenceCore
public import LaneMath

/// A field over sites with their likelihoods: what the chains of `FieldChain` sample.
public struct FieldModel<Density: SiteDensity>: Sendable {
  /// The lanes of the density.
  public typealias L = Density.L

  /// The graph of the sites.
  public let graph: SiteGraph
  /// The prior.
  public let prior: FieldPrior
  /// Where the sites stand in the lanes.
  public let layout: SiteLayout<L>
  /// The determinants.
  public let spectrum: FieldSpectrum
  /// The likelihood, with its workspace.
  public let density: Density
  /// The data of every group.
  public let groups: [Density.SiteData]
  /// What is added to the field's coordinates of a site before its likelihood is asked: group × p, p fastest; or nil.
  public let offsets: [L]?
  /// Where the search for the modes ended: group × d, d fastest, without the offsets.
  @usableFromInline let modes: [L]
  /// The expansion of every group's log likelihood there.
  @usableFromInline let surrogate: SiteSurrogate<L>
  /// Patches that may have several modes, with places from where to seek them.
  @usableFromInline private(set) var candidates: [FieldPatch<Density>] = []

  /// The model of the sites of `graph`.
  ///
  /// - Parameters:
  ///   - graph: The sites.
  ///   - spectrum: That of the graph, if it is known already.
  ///   - prior: The field's prior, one axis for each of its coordinates.
  ///   - density: The likelihood; its first coordinates are the field's.
  ///   - offsets: Coordinate after coordinate: what is added to it at every site.
  ///   - data: The data of the sites with these indices, one in each lane.
  ///   - starts: Where the search for the modes of these sites may start: positions of all coordinates of the density,
  ///     offsets included; nil starts at the prior mean, with zeros for coordinates that are not the field's.
  ///   - modeAxis: The coordinate along which the likelihood of a site may have several modes, if one is known.
  @inlinable
  public init(
    graph: SiteGraph, spectrum: FieldSpectrum? = nil, prior: FieldPrior, density: Density,
    offsets: [[Double]]? = nil, data: (_ sites: [Int]) -> Density.SiteData,
    starts: ((_ sites: [Int], _ density: inout Density) -> [L])? = nil, modeAxis: Int? = nil
  ) {
    precondition(prior.axes.count <= density.dimension, "a coordinate of the density for each of the field")
    let isJoined = prior.structure != .exchangeable
    let layout = SiteLayout<L>(graph, isJoined: isJoined, isIntrinsic: prior.structure == .intrinsic)
    let (p, d) = (prior.axes.count, density.dimension)
    var density = density
    var groups: [Density.SiteData] = []
    var lanes: [L]? = offsets == nil ? nil : []
    var modes: [L] = []
    var surrogate = SiteSurrogate<L>(groupCount: layout.groupCount, dimension: d)
    for group in 0..<layout.groupCount {
      let sites = layout.sites(ofGroup: group)
      let data = data(sites)
      groups.append(data)
      var shift = [L](repeating: 0, count: p)
      if let offsets {
        for k in 0..<p { shift[k] = L(sites.map { offsets[k][$0] }) }
        lanes?.append(contentsOf: shift)
      }
      density.take(data)
      let centre =
        starts?(sites, &density)
        ?? (0..<d).map { k in k < p ? L(prior.axes[k].mean) + shift[k] : L(0) }
      var regularized = RegularizedDensity(density, prior: prior, offsets: shift)
      var position = LaneMode(of: &regularized, from: centre).position
      for k in 0..<p { position[k] -= shift[k] }
      modes += position
      surrogate.expand(&density, group: group, at: position, offsets: shift)
    }
    self.graph = graph
    self.prior = prior
    self.layout = layout
    self.spectrum = spectrum ?? FieldSpectrum(graph)
    self.density = density
    self.groups = groups
    self.offsets = lanes
    self.modes = modes
    self.surrogate = surrogate
    if let modeAxis, prior.structure == .leroux { candidates = candidates(along: modeAxis, data: data) }
  }

  /// p, the number of the field's coordinates.
  @inlinable
  public var fieldDimension: Int { prior.axes.count }
  /// d, the number of coordinates of a site.
  @inlinable
  public var dimension: Int { density.dimension }
}

/// The log likelihood with a normal pull towards the population: where chains start.
@usableFromInline
struct RegularizedDensity<Base: SiteDensity>: LaneLogDensity {
  @usableFromInline typealias L = Base.L
  @usableFromInline var base: Base
  @usableFromInline let mean: [L]
  @usableFromInline let precision: [Double]

  /// `base` times independent normal densities of its first coordinates.
  @inlinable
  init(_ base: Base, mean: [L], precision: [Double]) {
    (self.base, self.mean, self.precision) = (base, mean, precision)
  }

  /// `base` with each field coordinate drawn to its population mean with the variance s² + τ².
  @inlinable
  init(_ base: Base, prior: FieldPrior, offsets: [L]) {
    self.init(
      base, mean: prior.axes.indices.map { L(prior.axes[$0].mean) + offsets[$0] },
      precision: prior.axes.map { axis in
        let spread = axis.spread.typicalValue
        return axis.sd.isFinite ? 1 / (axis.sd * axis.sd + spread * spread) : 0
      })
  }

  @inlinable
  var dimension: Int { base.dimension }
  @inlinable
  var byproducts: [L] { base.byproducts }

  @inlinable
  mutating func logDensity(at position: [L]) -> L {
    var sum = base.logDensity(at: position)
    for k in mean.indices {
      let deviation = position[k] - mean[k]
      sum -= (0.5 * precision[k]) * (deviation * deviation)
    }
    return sum
  }

  @inlinable
  mutating func expand(at position: [L], gradient: inout [L], information: inout [L]) -> L {
    var sum = base.expand(at: position, gradient: &gradient, information: &information)
    for k in mean.indices {
      let deviation = position[k] - mean[k]
      sum -= (0.5 * precision[k]) * (deviation * deviation)
      gradient[k] -= precision[k] * deviation
      information[packedIndex(k, k)] += L(precision[k])
    }
    return sum
  }
}
