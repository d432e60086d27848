public import InferenceCore
public import LaneMath

extension FieldChain {
  /// Tries to take patches from one of their modes to another, as many of them as cost about a sweep of all sites.
  @inlinable
  mutating func updatePatches() {
    guard !patches.isEmpty else { return }
    let weights = patches.map(\.weight)
    for _ in 0..<min(4 * patches.count, max(1, model.graph.siteCount / 40)) {
      update(patches[random.index(inProportionTo: weights)])
    }
  }

  /// Independence Metropolis–Hastings steps of a patch given its population and all other sites.
  ///
  /// The proposal is a mixture of the normal approximations at the patch's modes, each found anew by a few steps from where the
  /// warm-up has seen it. They depend on what stays as it is, not on the patch, so that steps forth and back have the same
  /// proposal q, and are accepted on p/q at the new place over that at the old one.
  @inlinable
  mutating func update(_ patch: FieldPatch<Density>) {
    let pulls = pulls(on: patch)
    let proposal = PatchProposal(
      patch.modes.map { climb(patch, pulls, from: $0, iterations: 4, tolerance: 0.05) })
    func logProposal(_ x: [Double]) -> Double { moves.correctsPatches ? proposal.logDensity(at: x) : 0 }
    var x = place(of: patch)
    var weight = density(of: patch, pulls, at: x) - logProposal(x)
    var isMoved = false
    for _ in 0..<moves.patchProposals {
      let trial = proposal.draw(using: &random)
      let reached = density(of: patch, pulls, at: trial) - logProposal(trial)
      guard Double.log(random.uniformPositive()) < reached - weight else { continue }
      (x, weight, isMoved) = (trial, reached, true)
    }
    if isMoved { put(x, patch) }
  }

  /// x of a patch.
  @inlinable
  func place(of patch: FieldPatch<Density>) -> [Double] {
    let (p, d) = (model.fieldDimension, model.dimension)
    return patch.slots.flatMap { slot in
      (0..<d).map { k in
        k < p ? field[slot * p + k] : positions[slot / L.count * d + k][slot % L.count]
      }
    }
  }

  /// Makes x the state of a patch.
  @inlinable
  mutating func put(_ x: [Double], _ patch: FieldPatch<Density>) {
    let (p, d) = (model.fieldDimension, model.dimension)
    for (place, slot) in patch.slots.enumerated() {
      let (group, lane) = (slot / L.count, slot % L.count)
      for k in 0..<p { field[slot * p + k] = x[place * d + k] }
      for k in 0..<d {
        positions[group * d + k][lane] = k < p ? natural(k, x, place * d) : x[place * d + k]
      }
    }
    for group in Set(patch.slots.map { $0 / L.count }) { evaluate(group) }
  }

  /// The mode of a patch that damped Gauss–Newton steps reach from `start` (η, place × d), and the curvature there; they end
  /// when the next one promises less than ½ `tolerance`.
  @inlinable
  mutating func climb(
    _ patch: FieldPatch<Density>, _ pulls: [Double], from start: [Double], iterations: Int, tolerance: Double
  ) -> PatchMode {
    let count = start.count
    var x = whitened(start)
    var gradient = x
    var information = [Double](repeating: 0, count: packedIndex(count, 0))
    var (trial, trialGradient, trialInformation) = (x, gradient, information)
    var value = expand(patch, pulls, at: x, gradient: &gradient, information: &information)
    var damping = 0.0
    var isConverged = false
    var (matrix, step) = (information, gradient)
    for _ in 0..<iterations {
      (matrix, step) = (information, gradient)
      for k in 0..<count { matrix[packedIndex(k, k)] *= 1 + damping }
      LaneCholesky.factor(&matrix, dimension: count)
      LaneCholesky.solve(factor: matrix, &step, dimension: count)
      var (gain, longest) = (0.0, 0.0)
      for k in 0..<count {
        gain += gradient[k] * step[k]
        longest = max(longest, abs(step[k]))
      }
      isConverged = gain <= tolerance
      if !(gain > tolerance) { break }
      // z are SDs: a step beyond 3 leaves the range of the quadratic.
      for k in 0..<count { trial[k] = x[k] + min(1, 3 / longest) * step[k] }
      let reached = expand(
        patch, pulls, at: trial, gradient: &trialGradient, information: &trialInformation)
      guard reached > value else {
        damping = max(0.1, 10 * damping)
        continue
      }
      value = reached
      swap(&x, &trial)
      swap(&gradient, &trialGradient)
      swap(&information, &trialInformation)
      damping *= 0.2
    }
    LaneCholesky.factor(&information, dimension: count)
    return PatchMode(place: x, logDensity: value, factor: information, isConverged: isConverged)
  }

  /// x from η of a patch's places.
  @inlinable
  func whitened(_ eta: [Double]) -> [Double] {
    let (p, d) = (model.fieldDimension, model.dimension)
    var x = eta
    for start in stride(from: 0, to: eta.count, by: d) {
      for k in 0..<p {
        x[start + k] = -whitenedMean[k]
        for j in 0...k { x[start + k] += inverse[packedIndex(k, j)] * eta[start + j] }
      }
    }
    return x
  }
}
