/// One thing that is wrong with a run: what, where, how bad, by which number, and what to do.
public struct HealthFlag: Sendable, Equatable, Codable {
  /// What can be wrong.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// R̂ or ESS beyond the limits.
    case notMixed = "not-mixed"
    /// A hyperparameter with too few effective draws.
    case slowHyperparameter = "slow-hyper"
    /// The posterior is the prior.
    case priorDominated = "prior-dominated"
    /// Chains, or parts of them, sit in different modes.
    case multimodal
    /// The model does not reproduce the measurements.
    case misfit
    /// The noise model is not the right one at this signal-to-noise ratio.
    case lowSignal = "low-SNR"
    /// A Hamiltonian trajectory diverged.
    case divergence
    /// Adaptation ended at a step size that accepts too little or too much.
    case frozenAdaptation = "frozen-adapt"
    /// A summary of a graph of sites that differs from the one without their dependence.
    case fieldDependent = "field-dependent"
    /// Sites that know little but what their neighbours say.
    case mostlyBorrowed = "mostly-borrowed"
    /// Fewer draws than any figure can be computed from.
    case tooFewDraws = "too-few-draws"
    /// A chain that never moves, or a quantity without any variation.
    case constant
    /// A NaN or an infinity among the draws.
    case notFinite = "not-finite"
  }

  /// What is wrong.
  public var kind: Kind
  /// The quantity, chain or map concerned.
  public var subject: String
  /// How bad it is: warn or fail; pass for a note, which a reader should know and no verdict rests on.
  public var severity: Verdict
  /// The number and its limit: "R-hat 1.083 (limit 1.010)".
  public var evidence: String
  /// What to do about it.
  public var action: String

  /// A flag whose action is that of its kind, unless another is given.
  public init(_ kind: Kind, subject: String, severity: Verdict, evidence: String, action: String? = nil) {
    self.kind = kind
    self.subject = subject
    self.severity = severity
    self.evidence = evidence
    self.action = action ?? kind.action
  }

  /// The word for the severity: note, warn or fail.
  public var severityWord: String { severity == .pass ? "note" : severity.word }

  /// "fail: mean of d: not-mixed: R-hat 1.083 (limit 1.010): run longer …".
  public var sentence: String { "\(severityWord): \(subject): \(kind.rawValue): \(evidence): \(action)" }
}

extension HealthFlag.Kind {
  /// What to do, in words that hold for every model.
  public var action: String {
    switch self {
    case .notMixed: "run longer: raise --max-draws or --min-ess"
    case .slowHyperparameter: "run longer, increase field moves"
    case .priorDominated: "do not interpret; fix the parameter or use a simpler model"
    case .multimodal:
      "do not use: compare the modes, check the measurements that separate them, and tighten the prior"
    case .misfit: "do not interpret: look for motion and artefacts, or the model is not suitable"
    case .lowSignal: "use --noise rician"
    case .divergence: "use a smaller step or a non-centred parameterisation"
    case .frozenAdaptation: "use a longer warm-up"
    case .fieldDependent: "report both fits: the dependence between neighbours decides it"
    case .mostlyBorrowed: "do not read single sites: they are mostly borrowed from their neighbours"
    case .tooFewDraws: "run longer: --draws or --min-ess"
    case .constant: "do not use: restart the chain from another point, or check that the quantity can vary"
    case .notFinite: "do not use: check the measurements and the priors that made it"
    }
  }
}
