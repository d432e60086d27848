internal import CGSL

/// What the fast Fourier transform of GSL is needed for here: lagged products of long series.
public enum FourierTransform {
  /// Σ_series Σ_i x_i x_(i+t) for t = 0 ..< n, by the theorem of Wiener and Khinchin.
  ///
  /// `series`: arrays of one common length n. Every series is padded with zeros to a power of two ≥ 2 n, so that
  /// no product wraps around; the power spectra are added before the one way back.
  ///
  /// - No series, or n = 0: an empty array.
  /// - Complexity: O(m n log n) for m series.
  public static func laggedProducts(of series: [[Double]]) -> [Double] {
    guard let length = series.first?.count, length > 0 else { return [] }
    precondition(series.allSatisfy { $0.count == length }, "the series must have one common length")
    var padded = 2
    while padded < 2 * length { padded *= 2 }
    var power = [Double](repeating: 0, count: padded)
    for values in series {
      var transform = values + [Double](repeating: 0, count: padded - length)
      unsafe transform.withUnsafeMutableBufferPointer { buffer in
        _ = unsafe gsl_fft_real_radix2_transform(buffer.baseAddress, 1, padded)
      }
      // Half-complex order: real parts 0 … n/2, then imaginary parts n/2 − 1 … 1.
      power[0] += transform[0] * transform[0]
      power[padded / 2] += transform[padded / 2] * transform[padded / 2]
      for k in 1..<(padded / 2) {
        power[k] += transform[k] * transform[k] + transform[padded - k] * transform[padded - k]
      }
    }
    unsafe power.withUnsafeMutableBufferPointer { buffer in
      _ = unsafe gsl_fft_halfcomplex_radix2_inverse(buffer.baseAddress, 1, padded)
    }
    return Array(power.prefix(length))
  }
}
