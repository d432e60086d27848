import Dispatch
import Foundation
import IVIMBayes

/// What SIGINT and SIGTERM do to a run: its finished work is forced to the disk, and the process ends with 130 or 143.
///
/// Tasks at work are not waited for. Whatever they were writing is made beside and renamed when whole, so that ending at
/// any moment is as good as at any other.
struct SignalHandlers {
  private let sources: [any DispatchSourceSignal]

  init(flushing run: InterruptibleRun, console: Console) {
    let queue = DispatchQueue(label: "signals")
    sources = [(SIGINT, ExitStatus.interrupted), (SIGTERM, .terminated)].map { number, status in
      // The default action would end the process before the handler runs.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        run.flush()
        console.interrupted(keepsWork: run.hasWork)
        _exit(status.rawValue)
      }
      source.resume()
      return source
    }
  }

  /// Gives the signals their default actions back.
  func end() {
    for source in sources { source.cancel() }
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}
