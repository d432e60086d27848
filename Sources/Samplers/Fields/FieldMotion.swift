public import InferenceCore
public import LaneMath

/// The Hamiltonian moves of a chain: their coordinates, what they have learned, and their room.
public struct FieldMotion<L: Lane>: Sendable {
  /// The coordinates (u, w); nil until the warm-up has learned them.
  @usableFromInline var reference: FieldReference?
  @usableFromInline var adaptation = DualAveraging(target: Self.target, stepSize: Self.firstStep)
  @usableFromInline var isLearning = true
  /// ε: the length of a step, in SDs of the stand-in.
  @usableFromInline var stepSize = Self.firstStep
  /// How many trajectories were tried, how many accepted, and how many steps they had.
  public var counts = (tried: 0, accepted: 0, steps: 0)

  /// (u, w), its momentum and ∇ log p.
  @usableFromInline var place: [Double] = []
  @usableFromInline var momentum: [Double] = []
  @usableFromInline var force: [Double] = []
  /// x, and the gradient in it, place by place of the metric.
  @usableFromInline var sites: [Double] = []
  /// φ.
  @usableFromInline var coordinates: [Double] = []
  /// z of every slot, before the trajectory and on it.
  @usableFromInline var start: [SIMD4<Double>]
  @usableFromInline var field: [SIMD4<Double>]
  /// ∂ log ℓ/∂η: group × d, d fastest.
  @usableFromInline var gradients: [L]
  @usableFromInline var gradient: [L]
  @usableFromInline var information: [L]

  /// The share of trajectories to accept.
  @usableFromInline static var target: Double { 0.7 }
  /// The step with which its search begins.
  @usableFromInline static var firstStep: Double { 0.1 }
  /// No step is longer.
  @usableFromInline static var longestStep: Double { 1.2 }
  /// No trajectory has more steps.
  @usableFromInline static var mostSteps: Int { 30 }
  /// The longest trajectory, in radians of the stand-in's circles.
  @usableFromInline static var longestAngle: Double { 2 }

  @usableFromInline
  init(slotCount: Int, groupCount: Int, dimension d: Int) {
    start = [SIMD4<Double>](repeating: .zero, count: slotCount)
    field = start
    gradients = [L](repeating: 0, count: groupCount * d)
    gradient = [L](repeating: 0, count: d)
    information = [L](repeating: 0, count: packedIndex(d, 0))
  }

  /// Runs in these coordinates from now on, and finds the length of a step anew.
  @usableFromInline
  mutating func follow(_ reference: FieldReference?) {
    self.reference = reference
    adaptation = DualAveraging(target: Self.target, stepSize: Self.firstStep)
    stepSize = Self.firstStep
    let (q, count) = (reference?.centre.count ?? 0, reference?.mean.count ?? 0)
    sites = [Double](repeating: 0, count: count)
    place = [Double](repeating: 0, count: q + count)
    momentum = place
    force = place
  }

  /// What was learned in the present coordinates, and the counts; the room of a trajectory is filled by each anew.
  @usableFromInline
  mutating func transfer(through archive: inout StateArchive) {
    adaptation.transfer(through: &archive)
    archive.transfer(&stepSize)
    archive.transfer(&counts.tried)
    archive.transfer(&counts.accepted)
    archive.transfer(&counts.steps)
    if !(stepSize > 0) { archive.invalidate() }
  }

  /// Takes the acceptance of a trajectory.
  @usableFromInline
  mutating func learn(acceptance: Double) {
    guard isLearning else { return }
    adaptation.learn(acceptance: acceptance)
    stepSize = min(Self.longestStep, adaptation.stepSize)
  }

  /// Ends the adaptation.
  @usableFromInline
  mutating func freeze() {
    isLearning = false
    stepSize = min(Self.longestStep, adaptation.finalStepSize)
    counts = (0, 0, 0)
  }
}
