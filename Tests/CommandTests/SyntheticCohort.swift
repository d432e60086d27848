import Foundation
import IVIMBayes
import TestSupport

/// A cohort table of known separation, for commands that read one. SYNTHETIC: drawn from stated truths.
struct SyntheticCohort {
  var effective = 12
  var ineffective = 11
  var lesions = 1
  var seed: UInt64 = 3

  /// Effective treatment raises ADC by 20 % and ends at a T1 of 1.25 s, ineffective by 2 % and at 1.5 s.
  var text: String {
    var stream = RandomStream(StreamKey(seed: seed, purpose: .simulation))
    var rows = [
      "patient\tlesion\toutcome\tpdl1\tpre_adc\tpre_adc_sd\tpost_adc\tpost_adc_sd\tpost_t1\tpost_t1_sd\tage"
    ]
    for index in 0..<effective + ineffective {
      let isEffective = index < effective
      let change = (isEffective ? 0.18 : 0.02) + 0.1 * stream.normal()
      let time = log(isEffective ? 1.25 : 1.5) + 0.1 * stream.normal()
      for lesion in 1...lesions {
        let (before, error) = (log(1.1e-3) + 0.15 * stream.normal(), 0.02 + 0.04 * stream.uniform())
        let numbers = [
          exp(before), error, exp(before + change + 0.05 * stream.normal()), error,
          exp(time + 0.03 * stream.normal()), 0.02, 60 + 8 * stream.normal(),
        ]
        let outcome = isEffective ? (index % 3 == 0 ? "CR" : "PR") : (index % 2 == 0 ? "SD" : "PD")
        let key = "S\(index + 1)\t\(lesion)\t\(outcome)\t\(index % 2 == 0 ? "40%" : "0")\t"
        rows.append(key + numbers.map { "\($0)" }.joined(separator: "\t"))
      }
    }
    return rows.joined(separator: "\n") + "\n"
  }
}
