internal import Acquisitions
internal import Diagnostics
internal import Foundation

/// What model checks and samplers have to say beside the sampling figures, as flags of the run.
struct ModelCheckFlags {
  let inputs: FitInputs
  let configuration: FitConfiguration
  let results: FitResults

  /// Misfits of the lesions and, of T1, low signals, then what the samplers met.
  var flags: [HealthFlag] {
    let lesions = zip(inputs.lesions, results.checks).flatMap { entry, check in
      check.map { flags(of: $0, lesion: entry.lesion.name, settings: entry.series.settings) } ?? []
    }
    let samplers = results.lesions.flatMap { $0.sampler.flags(of: $0.lesion.name) }
    return lesions + samplers + results.sensitivities.flatMap(\.flags)
      + RunHealth.samplerFlags(
        divergences: results.divergencesOutside, acceptanceRates: [], subject: "voxels outside lesions")
  }

  /// Suggestions of Rician noise where T1 was fitted to magnitudes as if they were Gaussian, from the lesions' fitted signals
  /// and, outside lesions, from the measured ones.
  var noiseSuggestions: [String] {
    guard isGaussianMagnitude else { return [] }
    var suggestions = zip(inputs.lesions, results.checks).compactMap { entry, check -> String? in
      guard let check, check.lowestSignal < ModelCheck.signalLimit else { return nil }
      return "lesion \(entry.lesion.name): the fitted signal falls to "
        + String(format: "%.1f", check.lowestSignal)
        + " sigma at \(text(entry.series.settings[check.lowestSetting])): consider --noise rician"
    }
    if let level = results.noiseLevels["outside"], level.variance > 0 {
      let limit = Float(ModelCheck.signalLimit * level.variance.squareRoot())
      let series = inputs.series
      let low = inputs.background.count { row in
        series.settings.indices.contains { abs(series.signals[row, $0]) < limit }
      }
      if 2 * low > inputs.background.count {
        suggestions.append(
          "\(low) of \(inputs.background.count) voxels outside lesions: a signal lies below 4.0 sigma: "
            + "consider --noise rician")
      }
    }
    return suggestions
  }

  private func flags(of check: ModelCheck, lesion: String, settings: [Double]) -> [HealthFlag] {
    var flags: [HealthFlag] = []
    if check.isMisfit {
      let share = String(format: "%.0f %%", 100 * check.commonShare)
      let worst = String(format: "%+.1f sigma", check.worstResidual)
      let evidence =
        String(format: "posterior predictive p %.4f (limit %.3f): ", check.pValue, ModelCheck.limit)
        + "\(share) of the residuals are common to its voxels, most at \(text(settings[check.worstSetting])) (\(worst))"
      flags.append(HealthFlag(.misfit, subject: lesion, severity: .warn, evidence: evidence))
    }
    if isGaussianMagnitude && check.lowestSignal < ModelCheck.signalLimit {
      let evidence =
        String(format: "the fitted signal falls to %.1f sigma", check.lowestSignal)
        + " at \(text(settings[check.lowestSetting]))"
        + String(format: " (limit %.0f)", ModelCheck.signalLimit)
      flags.append(HealthFlag(.lowSignal, subject: lesion, severity: .warn, evidence: evidence))
    }
    return flags
  }

  /// True if magnitudes were taken for Gaussian: signed inversion recoveries pass through zero and are none.
  private var isGaussianMagnitude: Bool {
    // Of diffusion the table of lesions tells (`LesionTableFlags`).
    guard let scan = inputs.t1 else { return false }
    guard configuration.magnitudeDensity == nil else { return false }
    switch scan.scanProtocol.method {
    case .inversionRecovery, .lookLocker, .molli: return scan.scanProtocol.polarity == .magnitude
    case .sasha, .variableFlipAngle: return true
    }
  }

  private func text(_ setting: Double) -> String {
    switch inputs.t1?.scanProtocol.settings {
    case nil: "b = \(number(setting)) s/mm²"
    case .inversionTimes: "an inversion time of \(number(setting)) s"
    case .saturationTimes: "a saturation time of \(number(setting)) s"
    case .flipAngles: "a flip angle of \(number(setting)) degrees"
    }
  }

  private func number(_ value: Double) -> String { String(format: "%g", value) }
}

extension ModelCheck {
  /// The check as it stands in the run file.
  func record(lesion: Int, settings: [Double]) -> [String: Any] {
    [
      "lesion": lesion, "posterior_predictive_p": pValue, "common_share": commonShare,
      "worst_setting": settings[worstSetting].isFinite ? settings[worstSetting] as Any : "inf",
      "worst_residual": worstResidual, "lowest_signal_to_noise": lowestSignal,
    ]
  }
}

extension HealthFlag {
  /// The flag as it stands in the run file.
  var record: [String] { [kind.rawValue, subject, severityWord, evidence, action] }

  /// The flag of a record; nil if it is none.
  init?(record fields: [String]) {
    guard fields.count == 5, let kind = HealthFlag.Kind(rawValue: fields[0]),
      let severity = fields[2] == "note" ? .pass : Verdict.allCases.first(where: { $0.word == fields[2] })
    else { return nil }
    self.init(kind, subject: fields[1], severity: severity, evidence: fields[3], action: fields[4])
  }
}
