public import Diagnostics

extension HealthFlag {
  /// What to do, in the words of someone who scans: the flag's own action, or a sharper one where the cause is known.
  public var scanAction: String {
    switch kind {
    case .priorDominated: "do not interpret; fix D* or use --model monoexponential"
    case .multimodal: "do not use: check the b-values < 50 s/mm², which separate perfusion from diffusion"
    case .misfit:
      "look for motion, or for two series joined with different scaling (STEM_qc.tsv); or the model is not suitable here: compare IVIM with ADC, T1 with --engine least-squares"
    case .lowSignal: "use --noise rician"
    case .fieldDependent: "report it with --prior hierarchical beside it: the field decides it"
    case .mostlyBorrowed:
      "do not read single voxels: the map is mostly borrowed from neighbours; use lesion values"
    case .notMixed, .slowHyperparameter, .divergence, .frozenAdaptation, .tooFewDraws, .constant, .notFinite:
      action
    }
  }
}
