import TestSupport
import Testing

@testable import Diagnostics

struct MeanAutocovarianceTests {
  @Test func `sums and Fourier transform agree at every lag`() {
    let series = SyntheticChains.autoregressive(0.8, chains: 3, draws: 77, seed: 9)
    var lazily = MeanAutocovariance(of: series)
    var atOnce = MeanAutocovariance(of: series)
    _ = atOnce[76]
    for lag in 0..<77 {
      #expect(isClose(lazily[lag], atOnce[lag], absolute: 1e-14))
      let direct = series.map { values in
        let mean = values.reduce(0, +) / 77
        return (0..<(77 - lag)).reduce(0) { $0 + (values[$1] - mean) * (values[$1 + lag] - mean) } / 77
      }
      #expect(isClose(lazily[lag], direct.reduce(0, +) / 3, absolute: 1e-14))
    }
  }
}
