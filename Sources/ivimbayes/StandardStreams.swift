import Foundation
import Glibc
import IVIMBayes

/// The three streams that the shell gives to a process.
enum StandardStreams {
  /// Makes sure that writing can fail and never ends the process: a pipe whose reader has gone is an error like any
  /// other, and a stream that is closed keeps its number, so that no file of results is opened in its place.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
      // Read only: writing to it fails, as writing to a closed stream does.
      let opened = unsafe open("/dev/null", O_RDONLY)
      if opened >= 0 && opened != descriptor {
        dup2(opened, descriptor)
        close(opened)
      }
    }
  }

  /// Writes a result and a line feed to standard output.
  ///
  /// - Throws: status 74 if it cannot be written.
  static func print(_ text: String, terminator: String = "\n") throws(RunError) {
    guard let code = write(text + terminator, to: STDOUT_FILENO) else { return }
    throw RunError(
      .inputOutput, at: "standard output", "it cannot be written (\(reason(code)))",
      advice: "Give it a place with room; files of results that were made are whole")
  }

  /// Writes a message to standard error. Where it cannot be written there is nobody to tell: the work goes on.
  static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Writes all of `text`.
  ///
  /// - Returns: The number of the system's error, or nil.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { bytes in
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if count > 0 { start += count } else if errno != EINTR { return errno }
    }
    return nil
  }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
