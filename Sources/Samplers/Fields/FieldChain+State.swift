public import InferenceCore
public import LaneMath

extension FieldChain {
  /// The state of the chain: whatever the next sweeps and the reports depend on besides the model.
  ///
  /// It is read into a new chain of the same model, streams and moves. The factors of the population, the surrogates and the
  /// coordinates of trajectories are found anew, bit for bit, from what they were found from. Rooms for computations, and the
  /// weights of edges, which every sweep draws before it uses them, are no part of it.
  @inlinable
  public mutating func transfer(through archive: inout StateArchive) {
    hyper.transfer(through: &archive)
    archive.transfer(&positions)
    archive.transfer(&field)
    archive.transfer(&logLikelihoods)
    archive.transfer(&byproducts)
    archive.transfer(&levels.sums)
    random.transfer(through: &archive)
    for group in randoms.indices { randoms[group].transfer(through: &archive) }
    edges.random?.transfer(through: &archive)
    archive.transfer(&sweepCount)
    archive.transfer(&acceptedSites)
    archive.transfer(&triedSites)
    archive.transfer(&motion.isLearning)
    if motion.isLearning {
      archive.transfer(&sweepsSeen)
      archive.transfer(&positionSums)
      moments.transfer(through: &archive)
    }
    archive.transfer(&surrogate.positions)
    guard isUsable else { return archive.invalidate() }
    if archive.isReading {
      findFactors()
      renewSurrogate(at: surrogate.positions)
    }
    transferReference(through: &archive)
    motion.transfer(through: &archive)
    transferPatches(through: &archive)
  }

  /// Whether the state consists of numbers.
  @inlinable
  var isUsable: Bool {
    let p = model.fieldDimension
    return (hyper.mean + hyper.spread + hyper.partial + hyper.dependence).allSatisfy(\.isFinite)
      && hyper.spread.allSatisfy { $0 > 0 }
      && model.layout.ownSlots.allSatisfy { slot in (0..<p).allSatisfy { field[slot * p + $0].isFinite } }
  }

  /// The coordinates of trajectories, found from the surrogates, a population and its covariance.
  @inlinable
  mutating func transferReference(through archive: inout StateArchive) {
    var isThere = motion.reference != nil
    archive.transfer(&isThere)
    var population = motion.reference?.population ?? hyper
    var factor = motion.reference?.factor ?? moments.scatter
    if isThere {
      population.transfer(through: &archive)
      archive.transfer(&factor)
    }
    guard archive.isReading, archive.isValid else { return }
    motion.follow(
      isThere
        ? FieldReference(
          surrogate, at: surrogate.positions, layout: model.layout, graph: model.graph, prior: model.prior,
          population: population, factor: factor) : nil)
    if isThere && motion.reference == nil { archive.invalidate() }
  }

  /// The patches that have several modes: their modes and weights, in the order of the model's candidates.
  @inlinable
  mutating func transferPatches(through archive: inout StateArchive) {
    var (left, found) = (patches[...], [FieldPatch<Density>]())
    for candidate in model.candidates {
      let known = left.first?.slots == candidate.slots ? left.popFirst() : nil
      var count = known?.modes.count ?? 0
      archive.transfer(&count, in: 0...candidate.modes.count)
      guard count > 0, archive.isValid else { continue }
      var patch = known ?? candidate
      if archive.isReading { patch.modes = Array(candidate.modes.prefix(count)) }
      archive.transfer(&patch.weight)
      for index in patch.modes.indices { archive.transfer(&patch.modes[index]) }
      found.append(patch)
    }
    patches = found
  }
}
