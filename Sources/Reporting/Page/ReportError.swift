/// Why a page could not be made.
public enum ReportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A template that the program carries cannot be read: a fault of the program.
  case brokenTemplate(name: String, reason: String)

  /// What is wrong.
  public var description: String {
    switch self {
    case .brokenTemplate(let name, let reason): "the page template \(name) is broken: \(reason)"
    }
  }
}
