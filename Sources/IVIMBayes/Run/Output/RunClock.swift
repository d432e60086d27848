internal import Foundation

/// Times and memory of a run, which stay out of the run file so that equal runs give equal bytes.
struct RunClock {
  private let start = ProcessInfo.processInfo.systemUptime
  /// What the process had used before: one process may run several fits.
  private let startCPU = clock()

  /// The contents of `STEM_timing.json`.
  var record: String {
    JSONText.object([
      "wall_seconds": ProcessInfo.processInfo.systemUptime - start,
      "cpu_seconds": Double(clock() - startCPU) / Double(CLOCKS_PER_SEC),
      "peak_memory_bytes": Self.peakMemory,
    ])
  }

  /// True if `file` has the members of such a record and no others.
  static func isRecord(_ file: URL) -> Bool {
    guard let contents = try? Data(contentsOf: file), contents.count < 1000,
      let members = try? JSONSerialization.jsonObject(with: contents) as? [String: Any]
    else { return false }
    return Set(members.keys) == ["wall_seconds", "cpu_seconds", "peak_memory_bytes"]
  }

  /// The largest resident size of the process, from the kernel's account of it; 0 where there is none.
  private static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { $0.split(separator: " ").compactMap { Int($0) }.first }.map { $0 * 1024 } ?? 0
  }
}
