/// How the tests were compiled.
public enum Optimization {
  /// True in a release build, where statistical tests run in seconds instead of minutes.
  public static var isOn: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }
}
