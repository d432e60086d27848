import ArgumentParser
import Foundation

/// The largest number of tasks at work at once, as an option gives it.
struct TaskCount: ExpressibleByArgument {
  /// More tasks than this help nobody, and each needs memory of its own.
  private static let most = 1024

  let count: Int

  init?(argument: String) {
    guard let count = Int(argument) else { return nil }
    self.count = count
  }

  /// The processors of this machine.
  static var processors: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Refuses what no machine can do.
  func validate(_ option: String) throws {
    if count < 1 {
      throw ValidationError("\(option) \(count): at least one task is needed. Give 1 or more.")
    }
    if count > Self.most {
      throw ValidationError("\(option) \(count): no machine has so many processors. Give 1 to \(Self.most).")
    }
  }
}
