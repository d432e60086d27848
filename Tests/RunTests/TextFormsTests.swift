import Diagnostics
import Foundation
import Posteriors
import Tables
import TestSupport
import Testing

@testable import IVIMBayes

/// Tables as text, and JSON as our files have it.
@Suite struct TextFormsTests {
  private func table() throws -> TabSeparatedTable {
    try TabSeparatedTable(parsing: "name\tmean\tcount\na\t0.00123456\t12\nlong\tn/a\t3456789\n", name: "t")
  }

  @Test func `Aligned columns round to four digits, whole numbers stay, hidden columns go`() throws {
    let text = TableText.text(of: try table(), as: "table")
    #expect(text == "name      mean    count\na     0.001235       12\nlong       n/a  3456789")
    let hidden = TableText.text(of: try table(), as: "table", hiding: ["mean"])
    #expect(hidden == "name    count\na          12\nlong  3456789")
  }

  @Test func `Tab-separated text and JSON are complete, with null for what is missing`() throws {
    #expect(try TableText.text(of: table(), as: "tsv") == String(table().text.dropLast()))
    let json = TableText.text(of: try table(), as: "json")
    let rows = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(rows[0]["mean"] as? Double == 0.00123456 && rows[1]["name"] as? String == "long")
    #expect(rows[1]["mean"] is NSNull && rows[1]["count"] as? Int == 3_456_789)
    #expect(
      TableText.text(of: TabSeparatedTable(columns: ["a"]), as: "json").filter { !$0.isWhitespace } == "[]")
  }

  @Test func `JSON has sorted keys, plain slashes and a line feed at its end`() {
    #expect(JSONText.object(["b": 1, "a/c": "x/y"]) == "{\n  \"a/c\" : \"x/y\",\n  \"b\" : 1\n}\n")
    #expect(JSONText.object(["a": Double.nan]) == "{}\n" || JSONText.object([:]) == "{\n\n}\n")
    #expect(JSONText.compact(["b": 1, "a": 2]) == #"{"a":2,"b":1}"#)
  }

  @Test func `Numbers that JSON does not have go through a run file`() throws {
    let values = ["a": Double.infinity, "b": -.infinity, "c": .nan, "d": 0.1]
    let text = try JSONEncoder.ofRuns.encode(values)
    let back = try JSONDecoder.ofRuns.decode([String: Double].self, from: text)
    #expect(back["a"] == .infinity && back["b"] == -.infinity && back["c"]?.isNaN == true && back["d"] == 0.1)
  }

  @Test func `The reason for unreadable JSON names the entry`() {
    func reason(_ text: String) -> String {
      do {
        _ = try JSONDecoder().decode([String: [Int]].self, from: Data(text.utf8))
        return ""
      } catch { return JSONText.reason(error) }
    }
    #expect(reason(#"{"a": [1, "x"]}"#).hasPrefix("a."))
    #expect(!reason("{").isEmpty && !reason("{").hasSuffix("."))
  }

  @Test func `One object is laid over another member by member, and unknown entries are found inside`() {
    let base: [String: Any] = ["a": 1, "b": ["c": 2, "d": 3], "list": [["x": 1, "y": 2]], "plain": [1, 2]]
    let merged = JSONMerge.merged(base, with: ["b": ["d": 9], "list": [["y": 5], [:]], "plain": [7]])
    let found = merged as? [String: Any]
    #expect((found?["b"] as? [String: Int]) == ["c": 2, "d": 9] && found?["a"] as? Int == 1)
    #expect((found?["list"] as? [[String: Int]]) == [["x": 1, "y": 5], ["x": 1, "y": 2]])
    #expect(found?["plain"] as? [Int] == [7])
    #expect(JSONMerge.unknownEntry(of: ["b": ["e": 1]], in: base) == "b.e")
    #expect(JSONMerge.unknownEntry(of: ["list": [["x": 1], ["z": 1]]], in: base) == "list.z")
    #expect(JSONMerge.unknownEntry(of: ["a": 3, "plain": [["q": 1]]], in: base) == nil)
  }

  @Test func `Regions of practical equivalence are shares or per cent of known parameters`() throws {
    #expect(try DeltaConfiguration.rope(parsing: "adc=10%, t1=0.05") == ["adc": 0.1, "t1": 0.05])
    #expect(try DeltaConfiguration.rope(parsing: "") == [:])
    for list in ["adc", "ADC=0.1", "adc=0", "adc=-5%", "adc=x", "adc=inf", "adc=1=2", "adc=%"] {
      #expect(throws: RunError.self, "\(list)") { try DeltaConfiguration.rope(parsing: list) }
    }
    var configuration = DeltaConfiguration()
    configuration.rope = ["adc": 0]
    #expect(throws: RunError.self) { try configuration.check() }
    configuration.rope = ["t1": 0.1]
    try configuration.check()
  }

  @Test func `The mean of a magnitude is that of many noisy ones, from no signal to a strong one`() {
    for signal in [0.0, 0.5, 2, 6] {
      // A mean over rings and angles: E = ∫ |ν + r e^(iφ)| r e^(−r²/2) dr dφ / 2π.
      var (sum, weight) = (0.0, 0.0)
      for ring in 0..<400 {
        let r = (Double(ring) + 0.5) * 0.02
        for angle in 0..<64 {
          let phi = (Double(angle) + 0.5) * Double.pi / 32
          let density = r * exp(-r * r / 2)
          sum += density * hypot(signal + r * cos(phi), r * sin(phi))
          weight += density
        }
      }
      #expect(
        isClose(
          NoiseModel.rician.moments(noiseless: 3 * signal, sigma: 3).mean, 3 * sum / weight, relative: 2e-4))
    }
    #expect(NoiseModel.rician.moments(noiseless: 5, sigma: 0).mean == 5)
    // The two forms meet where one takes over from the other.
    let edge = (600.0).squareRoot()
    #expect(
      isClose(
        NoiseModel.rician.moments(noiseless: edge * 0.9999, sigma: 1).mean,
        NoiseModel.rician.moments(noiseless: edge * 1.0001, sigma: 1).mean,
        relative: 3e-4))
  }

  @Test func `Priors of lesions are named in words that fit their sentence`() {
    var configuration = FitConfiguration()
    configuration.prior = "spatial"
    #expect(PriorWords.name(configuration).hasPrefix("spatial ("))
    #expect(PriorWords.clause(configuration).contains("neighbouring voxels"))
    configuration.prior = "hierarchical"
    #expect(
      PriorWords.name(configuration) == "hierarchical"
        && PriorWords.clause(configuration).contains("population"))
    configuration.prior = "independent"
    #expect(
      PriorWords.clause(configuration)
        == "independent priors for each voxel (intervals of lesion means are then too narrow)")
  }
}

/// What a table of lesions says beside the sampling.
@Suite struct LesionTableFlagsTests {
  private static let header = "name\tparameter\tfunctional\tgrade\tmedian\tcontraction\n"

  private func flags(_ rows: String..., settings: [Double] = [0, 1000], noise: String? = "gaussian") throws
    -> [HealthFlag]
  {
    var configuration = FitConfiguration()
    configuration.noise = noise
    let table = try TabSeparatedTable(
      parsing: Self.header + rows.joined(separator: "\n"), name: "lesions.tsv")
    return try LesionTableFlags(table, configuration: configuration, settings: settings).flags
  }

  @Test func `A D* that is the prior's is a note, a D that is warns, and spreads are not judged`() throws {
    let found = try flags(
      "a\tdstar\tmean\tprior-dominated\t0.02\t0.1", "a\td\tmean\tprior-dominated\t0.001\t0.2",
      "a\td\tsd\tprior-dominated\t0.1\t0.1", "a\tf\tmean\tmixed\t0.1\t0.5")
    #expect(found.map(\.subject) == ["dstar mean of a", "d mean of a"])
    #expect(found.map(\.severity) == [.pass, .warn])
    #expect(found[1].evidence == "contraction 0.20 (limit 0.25)")
  }

  /// At b = 1000 and D = 10⁻³ mm²/s the signal is S₀ (1 − f)/e.
  @Test func `A signal within four sigma of nothing is flagged under Gaussian noise alone`() throws {
    func rows(_ sigma: Double) -> [String] {
      [
        "a\ts0\tmean\tdata-dominated\t100\t1", "a\td\tmean\tdata-dominated\t0.001\t1",
        "a\tf\tmean\tdata-dominated\t0.2\t1", "a\tsigma\tmean\tdata-dominated\t\(sigma)\t1",
      ]
    }
    let signal = 80 * exp(-1.0)
    func found(_ ratio: Double, noise: String = "gaussian", settings: [Double] = [0, 1000]) throws
      -> [HealthFlag]
    {
      let r = rows(signal / ratio)
      return try flags(r[0], r[1], r[2], r[3], settings: settings, noise: noise)
    }
    let flagged = try found(3.9)
    #expect(flagged.map(\.kind) == [.lowSignal] && flagged.first?.subject == "a")
    #expect(flagged.first?.evidence == "signal 3.9 sigma at b = 1000 s/mm2 (limit 4)")
    #expect(try found(4.1).isEmpty && found(3.9, noise: "rician").isEmpty)
    // At a lower largest b-value the same lesion has more signal.
    #expect(try found(3.9, settings: [0, 800]).isEmpty)
  }

  @Test func `Lesions without the numbers that it takes are passed over`() throws {
    #expect(
      try flags("a\ts0\tmean\tmixed\t1\t1", "a\tsigma\tmean\tmixed\t0\t1", "a\td\tmean\tmixed\t0.001\t1")
        .isEmpty)
    #expect(throws: TableError.self) {
      try LesionTableFlags(
        TabSeparatedTable(columns: ["name"]), configuration: FitConfiguration(), settings: [])
    }
  }
}
