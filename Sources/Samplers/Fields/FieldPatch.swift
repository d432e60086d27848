public import InferenceCore
public import LaneMath

/// Neighbouring sites that may go together from one mode of their posterior to another.
///
/// Where a signal allows two readings (much slow perfusion or little of the fast kind), every site of a patch holds its
/// neighbours to the reading that they have. One site after the other never changes it; the patch as a whole does.
@usableFromInline
struct FieldPatch<Density: SiteDensity>: Sendable {
  @usableFromInline typealias L = Density.L

  /// The slots of the sites in the layout of the field; the place of a site is its index here.
  @usableFromInline let slots: [Int]
  /// The data of the sites, lane after lane; copies of the last site fill the last group.
  @usableFromInline let groups: [Density.SiteData]
  /// Offsets of the coordinates: group × p, p fastest; empty without.
  @usableFromInline let offsets: [L]
  /// Edges inside, with their scaled weights.
  @usableFromInline let edges: [(later: Int, earlier: Int, weight: Double)]
  /// Edges to the slots beside, with their scaled weights.
  @usableFromInline let outside: [(place: Int, slot: Int, weight: Double)]
  /// η of the modes, place × d, d fastest; of a candidate, where the search for them starts.
  @usableFromInline var modes: [[Double]]
  /// True of the few that are searched first; the others only if one of them has several modes.
  @usableFromInline let isScout: Bool
  /// How often it is tried, relative to other patches: more often the rarer its second mode is.
  @usableFromInline var weight = 1.0

  @inlinable
  init(
    slots: [Int], layout: SiteLayout<L>, groups: [Density.SiteData], offsets: [L], modes: [[Double]],
    isScout: Bool
  ) {
    (self.slots, self.groups, self.offsets, self.modes) = (slots, groups, offsets, modes)
    self.isScout = isScout
    let places = Dictionary(uniqueKeysWithValues: zip(slots, slots.indices))
    var edges: [(later: Int, earlier: Int, weight: Double)] = []
    var outside: [(place: Int, slot: Int, weight: Double)] = []
    for (place, slot) in slots.enumerated() {
      for entry in layout.starts[slot]..<layout.starts[slot + 1] {
        let (other, weight) = (layout.neighbours[entry], layout.weights[entry])
        if let earlier = places[other] {
          if earlier < place { edges.append((place, earlier, weight)) }
        } else {
          outside.append((place, other, weight))
        }
      }
    }
    (self.edges, self.outside) = (edges, outside)
  }

  /// The places of the sites in `group`.
  @inlinable @inline(__always)
  func places(ofGroup group: Int) -> Range<Int> {
    group * L.count..<min((group + 1) * L.count, slots.count)
  }
}

extension FieldModel {
  /// The patches whose posterior may have several modes along coordinate `axis`, one about each site: from where in each the
  /// modes are sought.
  ///
  /// A search starts from the modes of single sites that are held near a value of the axis: far below its prior mean, somewhat
  /// below, and a little above.
  @inlinable
  func candidates(along axis: Int, data: (_ sites: [Int]) -> Density.SiteData) -> [FieldPatch<Density>] {
    let (p, d) = (fieldDimension, dimension)
    let starts = [-3, -1.25, 0.25].map { deviation in heldModes(along: axis, deviation: deviation) }
    func value(_ k: Int, of site: Int, _ lanes: [L], width: Int) -> Double {
      let slot = layout.slots[site]
      return lanes[slot / L.count * width + k][slot % L.count]
    }
    let scouts = Set(graph.scatteredSites())
    return graph.patches(ofAtMost: 12).map { sites in
      let last = sites[sites.count - 1]
      let members = stride(from: 0, to: sites.count, by: L.count).map { start in
        (start..<start + L.count).map { $0 < sites.count ? sites[$0] : last }
      }
      let shifts = offsets.map { offsets in
        members.flatMap { sites in
          (0..<p).map { k in L(sites.map { value(k, of: $0, offsets, width: p) }) }
        }
      }
      return FieldPatch(
        slots: sites.map { layout.slots[$0] }, layout: layout, groups: members.map(data),
        offsets: shifts ?? [],
        modes: starts.map { start in
          sites.flatMap { site in (0..<d).map { value($0, of: site, start, width: d) } }
        }, isScout: scouts.contains(sites[0]))
    }
  }

  /// The modes of all sites, held near `deviation` prior SDs from the prior mean of `axis`: group × d, without offsets.
  @inlinable
  func heldModes(along axis: Int, deviation: Double) -> [L] {
    let (p, d) = (fieldDimension, dimension)
    let centre = prior.axes.enumerated().map { k, own in
      own.mean + (k == axis && own.sd.isFinite ? deviation * own.sd : 0)
    }
    let precision = (0..<p).map { $0 == axis ? 10.0 : 1 }
    var density = density
    return (0..<layout.groupCount).flatMap { group in
      density.take(groups[group])
      let shift = (0..<p).map { k in offsets.map { $0[group * p + k] } ?? 0 }
      var held = RegularizedDensity(
        density, mean: (0..<p).map { L(centre[$0]) + shift[$0] }, precision: precision)
      let mode = LaneMode(of: &held, from: (0..<d).map { $0 < p ? held.mean[$0] : 0 }).position
      return (0..<d).map { $0 < p ? mode[$0] - shift[$0] : mode[$0] }
    }
  }
}
