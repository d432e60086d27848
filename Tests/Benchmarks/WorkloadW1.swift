import IVIMBayes

/// Workload W1: voxelwise biexponential fit at SNR 40 on 15 b-values, truths drawn from populations.
struct WorkloadW1 {
  static let bValues = [0, 10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 500, 600, 800, 1000]
    .map { BValue($0) }
  static let sigma = 25.0

  let shape = BiexponentialIVIM(bValues: bValues)
  /// Voxel after voxel, one signal for each b-value.
  let signals: [[Double]]
  let truths: [[Double]]

  init(voxelCount: Int, seed: UInt64) {
    var random = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    var signals: [[Double]] = []
    var truths: [[Double]] = []
    let shape = self.shape
    var relative = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    for _ in 0..<voxelCount {
      let d = Double.exp(random.normal(mean: Double.log(1.2), standardDeviation: 0.25))
      let logitF = random.normal(mean: Double.log(0.12 / 0.88), standardDeviation: 0.5)
      let dStar = Double.exp(random.normal(mean: Double.log(15), standardDeviation: 0.4))
      let eta = [Double.log(d), logitF, Double.log(max(dStar - d, 0.1))]
      shape.evaluate(at: eta, signal: &relative, workspace: &workspace)
      signals.append(relative.map { 1000 * $0 + random.normal(mean: 0, standardDeviation: Self.sigma) })
      truths.append(eta)
    }
    self.signals = signals
    self.truths = truths
  }

  func posterior<L: Lane>(of voxels: [Int], lanes: L.Type) -> AmplitudeMarginalPosterior<BiexponentialIVIM, L>
  {
    AmplitudeMarginalPosterior(
      shape,
      signals: (0..<shape.settingCount).map { i in L(voxels.map { signals[$0][i] }) },
      averages: [Double](repeating: 1, count: shape.settingCount),
      noise: .pooled(pseudoObservations: L(4), variance: L(Self.sigma * Self.sigma)),
      prior: NormalPrior(
        means: [Double.log(1.0), Double.log(0.1 / 0.9), Double.log(19)], standardDeviations: [0.5, 1, 0.75]))
  }
}
