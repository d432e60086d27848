internal import GSLSupport
internal import LaneMath
public import SignalModels

/// The curve of a model that fits signals best: a point estimate without priors, marked as such wherever it is written.
///
///     min Σ nᵢ (yᵢ − S₀ gᵢ(η))²        (an `OffsetShape` adds its constant)
///
/// by Levenberg–Marquardt with analytic derivatives, from the best place of `StartingGrid`.
///
/// - Coordinates that the data do not determine end anywhere; `standardErrors` then are large or zero.
/// - B1 must be fixed: with T1 it is not determined.
public struct LeastSquaresFit: Sendable, Equatable {
  /// η on the axes of the shape's coordinates.
  public let coordinates: [Double]
  /// S₀, M₀, or β₁ of a shape with a constant.
  public let amplitude: Double
  /// β₀ of a shape with a constant, else 0.
  public let offset: Double
  /// Standard errors of η and, last, of the amplitude; NaN without a degree of freedom.
  public let standardErrors: [Double]
  /// Covariance of η and, last, the amplitude: parameters × parameters; NaN without a degree of freedom.
  public let covariance: [Double]
  /// S₀ gᵢ(η), with the constant of a shape that has one.
  public let fitted: [Double]
  /// Σ n (y − fitted)².
  public let sumOfSquares: Double
  /// Values less parameters.
  public let degreesOfFreedom: Int
  /// How many of the earliest values were taken to be negative; nil for signals with a sign.
  public let negativeCount: Int?
  /// False if the fit did not settle.
  public let converged: Bool

  /// The noise of one value, √(Σ n r²/degrees of freedom); NaN without a degree of freedom.
  public var sigma: Double {
    degreesOfFreedom > 0 ? (sumOfSquares / Double(degreesOfFreedom)).squareRoot() : .nan
  }

  /// Fits signals that carry their sign.
  public init(_ shape: some SignalShape, signals: [Double], averages: [Double]? = nil) {
    let problem = AmplitudeProblem(shape, signals: signals, averages: averages)
    self.init(
      problem, from: problem.start(among: CandidateCurves(shape)).parameters, negativeCount: nil)
  }

  /// Fits magnitudes of a recovery whose earliest values were negative: every polarity that may fit is fitted, the best kept.
  ///
  /// Which may is told by the grid of starts, on which T1 is close enough that the right one comes near its best.
  ///
  /// - Parameters:
  ///   - shape: The signed model.
  ///   - magnitudes: |S|, one for each time.
  ///   - times: The times from inversion, which give the order in which values change sign.
  ///   - averages: n, one for each value.
  public init(_ shape: some SignalShape, magnitudes: [Double], times: [Double], averages: [Double]? = nil) {
    let order = times.indices.sorted { times[$0] < times[$1] }
    let grid = CandidateCurves(shape)
    let all = (0...times.count).map { negative in
      var signed = magnitudes
      for index in order.prefix(negative) { signed[index] = -signed[index] }
      let problem = AmplitudeProblem(shape, signals: signed, averages: averages)
      return (negative: negative, problem: problem, start: problem.start(among: grid))
    }
    // The others are the same curves upside down, with as many values taken for positive.
    let upwards = all.filter { shape.absorbedCount > 0 || $0.start.parameters.last ?? 0 > 0 }
    let starts = upwards.isEmpty ? all : upwards
    let best = starts.map(\.start.residual).sorted()
    let limit = max(Self.hopefulShare * best[0], best[min(Self.leastPolarities, best.count) - 1])
    let fits = starts.filter { $0.start.residual <= limit }.map {
      LeastSquaresFit($0.problem, from: $0.start.parameters, negativeCount: $0.negative)
    }
    // Mirrored fits, whose fully recovered signal is negative, are the same curves.
    let upright = fits.filter { $0.fullyRecovered > 0 && $0.sumOfSquares.isFinite }
    self = upright.min { $0.sumOfSquares < $1.sumOfSquares } ?? fits[0]
  }

  /// A polarity is fitted if its best place on the grid leaves no more than this many times what the best of all leaves.
  private static var hopefulShare: Double { 9 }
  /// As many polarities are fitted whatever they leave.
  private static var leastPolarities: Int { 3 }

  /// The signal after an infinite time: A for shapes that are 1 there.
  private var fullyRecovered: Double { offset + amplitude }

  private init<Shape: SignalShape>(
    _ problem: AmplitudeProblem<Shape>, from start: [Double], negativeCount: Int?
  ) {
    let (shape, signals) = (problem.shape, problem.signals)
    let fit = problem.minimize(from: start)
    let eta = Array(fit.parameters.dropLast())
    let best = problem.amplitudeUnit * fit.parameters[eta.count]
    coordinates = eta
    amplitude = best
    offset = shape.absorbedConstant(of: signals, at: eta, amplitude: best)
    // What `reduced` took off the data goes back on.
    let signal = problem.signal(at: eta)
    fitted = signals.indices.map { best * signal[$0] + (signals[$0] - problem.reduced[$0]) }
    sumOfSquares = problem.amplitudeUnit * problem.amplitudeUnit * fit.sumOfSquares
    degreesOfFreedom = signals.count - shape.absorbedCount - fit.parameters.count
    let variance = degreesOfFreedom > 0 ? fit.sumOfSquares / Double(degreesOfFreedom) : .nan
    let p = fit.parameters.count
    let units = (0..<p).map { $0 == p - 1 ? problem.amplitudeUnit : 1 }
    let covariance = (0..<p * p).map { variance * fit.unscaledCovariance[$0] * units[$0 / p] * units[$0 % p] }
    self.covariance = covariance
    standardErrors = (0..<p).map { covariance[$0 * p + $0].squareRoot() }
    self.negativeCount = negativeCount
    converged = fit.converged
  }
}

/// Residuals and derivatives of one curve in units of its largest signal, parameters (η, S₀).
private struct AmplitudeProblem<Shape: SignalShape> {
  let shape: Shape
  let signals: [Double]
  let reduced: [Double]
  let roots: [Double]
  let amplitudeUnit: Double

  init(_ shape: Shape, signals: [Double], averages: [Double]?) {
    precondition(signals.count == shape.settingCount, "one signal for each setting")
    self.shape = shape
    self.signals = signals
    reduced = shape.reduced(signals)
    roots = (averages ?? signals.map { _ in 1 }).map { $0.squareRoot() }
    let largest = signals.map(abs).max() ?? 1
    amplitudeUnit = largest > 0 ? largest : 1
  }

  func signal(at eta: [Double]) -> [Double] {
    var signal = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    shape.evaluate(at: eta, signal: &signal, workspace: &workspace)
    return signal
  }

  /// The best place of the grid with its own best amplitude, and the sum of squares that it leaves.
  func start(among grid: CandidateCurves) -> (residual: Double, parameters: [Double]) {
    var best = (residual: Double.infinity, parameters: [Double]())
    let total = reduced.indices.reduce(0.0) { $0 + roots[$1] * roots[$1] * reduced[$1] * reduced[$1] }
    for (eta, g) in grid.curves {
      var (gg, gy) = (0.0, 0.0)
      for i in g.indices {
        let weighted = roots[i] * roots[i] * g[i]
        gg += weighted * g[i]
        gy += weighted * reduced[i]
      }
      let residual = total - gy * gy / gg
      if residual < best.residual || best.parameters.isEmpty {
        best = (residual, eta + [gy / gg / amplitudeUnit])
      }
    }
    return best
  }

  func minimize(from start: [Double]) -> LeastSquares.Fit {
    let n = shape.settingCount
    let p = shape.coordinates.count + 1
    var eta = [Double](repeating: 0, count: p - 1)
    var g = [Double](repeating: 0, count: n)
    var slopes = [Double](repeating: 0, count: n * (p - 1))
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    return LeastSquares.minimize(
      from: start, residualCount: n, tolerance: 1e-10, maximumIterations: 200,
      residuals: { theta, r in
        for k in 0..<p - 1 { eta[k] = theta[k] }
        shape.evaluate(at: eta, signal: &g, workspace: &workspace)
        for i in 0..<n { r[i] = roots[i] * (theta[p - 1] * g[i] - reduced[i] / amplitudeUnit) }
      },
      jacobian: { theta, jacobian in
        for k in 0..<p - 1 { eta[k] = theta[k] }
        shape.evaluate(at: eta, signal: &g, derivatives: &slopes, workspace: &workspace)
        for i in 0..<n {
          for k in 0..<(p - 1) { jacobian[i * p + k] = roots[i] * theta[p - 1] * slopes[k * n + i] }
          jacobian[i * p + p - 1] = roots[i] * g[i]
        }
      })
  }
}

/// The curves of all places of `StartingGrid` for an amplitude of 1.
private struct CandidateCurves {
  let curves: [(eta: [Double], signal: [Double])]

  init(_ shape: some SignalShape) {
    var signal = [Double](repeating: 0, count: shape.settingCount)
    var workspace = [Double](repeating: 0, count: shape.workspaceCount)
    curves = StartingGrid.candidates(for: shape.coordinates).map { eta in
      shape.evaluate(at: eta, signal: &signal, workspace: &workspace)
      return (eta, signal)
    }
  }
}
