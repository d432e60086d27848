internal import Acquisitions
internal import Foundation
internal import GSLSupport
internal import LaneMath
internal import Posteriors
internal import SignalModels
internal import Tables

/// How the signal fraction f becomes the volume fraction f_vol: the acquisition and what is known of relaxation.
///
/// Applied to each draw of a lesion with a draw of the relaxation times of its own, which all its voxels share: what is
/// not known of T1 and T2 of a tissue does not average out over its voxels (`BloodRelaxation` for the formula).
struct BloodCorrection: Sendable, Equatable {
  /// TE, s.
  var echoTime: Double
  /// TR, s.
  var repetitionTime: Double
  var tissueT1: RelaxationTime
  var tissueT2: RelaxationTime
  var bloodT1: RelaxationTime
  var bloodT2: RelaxationTime

  /// log(wₜ/w_b) of one draw of the relaxation times: logit f_vol = logit f + log(wₜ/w_b).
  func logWeightRatio(using random: inout RandomStream) -> Double {
    let relaxation = BloodRelaxation<Double>(
      echoTime: echoTime, repetitionTime: repetitionTime, tissueT1: tissueT1.draw(using: &random),
      tissueT2: tissueT2.draw(using: &random), bloodT1: bloodT1.draw(using: &random),
      bloodT2: bloodT2.draw(using: &random))
    return log(relaxation.tissueWeight / relaxation.bloodWeight)
  }

  /// f_vol where the weights' ratio has this logarithm.
  static func volumeFraction(_ f: Double, logWeightRatio: Double) -> Double {
    let tissue = f * exp(logWeightRatio)
    return tissue / (tissue + (1 - f))
  }

  /// The correction as it stands in the run file.
  var record: [String: Any] {
    [
      "echo_time": echoTime, "repetition_time": repetitionTime,
      "tissue": ["t1": tissueT1.record, "t2": tissueT2.record],
      "blood": ["t1": bloodT1.record, "t2": bloodT2.record],
    ]
  }
}

extension BloodCorrection {
  /// Reads the file of `--blood-correction`.
  ///
  ///     { "echo_time": 0.060, "repetition_time": 3.0, "field_strength": 3,
  ///       "tissue": {"t1": {"median": 1.4, "sd_log": 0.1}, "t2": {"median": 0.07, "sd_log": 0.3}},
  ///       "blood": {"t1": 1.93, "t2": 0.275} }
  ///
  /// Times in s. Only the first two must be there: tissue T1 is the `priors`', tissue T2 log-normal about 70 ms with 0.3,
  /// and blood has T1 1.93 s and T2 0.275 s at 3 T, 1.44 s and 0.290 s at 1.5 T (Stanisz et al. 2005,
  /// doi:10.1002/mrm.20605).
  ///
  /// - Throws: status 66 if the file cannot be read, 65 with the entry that is wrong.
  static func read(_ file: URL, priors: TissuePriors) throws(RunError) -> BloodCorrection {
    let place = file.relativePath
    guard let contents = try? SmallFile.read(file) else {
      throw RunError(
        .missingInput, at: place, "the file cannot be read", advice: "Check its path and permissions")
    }
    guard let members = try? JSONSerialization.jsonObject(with: contents) as? [String: Any] else {
      throw RunError(
        .badInput, at: place, "this is not a JSON object",
        advice: "Give echo_time and repetition_time in s, and tissue and blood with t1 and t2")
    }
    let entries = Entries(members, place: place)
    try entries.allow(["echo_time", "repetition_time", "field_strength", "tissue", "blood"])
    let field = try entries.number("field_strength", limit: 20, default: 3)
    guard field == 3 || field == 1.5 || members["blood"] != nil else {
      throw RunError(
        .badInput, at: place, "there are no relaxation times of blood for \(field) T",
        advice: "Give them: \"blood\": {\"t1\": …, \"t2\": …}")
    }
    let (tissue, blood) = (try entries.group("tissue"), try entries.group("blood"))
    return BloodCorrection(
      echoTime: try entries.number("echo_time", limit: 1),
      repetitionTime: try entries.number("repetition_time", limit: 30),
      tissueT1: try tissue.time(
        "t1", default: RelaxationTime(median: priors.t1.median, spread: priors.t1.sd)),
      tissueT2: try tissue.time("t2", default: RelaxationTime(median: 0.070, spread: 0.3)),
      bloodT1: try blood.time("t1", default: RelaxationTime(median: field == 3 ? 1.93 : 1.44)),
      bloodT2: try blood.time("t2", default: RelaxationTime(median: field == 3 ? 0.275 : 0.290)))
  }

  /// The members of a JSON object, with errors that name them.
  private struct Entries {
    private let members: [String: Any]
    private let place: String

    init(_ members: [String: Any], place: String) {
      self.members = members
      self.place = place
    }

    func allow(_ names: Set<String>) throws(RunError) {
      guard let unknown = members.keys.filter({ !names.contains($0) }).min() else { return }
      throw RunError(
        .badInput, at: place, "unknown entry \"\(unknown)\"", advice: "Remove it, or correct its spelling")
    }

    /// A positive number of at most `limit`.
    func number(_ name: String, limit: Double, default fallback: Double? = nil) throws(RunError) -> Double {
      if members[name] == nil, let fallback { return fallback }
      guard let number = members[name] as? Double, number > 0, number.isFinite else {
        throw RunError(
          .badInput, at: place, "the entry \"\(name)\" is missing or no positive number",
          advice: "Give it in s, for example \"echo_time\": 0.06")
      }
      guard number <= limit else {
        throw RunError(
          .badInput, at: place, "\(name) is \(number) s, which looks like milliseconds",
          advice: "Give times in s: \(number) ms is \(number / 1000)")
      }
      return number
    }

    func group(_ name: String) throws(RunError) -> Entries {
      guard let member = members[name] else { return Entries([:], place: place) }
      guard let group = member as? [String: Any] else {
        throw RunError(
          .badInput, at: place, "\"\(name)\" is not an object", advice: "Give {\"t1\": …, \"t2\": …}")
      }
      let entries = Entries(group, place: "\(place), \(name)")
      try entries.allow(["t1", "t2"])
      return entries
    }

    func time(_ name: String, default fallback: RelaxationTime) throws(RunError) -> RelaxationTime {
      guard let member = members[name] else { return fallback }
      guard let time = RelaxationTime(json: member) else {
        throw RunError(
          .badInput, at: place, "\(name) is no relaxation time",
          advice: "Give seconds, or {\"median\": seconds, \"sd_log\": SD of the logarithm}")
      }
      guard time.median <= 30 else {
        throw RunError(
          .badInput, at: place, "\(name) is \(time.median) s, which looks like milliseconds",
          advice: "Give times in s: \(time.median) ms is \(time.median / 1000)")
      }
      return time
    }
  }
}
