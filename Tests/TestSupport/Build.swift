/// How the tests were built.
public enum Build {
  /// Whether the compiler optimised: eight lanes run a hundred times slower without, and statistical tests need many draws.
  public static var isOptimized: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  /// What a test that is skipped says.
  public static let releaseOnly =
    "too slow without optimisation: swift test -c release -Xswiftc -enable-testing"
}
