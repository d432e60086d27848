import Cohort
import Foundation
import GSLSupport

/// A cohort with known truth, drawn from the two-group model or from one with heavier tails.
struct SimulatedCohort {
  let patients: [CohortPatient]
  /// b_p, in the order of the patients.
  let trueEffects: [[Double]]

  /// Groups of the given sizes at ± `separation`/2, unit covariance between patients.
  ///
  /// - `tailFreedom`: patient effects follow Student's t with these degrees of freedom, scaled to unit
  ///   variance.
  /// - Standard errors are spread log-uniformly over `errorSD` times 1/`errorSpread` … `errorSpread`.
  init(
    effective: Int, ineffective: Int, separation: [Double], lesions: Int = 1, withinSD: Double = 0.5,
    errorSD: Double,
    errorSpread: Double = 1, tailFreedom: Double? = nil, seed: UInt64, unit: Int = 0
  ) {
    var stream = RandomStream(StreamKey(seed: seed, unit: unit, purpose: .simulation))
    let count = separation.count
    var patients: [CohortPatient] = []
    var effects: [[Double]] = []
    for index in 0..<(effective + ineffective) {
      let isEffective = index < effective
      var effect: [Double] = []
      for feature in 0..<count {
        var deviate = stream.normal()
        if let freedom = tailFreedom {
          deviate = stream.studentT(degreesOfFreedom: freedom) * ((freedom - 2) / freedom).squareRoot()
        }
        effect.append((isEffective ? 0.5 : -0.5) * separation[feature] + deviate)
      }
      var measured: [FeatureMeasurement] = []
      for _ in 0..<lesions {
        var (means, covariance) = ([Double](), [Double](repeating: 0, count: count * count))
        for feature in 0..<count {
          let exponent = 2 * stream.uniform() - 1
          let error = errorSD * pow(errorSpread, exponent)
          let spread = lesions > 1 ? withinSD * stream.normal() : 0
          means.append(effect[feature] + spread + error * stream.normal())
          covariance[feature * count + feature] = error * error
        }
        measured.append(FeatureMeasurement(means: means, covariance: covariance))
      }
      patients.append(CohortPatient(id: "S\(index)", isEffective: isEffective, lesions: measured))
      effects.append(effect)
    }
    self.patients = patients
    self.trueEffects = effects
  }
}
