internal import Acquisitions
internal import Foundation
internal import Posteriors

/// `STEM_run.json`: what was done to which inputs, the same for every kind of fit.
struct FitRecord {
  let inputs: FitInputs
  let configuration: FitConfiguration
  let notices: [String]
  let digests: [String: String]
  /// The digests of the images, or of the table, that were fitted, in their order.
  let images: [String]

  /// The record, with what the fit adds.
  func text(with members: [String: Any]) throws -> String {
    let options = try JSONSerialization.jsonObject(with: JSONEncoder.ofRuns.encode(configuration))
    var exclusions: [String: Int] = [:]
    for (reason, count) in inputs.series.exclusions { exclusions[reason.rawValue] = count }
    let common: [String: Any] = [
      "software": ["name": "ivimbayes", "version": IVIMBayesVersion.current],
      "configuration": options,
      "inputs": digests, "images": images,
      "priors": [
        "name": inputs.priors.name, "values": inputs.priors.json, "defaulted": inputs.priors.defaulted,
      ] as [String: Any],
      "protocol": [
        (inputs.t1?.settingsName ?? "b_values"): inputs.series.settings.map {
          $0.isFinite ? $0 as Any : "inf"
        },
        "averages": inputs.series.averages,
        "repetition_time": inputs.t1?.scanProtocol.repetitionTime as Any? ?? NSNull(),
      ] as [String: Any],
      "excluded_voxels": exclusions,
      "voxels": inputs.voxelCount,
      "synthetic": inputs.isSynthetic,
      "notices": notices,
      "lesions": inputs.lesions.map { entry in
        [
          "label": entry.lesion.label, "name": entry.lesion.name, "voxels": entry.lesion.rows.count,
          "labelled_voxels": entry.lesion.labelledVoxelCount,
        ] as [String: Any]
      },
      "statement": IVIMBayesVersion.researchUse,
    ]
    return JSONText.object(common.merging(members) { $1 })
  }
}

extension FitInputs {
  /// The voxels (or curves) that are fitted, in lesions and outside.
  var voxelCount: Int { background.count + lesions.reduce(0) { $0 + $1.lesion.rows.count } }
}
