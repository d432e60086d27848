internal import Foundation
internal import Synchronization

/// A run as a signal handler sees it: what is finished is forced to the disk, and nothing else is left behind.
public final class InterruptibleRun: Sendable {
  private struct State {
    var folder: OutputFolder?
    var store: VoxelStore?
    var hasWork = false
  }

  private let state = Mutex(State())

  /// A run that has not begun.
  public init() {}

  func begin(in folder: OutputFolder, keepsWork: Bool) {
    state.withLock { $0 = State(folder: folder, hasWork: keepsWork) }
  }

  func end() { state.withLock { $0 = State() } }

  func open(_ store: VoxelStore) { state.withLock { $0.store = store } }

  func noteWork() { state.withLock { $0.hasWork = true } }

  /// True if there is finished work to go on with.
  public var hasWork: Bool { state.withLock { $0.hasWork } }

  /// Forces finished work to the disk, for `--resume`; without any, removes what the run has made.
  public func flush() {
    let state = state.withLock { $0 }
    if state.hasWork {
      state.store?.flush()
    } else {
      state.folder?.discard()
    }
  }
}
