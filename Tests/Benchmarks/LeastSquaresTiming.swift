import IVIMBayes

/// What users would run instead: one Levenberg–Marquardt fit of (log D, logit f, log(D* − D), S₀) to each voxel of W1 by
/// GSL, with analytic derivatives, from the start that the sampler has (the prior means), default tolerances.
struct LeastSquaresTiming {
  /// CPU microseconds of a voxel, the median of five runs.
  let microsecondsPerVoxel: Double
  /// The share of voxels whose fit settled within 500 steps.
  let shareConverged: Double

  init(_ workload: WorkloadW1) {
    var seconds: [Double] = []
    var converged = 0
    for _ in 0..<5 {
      let start = cpuSeconds()
      converged = workload.signals.count { Self.fit(workload.shape, $0) }
      seconds.append(cpuSeconds() - start)
    }
    microsecondsPerVoxel = 1e6 * seconds.sorted()[2] / Double(workload.signals.count)
    shareConverged = Double(converged) / Double(workload.signals.count)
  }

  /// Fits one voxel; true if the fit settled.
  private static func fit(_ shape: BiexponentialIVIM, _ signals: [Double]) -> Bool {
    let n = signals.count
    let unit = signals[0]
    var eta = [0.0, 0, 0]
    var g = [Double](repeating: 0, count: n)
    var slopes = [Double](repeating: 0, count: 3 * n)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    let fit = LeastSquares.minimize(
      from: [Double.log(1.0), Double.log(0.1 / 0.9), Double.log(19), 1], residualCount: n,
      maximumIterations: 500,
      residuals: { theta, residuals in
        for k in 0..<3 { eta[k] = theta[k] }
        shape.evaluate(at: eta, signal: &g, workspace: &workspace)
        for i in 0..<n { residuals[i] = theta[3] * g[i] - signals[i] / unit }
      },
      jacobian: { theta, jacobian in
        for k in 0..<3 { eta[k] = theta[k] }
        shape.evaluate(at: eta, signal: &g, derivatives: &slopes, workspace: &workspace)
        for i in 0..<n {
          for k in 0..<3 { jacobian[4 * i + k] = theta[3] * slopes[k * n + i] }
          jacobian[4 * i + 3] = g[i]
        }
      })
    return fit.converged
  }
}
