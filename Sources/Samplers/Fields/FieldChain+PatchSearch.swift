public import LaneMath

/// The search for patches that have several modes, in the warm-up.
extension FieldChain {
  /// The model's candidates that have several modes where one of `chains` is: some have a second mode only if their population
  /// and the sites beside allow it. What was found before stays; of several finds the one with modes most alike in weight.
  @inlinable
  static func patches(seenBy chains: [FieldChain]) -> [FieldPatch<Density>] {
    guard let first = chains.first else { return [] }
    var (chains, known) = (chains, first.patches[...])
    return first.model.candidates.compactMap { candidate in
      var found: [FieldPatch<Density>] = []
      if known.first?.slots == candidate.slots, let patch = known.popFirst() { found.append(patch) }
      for index in chains.indices {
        if let patch = chains[index].severalModes(of: candidate) { found.append(patch) }
      }
      return found.min { $0.weight < $1.weight }
    }
  }

  /// True if a scout has several modes among sites at `means` under the mean of the populations seen: a look at every site
  /// is worth its time.
  @inlinable
  func isScouted(at means: [L]) -> Bool {
    guard !model.candidates.isEmpty, let population = model.prior.setting(to: moments.mean, of: hyper)
    else { return false }
    let d = model.dimension
    var centre = self
    centre.move(to: population) { group in Array(means[group * d..<(group + 1) * d]) }
    return model.candidates.contains { $0.isScout && centre.severalModes(of: $0) != nil }
  }

  /// The candidate with the places of its modes where this chain is; nil if it has one alone.
  ///
  /// Modes less than four of their SDs apart count once: what lies between them is no barrier. One whose integral is below
  /// e⁻¹² of the best is left to chance.
  @inlinable
  mutating func severalModes(of candidate: FieldPatch<Density>) -> FieldPatch<Density>? {
    let (p, d) = (model.fieldDimension, model.dimension)
    let pulls = pulls(on: candidate)
    var modes: [PatchMode] = []
    for start in candidate.modes {
      let mode = climb(candidate, pulls, from: start, iterations: 20, tolerance: 1e-3)
      if mode.isConverged, !modes.contains(where: { $0.squaredDistance(to: mode.place) < 16 }) {
        modes.append(mode)
      }
    }
    let evidences = modes.map(\.logEvidence).sorted(by: >)
    modes.removeAll { $0.logEvidence <= evidences[0] - 12 }
    guard modes.count > 1 else { return nil }
    var patch = candidate
    patch.weight = Double.exp(0.25 * (evidences[0] - evidences[1]))
    patch.modes = modes.map { mode in
      mode.place.indices.map { index in
        index % d < p ? natural(index % d, mode.place, index / d * d) : mode.place[index]
      }
    }
    return patch
  }
}
