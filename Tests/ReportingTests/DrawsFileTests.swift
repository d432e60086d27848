import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Reporting

struct DrawsFileTests {
  @Test func `what is written is read back: values, types, dimensions, coordinates, units, attributes`()
    throws
  {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "example_draws.nc")
    let written = ExampleDraws.file()
    try written.write(to: file)
    let all = try DrawsFile(contentsOf: file, groups: nil)
    #expect(all.attributes == written.attributes)
    #expect(all.attributes["inference_library"] == "IVIMBayes")
    #expect(all.attributes["inference_library_version"] == "0.1.0")
    #expect(all.groups.map(\.name) == ["posterior", "sample_stats", "observed_data", "constant_data"])
    #expect(all.group("posterior") == written.group("posterior"))
    #expect(all.group("constant_data") == written.group("constant_data"))
    #expect(all.group("constant_data")?.variable("voxel_j")?.values == .integer([7, 7, 8, 30, 30]))
    #expect(all.group("sample_stats") == written.group("sample_stats"))
    // NaN is not equal to itself.
    let signal = all.group("observed_data")?.variable("signal")?.values.doubles ?? []
    #expect(signal.count == 3 && signal.prefix(2) == [1000, 700] && signal[2].isNaN)
    #expect(try DrawsFile(contentsOf: file).groups.map(\.name) == ["posterior"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["example_draws.nc"])
  }

  @Test func `one element comes back as chains, and a wrong question as nil`() throws {
    let group = try #require(ExampleDraws.file().group("posterior"))
    let chains = try #require(group.chains(of: "t1_mean", element: 1))
    #expect(chains.count == 4 && chains.allSatisfy { $0.count == 500 })
    let values = try #require(group.variable("t1_mean")?.values.doubles)
    #expect(chains[2][7] == values[(2 * 500 + 7) * 2 + 1])
    #expect(
      group.chains(of: "log_posterior")?[3][499] == group.variable("log_posterior")?.values.doubles?.last)
    #expect(group.chains(of: "absent") == nil)
    #expect(group.chains(of: "t1_mean", element: 2) == nil)
    #expect(group.chains(of: "t1_mean", element: -1) == nil)
    #expect(ExampleDraws.file().group("observed_data")?.chains(of: "signal") == nil)
    #expect(ExampleDraws.file().group("absent") == nil)
    #expect(group.coordinate("lesion")?.values == .integer([1, 255]) && group.coordinate("absent") == nil)
  }

  @Test func `the same draws give the same bytes, seconds later and under another name`() throws {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (first, second) = (folder.appending(path: "a.nc"), folder.appending(path: "b_draws.nc"))
    try ExampleDraws.file().write(to: first)
    // HDF5 would store modification times in whole seconds.
    Thread.sleep(forTimeInterval: 1.2)
    try ExampleDraws.file().write(to: second)
    let (one, other) = (try Data(contentsOf: first), try Data(contentsOf: second))
    #expect(one == other)
    // The test can fail: another value gives other bytes.
    var changed = ExampleDraws.file()
    changed.attributes["model"] = "ivin"
    try changed.write(to: second)
    #expect(try Data(contentsOf: second) != one)
  }

  @Test func `an existing file is replaced as a whole`() throws {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "draws.nc")
    try Data("old".utf8).write(to: file)
    try ExampleDraws.file().write(to: file)
    #expect(try DrawsFile(contentsOf: file).group("posterior") != nil)
  }

  @Test func `a variable without draws, a single number and an axis without labels are kept`() throws {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "draws.nc")
    let group = DrawsGroup(
      "posterior", coordinates: [DrawsCoordinate(.lesion, labels: .text([]))],
      variables: [
        DrawsVariable("seed", dimensions: [], values: .integer([Int.max])),
        DrawsVariable("nothing", dimensions: [.lesion], values: .double([])),
      ])
    try DrawsFile(groups: [group], libraryVersion: "1").write(to: file)
    #expect(try DrawsFile(contentsOf: file).groups == [group])
  }

  @Test func `coordinates besides the labels are read back as such`() throws {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "draws.nc")
    let group = DrawsGroup(
      "posterior",
      coordinates: [
        DrawsCoordinate(.lesion, labels: .text(["left", "right"])),
        DrawsCoordinate("volume", along: .lesion, unit: "ml", values: .single([1.5, 20])),
      ],
      variables: [DrawsVariable("d", dimensions: [.lesion], values: .double([1, 2]))])
    try DrawsFile(groups: [group], libraryVersion: "1").write(to: file)
    #expect(try DrawsFile(contentsOf: file).groups == [group])
  }

  @Test func `arrays are cut for a reader of one element, and no piece exceeds a mebibyte`() {
    #expect(DrawsFileWriter.chunk([4, 500], firstIsChain: true) == [1, 500])
    #expect(DrawsFileWriter.chunk([4, 500, 2000], firstIsChain: true) == [1, 500, 262])
    #expect(DrawsFileWriter.chunk([4, 1_000_000, 7], firstIsChain: true) == [1, 131_072, 1])
    #expect(DrawsFileWriter.chunk([0], firstIsChain: false) == [1])
    #expect(DrawsFileWriter.chunk([], firstIsChain: false) == [])
  }

  @Test func `many tasks can write and read at once`() async throws {
    let folder = try ExampleDraws.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let example = ExampleDraws.file()
    let equal = await withTaskGroup(of: Bool.self) { tasks in
      for index in 0..<8 {
        tasks.addTask {
          let file = folder.appending(path: "\(index).nc")
          guard (try? example.write(to: file)) != nil, let back = try? DrawsFile(contentsOf: file) else {
            return false
          }
          return back.group("posterior") == example.group("posterior")
        }
      }
      return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(equal == 8)
  }

  /// For `Tests/arviz.sh`, which opens the file with ArviZ and compares the figures: it names a folder, where the
  /// file and our own figures are left.
  @Test func `a file and our own figures are left for ArviZ`() throws {
    let named = ProcessInfo.processInfo.environment["IVIMBAYES_ARVIZ_FOLDER"].map { URL(filePath: $0) }
    let folder = try named ?? ExampleDraws.folder()
    defer { if named == nil { try? FileManager.default.removeItem(at: folder) } }
    let example = ExampleDraws.file()
    try example.write(to: folder.appending(path: "example_draws.nc"))
    let group = try #require(example.group("posterior"))
    var figures: [String: [[Double]]] = [:]
    for variable in group.variables {
      let elements = variable.dimensions.dropFirst(2).reduce(1) { $0 * group.extent(of: $1) }
      figures[variable.name] = try (0..<elements).map { element in
        let diagnostics = ChainDiagnostics(try #require(group.chains(of: variable.name, element: element)))
        return [
          diagnostics.mean, diagnostics.standardDeviation, diagnostics.bulkESS, diagnostics.tailESS,
          diagnostics.rHat, diagnostics.meanMCSE, diagnostics.standardDeviationMCSE,
        ]
      }
    }
    #expect(figures.values.allSatisfy { $0.allSatisfy { $0.allSatisfy(\.isFinite) } })
    try JSONEncoder().encode(figures).write(to: folder.appending(path: "example_figures.json"))
  }
}
