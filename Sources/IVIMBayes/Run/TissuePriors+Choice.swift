public import Foundation
public import Posteriors

extension TissuePriors {
  /// The priors of `--tissue` and `--priors`: those of the file if there is one, else the built-in ones called `tissue`.
  ///
  /// - Throws: `RunError` with status 64 if there is no such tissue, 65 or 66 if the file cannot be used.
  public static func chosen(_ tissue: String, file: URL?) throws(RunError) -> TissuePriors {
    if let file {
      do { return try read(file) } catch { throw RunError(error) }
    }
    guard let priors = named(tissue) else {
      let names = builtIn.map(\.name).joined(separator: ", ")
      throw RunError(
        .usage, at: "--tissue", "there is no tissue \"\(tissue)\"",
        advice: "Choose one of \(names), or give a file with --priors")
    }
    return priors
  }
}
