import Foundation
import IVIMBayes

/// `efficacy train` and `cohort` on simulated cohorts: CPU seconds by the number of patients.
struct CohortTiming {
  /// Seconds of CPU time of a command and its children.
  private static var childSeconds: Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// The CPU seconds of `command` with `words` on a cohort of `patients`.
  static func seconds(_ command: String, _ words: [String], patients: Int) throws -> Double {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "ivimbayes-cohort-\(getpid())-\(patients)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = folder.appending(path: "cohort.tsv")
    try Data(text(patients: patients).utf8).write(to: table)
    let process = Process()
    process.executableURL = URL(filePath: command)
    process.arguments = words + [table.path, "--out", folder.appending(path: "out").path, "--quiet"]
    process.standardOutput = FileHandle.nullDevice
    let start = childSeconds
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? childSeconds - start : .nan
  }

  /// A cohort, half of it with effective treatment: ADC rises by 20 % or 2 %, T1 ends at 1.25 or 1.5 s.
  private static func text(patients: Int) -> String {
    var stream = RandomStream(StreamKey(seed: 5, purpose: .simulation))
    var text =
      "patient\tlesion\toutcome\tpdl1\tpre_adc\tpre_adc_sd\tpost_adc\tpost_adc_sd\tpost_t1\tpost_t1_sd\n"
    for index in 0..<patients {
      let isEffective = index % 2 == 0
      let before = log(1.1e-3) + 0.15 * stream.normal()
      let after = before + (isEffective ? 0.18 : 0.02) + 0.11 * stream.normal()
      let time = log(isEffective ? 1.25 : 1.5) + 0.1 * stream.normal()
      let pdl1 = stream.uniformInteger(below: 2) == 0 ? "60" : "0"
      text +=
        "S\(index)\t1\t\(isEffective ? "PR" : "PD")\t\(pdl1)\t\(exp(before))\t0.03\t\(exp(after))\t0.03\t\(exp(time))\t0.02\n"
    }
    return text
  }
}

extension Report {
  /// CPU time of both commands with 24 to 1,000 patients, and its slope from 100 to 1,000.
  mutating func addCohorts(_ command: String) throws {
    for words in [["efficacy", "train"], ["cohort"]] {
      let name = words.joined(separator: " ")
      var seconds: [Int: Double] = [:]
      for patients in [24, 100, 400, 1000] {
        let one = try CohortTiming.seconds(command, words, patients: patients)
        seconds[patients] = one
        add("\(name), \(patients) patients", "CPU seconds", one)
      }
      let slope = log10((seconds[1000] ?? .nan) / (seconds[100] ?? .nan))
      add(name, "log-log slope of CPU time over patients, 100 to 1000", slope)
    }
  }
}
