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

  /// The largest resident size of the process, from the kernel's account of it; 0 where there is none.
  private static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { $0.split(separator: " ").compactMap { Int($0) }.first }.map { $0 * 1024 } ?? 0
  }
}
