internal import Acquisitions
internal import Foundation
internal import LaneMath
internal import Posteriors
internal import SignalModels

/// Least squares for the curves of one series: what is estimated, and how.
struct PointModel: Sendable {
  let quantities: [Quantity]
  /// The estimate from the signals of a row of the series.
  let estimate: @Sendable (_ signals: [Double], _ row: Int) -> VoxelEstimate
}

extension PointModel {
  /// Biexponential IVIM with the ADC of `adc` (settings of the series) beside it, or the ADC alone.
  static func diffusion(_ series: FitSeries, adc: [Int], isMonoexponential: Bool) -> PointModel {
    let own = series.selecting(adc)
    let decay = MonoexponentialADC(bValues: own.settings.map { BValue($0) })
    @Sendable func monoexponential(_ signals: [Double]) -> VoxelEstimate {
      LeastSquaresFit(decay, signals: adc.map { signals[$0] }, averages: own.averages).estimate {
        [1e-3 * exp($0[0]), $0[1]]
      }
    }
    if isMonoexponential {
      return PointModel(quantities: MonoexponentialTissue.quantities(isAlone: true)) { signals, _ in
        monoexponential(signals)
      }
    }
    let shape = BiexponentialIVIM(bValues: series.settings.map { BValue($0) })
    let quantities = BiexponentialTissue.quantities + MonoexponentialTissue.quantities(isAlone: false)
    return PointModel(quantities: quantities) { signals, _ in
      let ivim = LeastSquaresFit(shape, signals: signals, averages: series.averages).estimate { place in
        let d = 1e-3 * exp(place[0])
        let (f, dStar) = (Double.logistic(place[1]), d + 1e-3 * exp(place[2]))
        return [d, f, dStar, f * dStar, place[3]]
      }
      let adc = monoexponential(signals)
      return ivim.joined(
        with: VoxelEstimate(values: [adc.values[0]], standardErrors: [adc.standardErrors[0]]))
    }
  }

  /// T1 by the method of `scan`; B1 and the efficiency of the inversion are taken for known.
  ///
  /// - Throws: status 64 if the settings do not belong to the method.
  static func t1(_ series: FitSeries, scan: T1Scan, configuration: FitConfiguration) throws(RunError)
    -> PointModel
  {
    let scanProtocol = scan.scanProtocol
    let isMagnitude = scanProtocol.polarity == .magnitude
    let times = scanProtocol.settings.values
    @Sendable func fit(_ shape: some SignalShape, _ signals: [Double], hasNull: Bool) -> VoxelEstimate {
      let fit =
        isMagnitude && hasNull
        ? LeastSquaresFit(shape, magnitudes: signals, times: times, averages: series.averages)
        : LeastSquaresFit(shape, signals: signals, averages: series.averages)
      return fit.estimate { [exp($0[0]), $0[$0.count - 1]] }
    }
    switch scanProtocol.settings {
    case .inversionTimes(let times) where scanProtocol.method == .inversionRecovery:
      let shape = MagnetizationRecovery(
        inversionTimes: times, repetitionTime: scanProtocol.repetitionTime)
      return PointModel(quantities: .t1) { signals, _ in fit(shape, signals, hasNull: true) }
    case .inversionTimes(let times):
      let shape = LookLockerRecovery(inversionTimes: times, efficiency: configuration.inversionEfficiency[0])
      return PointModel(quantities: .t1) { signals, _ in fit(shape, signals, hasNull: true) }
    case .saturationTimes(let times):
      let shape = MagnetizationRecovery(
        saturationTimes: times, isSaturationPerfect: configuration.saturationModel == "two-parameter")
      return PointModel(quantities: .t1) { signals, _ in fit(shape, signals, hasNull: false) }
    case .flipAngles(let angles):
      let repetitionTime = scanProtocol.repetitionTime ?? .nan
      let factors = scan.b1.map { map in series.voxels.map { Double(map[$0]) } }
      return PointModel(quantities: .t1) { signals, row in
        let shape = SpoiledGradientEcho(
          flipAngles: angles, repetitionTime: repetitionTime, fixedB1: factors?[row] ?? 1)
        return fit(shape, signals, hasNull: false)
      }
    }
  }
}
