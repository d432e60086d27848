internal import GSLSupport
internal import LaneMath

/// Axes for the hyperparameters of one row: μ; τ as the normal number of the same rank under a half-normal prior (log τ
/// under others); atanh of partial correlations; λ as the normal number of its rank. In them a row without data is normal.
extension FieldPrior {
  /// The number of coordinates of row `k`.
  private func coordinateCount(row k: Int) -> Int {
    (structure == .intrinsic ? 0 : 1) + 1 + k + (structure == .leroux ? 1 : 0)
  }

  /// The coordinates of all rows, one after the other.
  @usableFromInline
  func coordinates(of hyper: FieldHyperparameters) -> [Double] {
    axes.indices.flatMap { coordinates(row: $0, of: hyper) }
  }

  /// `hyper` with these coordinates; nil where they leave the range of numbers.
  @usableFromInline
  func setting(to values: [Double], of hyper: FieldHyperparameters) -> FieldHyperparameters? {
    var (new, place) = (hyper, 0)
    for k in axes.indices {
      let count = coordinateCount(row: k)
      guard let next = setting(row: k, to: Array(values[place..<place + count]), of: new) else { return nil }
      new = next
      place += count
    }
    return new
  }

  /// The log density at these coordinates, up to a constant.
  @usableFromInline
  func logDensity(at values: [Double]) -> Double {
    var (sum, place) = (0.0, 0)
    for k in axes.indices {
      let count = coordinateCount(row: k)
      sum += logDensity(row: k, at: Array(values[place..<place + count]))
      place += count
    }
    guard huangWand != nil else { return sum }
    let p = axes.count
    let blank = FieldHyperparameters(
      mean: axes.map(\.mean), spread: [Double](repeating: 1, count: p),
      partial: [Double](repeating: 0, count: p * (p - 1) / 2), dependence: [Double](repeating: 0.5, count: p))
    guard let hyper = setting(to: values, of: blank) else { return -.infinity }
    return sum + covarianceCorrection(of: hyper)
  }

  /// The coordinates of row `k`.
  @usableFromInline
  func coordinates(row k: Int, of hyper: FieldHyperparameters) -> [Double] {
    var values = structure == .intrinsic ? [] : [hyper.mean[k]]
    values.append(axes[k].spread.coordinate(hyper.spread[k]))
    for j in 0..<k { values.append(hyperbolicArctangent(hyper.partial[strictIndex(k, j)])) }
    if structure == .leroux { values.append(SpecialFunctions.normalQuantile(hyper.dependence[k])) }
    return values
  }

  /// `hyper` with these coordinates of row `k`; nil where they leave the range of numbers.
  @usableFromInline
  func setting(row k: Int, to values: [Double], of hyper: FieldHyperparameters) -> FieldHyperparameters? {
    var new = hyper
    var place = 0
    if structure != .intrinsic {
      new.mean[k] = values[0]
      place = 1
    }
    new.spread[k] = axes[k].spread.value(values[place])
    for j in 0..<k {
      let x = values[place + 1 + j]
      guard abs(x) < 18 else { return nil }
      new.partial[strictIndex(k, j)] = hyperbolicTangent(x)
    }
    if structure == .leroux {
      new.dependence[k] = SpecialFunctions.normalCDF(values[values.count - 1])
      guard new.dependence[k] > 1e-12, new.dependence[k] < 1 - 1e-12 else { return nil }
    }
    return new.spread[k] > 1e-12 && new.spread[k].isFinite ? new : nil
  }

  /// The log density of row `k` at its coordinates, up to a constant.
  @usableFromInline
  func logDensity(row k: Int, at values: [Double]) -> Double {
    var (sum, place) = (0.0, 0)
    if structure != .intrinsic {
      if axes[k].sd.isFinite {
        let deviation = (values[0] - axes[k].mean) / axes[k].sd
        sum -= 0.5 * deviation * deviation
      }
      place = 1
    }
    sum += axes[k].spread.logDensity(atCoordinate: values[place])
    for j in 0..<k {
      let z = hyperbolicTangent(values[place + 1 + j])
      sum += (correlationShape + 0.5 * Double(axes.count - 2 - j)) * Double.log(1 - z * z)
    }
    if structure == .leroux { sum -= 0.5 * values[values.count - 1] * values[values.count - 1] }
    return sum
  }
}

extension SpreadPrior {
  /// The coordinate of τ. With t = τ/scale the half-normal's upper tail is 2 Q(t).
  func coordinate(_ tau: Double) -> Double {
    guard case .halfNormal(let scale) = self else { return Double.log(tau) }
    return -SpecialFunctions.normalQuantile(2 * SpecialFunctions.normalUpperTail(tau / scale))
  }

  /// τ at a coordinate.
  func value(_ x: Double) -> Double {
    guard case .halfNormal(let scale) = self else { return Double.exp(x) }
    return -scale * SpecialFunctions.normalQuantile(0.5 * SpecialFunctions.normalUpperTail(x))
  }

  func logDensity(atCoordinate x: Double) -> Double {
    if case .halfNormal = self { -0.5 * x * x } else { logDensityOfLog(Double.exp(x)) }
  }
}
