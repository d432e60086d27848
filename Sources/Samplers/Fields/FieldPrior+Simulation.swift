public import GSLSupport
internal import InferenceCore
internal import LaneMath

extension FieldPrior {
  /// A draw of the population. Needs proper priors: finite SDs.
  public func drawPopulation(using random: inout RandomStream) -> FieldHyperparameters {
    let p = axes.count
    var hyper = FieldHyperparameters(
      mean: axes.map(\.mean), spread: axes.map(\.spread.typicalValue),
      partial: [Double](repeating: 0, count: p * (p - 1) / 2),
      dependence: [Double](repeating: structure.startingDependence, count: p))
    for k in 0..<p {
      if structure != .intrinsic { hyper.mean[k] += axes[k].sd * random.normal() }
      hyper.spread[k] = axes[k].spread.draw(using: &random)
      for j in 0..<k {
        let shape = correlationShape + 0.5 * Double(p - 2 - j)
        hyper.partial[strictIndex(k, j)] = 2 * random.beta(shape, shape) - 1
      }
      if structure == .leroux { hyper.dependence[k] = random.uniformPositive() }
    }
    if let huangWand { _ = hyper.take(covariance: huangWand.draw(using: &random)) }
    return hyper
  }

  /// A draw of the field on `graph` given its population: site after site, p values each.
  ///
  /// - Up to 256 sites by a dense Cholesky factor; beyond by Chebyshev polynomials, of a degree at which the relative error
  ///   is 10⁻⁸ unless λ exceeds 0.9999. Intrinsic fields of more sites take λ = 0.9999.
  public func drawField(
    of hyper: FieldHyperparameters, on graph: SiteGraph, spectrum: FieldSpectrum,
    using random: inout RandomStream
  ) -> [[Double]] {
    let p = axes.count
    let factor = hyper.factor
    let standard = (0..<p).map { k in
      k == 0 && increments != .normal
        ? incrementField(graph, using: &random)
        : standardField(hyper.dependence[k], graph, spectrum, &random)
    }
    var levels = [[Double]](repeating: hyper.mean, count: graph.componentCount)
    if structure == .intrinsic {
      for component in levels.indices {
        for k in 0..<p { levels[component][k] = axes[k].mean + axes[k].sd * random.normal() }
      }
    }
    var field: [[Double]] = []
    for site in 0..<graph.siteCount {
      var row = levels[graph.components[site]]
      for i in 0..<p {
        for j in 0...i { row[i] += factor[packedIndex(i, j)] * standard[j][site] }
      }
      field.append(row)
    }
    return field
  }

  /// z ~ N(0, P⁻¹); of an intrinsic field N(0, Q̃⁻), without levels.
  private func standardField(
    _ lambda: Double, _ graph: SiteGraph, _ spectrum: FieldSpectrum, _ random: inout RandomStream
  ) -> [Double] {
    let count = graph.siteCount
    let noise = (0..<count).map { _ in random.normal() }
    guard structure != .exchangeable else { return noise }
    var field: [Double]
    if count <= FieldSpectrum.denseLimit {
      var matrix = graph.scaledPrecision().map { lambda * $0 }
      for site in 0..<count {
        matrix[site * count + site] += 1 - lambda
        guard structure == .intrinsic else { continue }
        for other in 0..<count where graph.components[other] == graph.components[site] {
          matrix[site * count + other] += 1 / Double(graph.componentSizes[graph.components[site]])
        }
      }
      field = CholeskyFactor(matrix, order: count).map { $0.solve($0.multiply(noise)) } ?? noise
    } else {
      let inside = min(lambda, 0.9999)
      let layout = SiteLayout<Double>(graph)
      let condition = 1 + spectrum.bound * inside / (1 - inside)
      let root = condition.squareRoot()
      let degree = Int(18.4 / Double.log((root + 1) / (root - 1)) + 2)
      let map = SpectralMap(degree: degree, bound: spectrum.bound) { x in
        SIMD4(1 / (inside * x + 1 - inside).squareRoot(), 0, 0, 0)
      }
      var fields = (0..<count).map { SIMD4(noise[layout.sites[$0]], 0, 0, 0) }
      var (other, sums) = (fields, fields)
      var slots = noise
      map.apply(layout, &fields, &other, &sums, into: &slots)
      field = (0..<count).map { slots[layout.slots[$0]] }
    }
    guard structure == .intrinsic else { return field }
    var means = [Double](repeating: 0, count: graph.componentCount)
    for site in 0..<count {
      means[graph.components[site]] += field[site] / Double(graph.componentSizes[graph.components[site]])
    }
    return (0..<count).map { field[$0] - means[graph.components[$0]] }
  }
}

extension SpreadPrior {
  /// A draw of τ.
  func draw(using random: inout RandomStream) -> Double {
    switch self {
    case .halfNormal(let scale): abs(scale * random.normal())
    case .halfStudentT(let scale, let nu): abs(scale * random.studentT(degreesOfFreedom: nu))
    case .exponential(let rate): random.exponential(rate: rate)
    }
  }
}
