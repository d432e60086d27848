import Foundation
import Glibc
import IVIMBayes

/// What SIGINT and SIGTERM do to a run: its finished work is forced to the disk, and the process ends with 130 or 143.
///
/// Tasks at work are not waited for. Whatever they were writing is made beside and renamed when whole, so that ending at
/// any moment is as good as at any other.
enum SignalHandlers {
  /// A handler may do next to nothing: it writes the signal's number into this pipe, at whose other end a thread waits.
  private static let pipe: (output: Int32, input: Int32) = {
    var ends: [Int32] = [-1, -1]
    _ = unsafe Glibc.pipe(&ends)
    return (ends[0], ends[1])
  }()

  /// From now on the signals flush `run` and end the process.
  static func install(flushing run: InterruptibleRun, console: Console) {
    let output = pipe.output
    Thread.detachNewThread {
      var number: UInt8 = 0
      while unsafe read(output, &number, 1) != 1 { guard errno == EINTR else { return } }
      run.flush()
      console.interrupted(keepsWork: run.hasWork)
      _exit((Int32(number) == SIGINT ? ExitStatus.interrupted : .terminated).rawValue)
    }
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        _ = unsafe write(SignalHandlers.pipe.input, &byte, 1)
      }
    }
  }
}
