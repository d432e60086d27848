internal import GSLSupport

/// The autocovariance at each lag, averaged over series of one length: biased, Σ_i (x_i − x̄)(x_(i+t) − x̄) / n.
///
/// The bias towards zero keeps the sequence positive definite (Geyer 1992, section 3.1). The first lags are summed
/// one by one, when they are asked for: a chain that mixes needs no more. The first request beyond them computes all
/// lags by Fourier transform.
struct MeanAutocovariance {
  private static let directLags = 24
  private let centred: [[Double]]
  private var known: [Double] = []

  init(of series: [[Double]]) {
    centred = series.map { values in
      let mean = values.mean
      return values.map { $0 - mean }
    }
  }

  /// The mean autocovariance at `lag`, from 0 to n − 1.
  subscript(lag: Int) -> Double {
    mutating get {
      while known.count <= lag, known.count < Self.directLags { known.append(product(at: known.count)) }
      if known.count <= lag { known = FourierTransform.laggedProducts(of: centred) }
      return known[lag] / Double(centred.count * centred[0].count)
    }
  }

  private func product(at lag: Int) -> Double {
    var sum = 0.0
    for values in centred {
      for index in 0..<(values.count - lag) { sum += values[index] * values[index + lag] }
    }
    return sum
  }
}
