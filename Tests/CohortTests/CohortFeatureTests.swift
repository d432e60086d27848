import Cohort
import Foundation
import Lesions
import TestSupport
import Testing

@Suite struct CohortFeatureTests {
  @Test func `Names are read back, and anything else is no feature`() {
    #expect(CohortFeature.all.count == 21)
    for feature in CohortFeature.all { #expect(CohortFeature(name: feature.name) == feature) }
    #expect(CohortFeature(name: "delta_f_vol") == CohortFeature(.delta, .perfusionVolume))
    for name in ["delta", "delta_", "adc", "change_adc", "delta_ADC"] {
      #expect(CohortFeature(name: name) == nil)
    }
    #expect(CohortFeature.defaults.map(\.name) == ["delta_adc", "post_t1"])
  }

  @Test func `No change is zero, and a typical lesion is zero before and after`() {
    #expect(CohortFeature(.delta, .t1).reference(0) == 0)
    #expect(CohortFeature(.delta, .apparentDiffusion).reference(0.15) == 1)
    #expect(isClose(CohortFeature(.post, .t1).reference(log(1.4)), 0, absolute: 1e-12))
    #expect(isClose(CohortFeature(.post, .t1).reference(log(1.4) + 0.15), 1, relative: 1e-12))
  }
}

@Suite struct LesionMeasurementsTests {
  typealias Measured = LesionMeasurements.Measured
  private let variabilities: [LesionParameter: ScanVariability] = [
    .apparentDiffusion: ScanVariability(total: 0.07, physiological: 0.05, source: "test"),
    .t1: ScanVariability(total: 0.03, physiological: 0.02, source: "test"),
  ]

  @Test func `A change and the value after share the error of the scan after`() {
    let lesion: [LesionParameter: LesionMeasurements] = [
      .t1: LesionMeasurements(pre: Measured(place: 0.4, sd: 0.03), post: Measured(place: 0.3, sd: 0.04)),
      .apparentDiffusion: LesionMeasurements(
        pre: Measured(place: -7, sd: 0.02), post: Measured(place: -6.8, sd: 0.02)),
    ]
    let features = [
      CohortFeature(.delta, .t1), CohortFeature(.post, .t1), CohortFeature(.pre, .t1),
      CohortFeature(.delta, .apparentDiffusion),
    ]
    let measured = FeatureMeasurement(lesion, features: features, variabilities: variabilities)
    let (change, level, adc) = (0.08, 0.15, 0.15)
    let (pre, post) = (0.03 * 0.03 + 0.02 * 0.02, 0.04 * 0.04 + 0.02 * 0.02)
    #expect(isClose(measured.means[0], -0.1 / change, relative: 1e-12))
    #expect(isClose(measured.means[1], (0.3 - log(1.4)) / level, relative: 1e-12))
    #expect(isClose(measured.means[3], 0.2 / adc, relative: 1e-9))
    func covariance(_ row: Int, _ column: Int) -> Double { measured.covariance[row * 4 + column] }
    #expect(isClose(covariance(0, 0), (pre + post) / (change * change), relative: 1e-12))
    #expect(isClose(covariance(0, 1), post / (change * level), relative: 1e-12))
    #expect(isClose(covariance(0, 2), -pre / (change * level), relative: 1e-12))
    #expect(covariance(1, 2) == 0)
    #expect(covariance(0, 3) == 0)
    #expect(isClose(covariance(3, 3), 2 * (0.02 * 0.02 + 0.05 * 0.05) / (adc * adc), relative: 1e-12))
  }

  @Test func `A visit that is missing leaves its features missing and the others alone`() {
    let lesion = [LesionParameter.t1: LesionMeasurements(pre: nil, post: Measured(place: 0.3, sd: 0.04))]
    let measured = FeatureMeasurement(
      lesion,
      features: [CohortFeature(.delta, .t1), CohortFeature(.post, .t1), CohortFeature(.post, .diffusion)],
      variabilities: variabilities)
    #expect(measured.means.map(\.isNaN) == [true, false, true])
    #expect(isClose(measured.covariance[4], 0.002 / (0.15 * 0.15), relative: 1e-12))
    #expect(!measured.isEmpty)
  }

  @Test func `Values come in natural units with relative deviations`() throws {
    let t1 = try #require(Measured(.t1, value: 1.4, relativeSD: 0.02))
    #expect(isClose(t1.place, log(1.4), relative: 1e-12) && t1.sd == 0.02)
    let f = try #require(Measured(.perfusionFraction, value: 0.2, relativeSD: 0.1))
    #expect(isClose(f.place, log(0.25), relative: 1e-12))
    #expect(isClose(f.sd, 0.1 / 0.8, relative: 1e-12))
    #expect(Measured(.t1, value: 1, relativeSD: .nan)?.sd == 0)
    for value in [0, -1, Double.nan, .infinity] {
      #expect(Measured(.t1, value: value, relativeSD: 0.1) == nil)
    }
    #expect(Measured(.perfusionFraction, value: 1, relativeSD: 0.1) == nil)
  }

  @Test func `A value without any error still has some, so that nothing is certain`() {
    let lesion = [LesionParameter.diffusion: LesionMeasurements(pre: nil, post: Measured(place: -7, sd: 0))]
    let measured = FeatureMeasurement(
      lesion, features: [CohortFeature(.post, .diffusion)], variabilities: [:])
    #expect(isClose(measured.covariance[0], 1e-4 / (0.25 * 0.25), relative: 1e-12))
  }
}
