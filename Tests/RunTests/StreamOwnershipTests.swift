import Foundation
import GSLSupport
import Testing

/// `simulate` and `fit` never share a stream of random numbers, though both have the seed 1 by default.
@Suite struct StreamOwnershipTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../Sources")

  /// The purposes that the sources of `folder` name.
  private static func purposes(in folder: String) throws -> Set<String> {
    let root = sources.appending(path: folder)
    var found: Set<String> = []
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) where path.hasSuffix(".swift")
    {
      let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /purpose: \.(\w+)/) { found.insert(String(match.output.1)) }
    }
    return found
  }

  private static func names(_ owner: StreamPurpose.Owner) -> Set<String> {
    Set(StreamPurpose.allCases.filter { $0.owner == owner }.map { "\($0)" })
  }

  @Test func `What is simulated and what is inferred draw from streams of their own`() throws {
    let simulated = try Self.purposes(in: "IVIMBayes/Simulate")
    #expect(!simulated.isEmpty && simulated.isSubset(of: Self.names(.simulation)))
    for folder in [
      "Samplers", "Lesions", "Cohort", "IVIMBayes/Fit", "IVIMBayes/Report", "IVIMBayes/BloodCorrection",
    ] {
      let inferred = try Self.purposes(in: folder)
      #expect(inferred.isSubset(of: Self.names(.inference)), "\(folder): \(inferred)")
    }
  }

  /// The twin: the purposes that simulations had before would be found.
  @Test func `A simulation that borrows a stream of the fit is found`() {
    for purpose in ["prior", "field", "companion", "nuisance"] {
      #expect(!Set([purpose]).isSubset(of: Self.names(.simulation)))
    }
  }
}
