internal import Reporting
internal import Tables

/// The version of the package and the sentence that stands on everything it writes.
public enum IVIMBayesVersion {
  /// The version, as in CHANGELOG.
  public static let current = "0.1.0"

  /// The research-use sentence.
  public static let researchUse = Statements.researchUse
}

/// What makes an output folder a BIDS derivative dataset.
enum DatasetDescription {
  /// The name of the file.
  static let name = "dataset_description.json"

  static var text: String { text("ivimbayes outputs", type: "derivative") }

  /// The description of a dataset called `name`, of BIDS's `DatasetType`, with further `members`.
  static func text(_ name: String, type: String, _ members: [String: Any] = [:]) -> String {
    let common: [String: Any] = [
      "Name": name, "BIDSVersion": "1.10.1", "DatasetType": type,
      "GeneratedBy": [["Name": "ivimbayes", "Version": IVIMBayesVersion.current]],
    ]
    return JSONText.object(common.merging(members) { $1 })
  }

  /// The description of derived results called `name` that speak of patients: it carries the research-use sentence.
  static func judgement(_ name: String) -> String {
    text(name, type: "derivative", ["Statement": IVIMBayesVersion.researchUse])
  }

  /// Files whose names BIDS does not know yet.
  static let ignored = """
    **/*_dwimap.nii.gz
    **/*_dwimap.json
    *_dwimap.nii.gz
    *_dwimap.json
    *_lesions.tsv
    *_lesions.json
    *_qc.tsv
    *_sensitivity.*
    *_draws.nc
    *_run.json
    *_timing.json
    *_signals.tsv
    *_reference.nii.gz
    *.html
    .ivimbayes.json

    """
}

/// The sidecar of `STEM_lesions.tsv`: what each column means.
enum LesionTableSidecar {
  static func text(of table: TabSeparatedTable) -> String {
    let columns: [String: String] = [
      "lesion": "label of the lesion in the label image",
      "name": "name of the lesion", "voxels": "fitted voxels of the lesion",
      "parameter":
        "d, dstar, fdstar, adc in mm2/s; t1, t1star in s; f a fraction of the signal, f_vol of the volume; "
        + "s0, sigma in image units; inversion, saturation, inversion_efficiency, b1 as in the signal model",
      "functional": "computed in each joint draw over the voxels of the lesion, then summarised; "
        + "the mean of d, dstar, fdstar, adc, t1 and t1star is geometric: exp of the mean log",
      "mean": "posterior mean", "sd": "posterior standard deviation", "q05": "5 % quantile",
      "median": "posterior median", "q95": "95 % quantile", "hdi_lower": "lower end of the 94 % HDI",
      "hdi_upper": "upper end of the 94 % HDI", "mcse_mean": "Monte Carlo standard error of the mean",
      "rhat": "rank-normalised split R-hat", "ess_bulk": "bulk effective sample size",
      "ess_tail": "tail effective sample size",
      "contraction": "1 - posterior variance / prior variance on the log or logit axis",
      "overlap": "area common to prior and posterior, both as normal densities on that axis",
      "grade": "data-dominated (contraction >= 0.75), mixed, or prior-dominated (< 0.25: do not interpret)",
      "status": "pass, warn or fail: was this number sampled well enough",
    ]
    return TableSidecar.text(columns, of: table)
  }
}
