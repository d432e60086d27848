public import InferenceCore
public import LaneMath

/// The levels of an intrinsic field: the mean of every component of its graph, which has a normal prior of its own.
///
/// The colours update sites under a flat prior of the levels; a group's step is then accepted as a whole on the ratio of
/// the levels' densities (a Metropolis step whose proposal leaves the rest of the posterior invariant). Sites without
/// neighbours are levels themselves, and take their prior into their step.
public struct FieldLevels<L: Lane>: Sendable {
  /// Component after component, p sums each.
  @usableFromInline var sums: [Double] = []
  @usableFromInline var sizes: [Double] = []
  /// The component of every slot; −1 of copies.
  @usableFromInline var components: [Int] = []

  @usableFromInline
  init<Density: SiteDensity>(_ model: FieldModel<Density>) where Density.L == L {
    guard model.prior.structure == .intrinsic else { return }
    sizes = model.graph.componentSizes.map(Double.init)
    components = model.layout.sites.indices.map { slot in
      let site = model.layout.sites[slot]
      guard model.layout.slots[site] == slot else { return -1 }
      return model.graph.components[site]
    }
  }

  /// Counts anew.
  @usableFromInline
  mutating func count<Density: SiteDensity>(_ positions: [L], _ model: FieldModel<Density>)
  where Density.L == L {
    let (p, d) = (model.fieldDimension, model.dimension)
    sums = [Double](repeating: 0, count: sizes.count * p)
    for (slot, component) in components.enumerated() where component >= 0 {
      for k in 0..<p { sums[component * p + k] += positions[slot / L.count * d + k][slot % L.count] }
    }
  }

  /// log p of the levels with these sums, those of sites without neighbours among them if `isolated`.
  @usableFromInline
  func logDensity(_ sums: [Double], prior: FieldPrior, isolated: Bool = false) -> Double {
    let p = prior.axes.count
    var total = 0.0
    for component in sizes.indices where sizes[component] > 1 || isolated {
      for k in 0..<p where prior.axes[k].sd.isFinite {
        let deviation = (sums[component * p + k] / sizes[component] - prior.axes[k].mean) / prior.axes[k].sd
        total -= 0.5 * deviation * deviation
      }
    }
    return total
  }
}

extension FieldChain {
  /// Adds the levels' prior to the full conditional of sites without neighbours.
  @usableFromInline
  mutating func addLevelOfIsolated(_ group: Int) {
    let isolated = model.layout.isolated[group]
    for k in 0..<model.fieldDimension where model.prior.axes[k].sd.isFinite {
      let precision = 1 / (model.prior.axes[k].sd * model.prior.axes[k].sd)
      site.matrix[packedIndex(k, k)] += precision * isolated
      site.mean[k] += (precision * model.prior.axes[k].mean) * isolated
    }
  }

  /// Adds the slope of the levels' prior to the sites' gradients on a trajectory.
  @usableFromInline
  mutating func addForceOfLevels() {
    let (p, d) = (model.fieldDimension, model.dimension)
    var present = levels
    present.count(proposal.positions, model)
    for (slot, component) in levels.components.enumerated() where component >= 0 {
      for k in 0..<p where model.prior.axes[k].sd.isFinite {
        let axis = model.prior.axes[k]
        let level = present.sums[component * p + k] / levels.sizes[component]
        motion.gradients[slot / L.count * d + k][slot % L.count] -=
          (level - axis.mean) / (axis.sd * axis.sd * levels.sizes[component])
      }
    }
  }

  /// V − E, E the exponent of 1/|L| of an intrinsic field.
  @usableFromInline
  var missingExponent: Double {
    Double(model.graph.siteCount) - (moves.exponent ?? Double(model.graph.rank))
  }

  /// What the levels of an intrinsic field, whose density in z is flat, add to the log ratio of a proposal with factor L'.
  @usableFromInline
  mutating func levelRatio(_ newFactor: [Double]) -> Double {
    levels.count(positions, model)
    var proposed = levels
    proposed.count(proposal.positions, model)
    let logs = (0..<model.fieldDimension).reduce(0.0) {
      $0 + Double.log(newFactor[packedIndex($1, $1)] / factor[packedIndex($1, $1)])
    }
    return missingExponent * logs + levels.logDensity(proposed.sums, prior: model.prior, isolated: true)
      - levels.logDensity(levels.sums, prior: model.prior, isolated: true)
  }

  /// Whether the step of `group` is accepted for what it does to the levels; if so they are moved.
  @usableFromInline
  mutating func acceptsLevels(_ group: Int, _ accepted: L.Mask) -> Bool {
    let p = model.fieldDimension
    var sums = levels.sums
    for lane in 0..<L.count where accepted[lane] {
      let component = levels.components[group * L.count + lane]
      guard component >= 0, levels.sizes[component] > 1 else { continue }
      for k in 0..<p { sums[component * p + k] += site.trial[k][lane] - site.current[k][lane] }
    }
    let change =
      levels.logDensity(sums, prior: model.prior) - levels.logDensity(levels.sums, prior: model.prior)
    guard change >= 0 || Double.log(random.uniformPositive()) < change else { return false }
    levels.sums = sums
    return true
  }
}
