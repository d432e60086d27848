import Acquisitions
import Foundation
import GSLSupport
import InferenceCore
import Lesions
import Posteriors
import Samplers
import Synchronization
import TestSupport
import Testing

@testable import IVIMBayes

/// Lesions whose chains were interrupted end with the bytes of those that were not.
@Suite(.enabled(if: Build.isOptimized, "\(Build.releaseOnly)")) struct ChainStoreTests {
  private typealias Model = PairedModel<
    SwitchedModel<BiexponentialTissue>, SwitchedModel<MonoexponentialTissue>
  >

  /// IVIM with ADC beside it in 12 voxels, drawn in two instalments.
  private static func fit(
    _ structure: LesionStructure = LesionStructure(.leroux), generator: Generator = .xoshiro256pp,
    label: Int = 1, sweeps: Int = 2000, density: MagnitudeDensity? = nil
  ) -> FieldLesionFit<Model.Field> {
    let (count, bValues) = (12, [0.0, 10, 20, 50, 100, 200, 400, 800])
    let reference = ReferenceLesion(.homogeneous, voxelCount: count)
    let grid = reference.grid(for: 1)
    var random = RandomStream(StreamKey(seed: 4, purpose: .simulation))
    var signals: [Float] = []
    for _ in 0..<count {
      for b in bValues {
        let (blood, tissue) = (0.15 * exp(-0.02 * b), 0.85 * exp(-0.0011 * b))
        signals.append(Float(abs(100 * (blood + tissue) + 3 * random.normal())))
      }
    }
    let series = FitSeries(
      settings: bValues, signals: VoxelTable(voxelCount: count, settingCount: bValues.count, values: signals),
      voxels: reference.voxels(of: 0, in: grid), grid: grid)
    let plan = ChainPlan(
      seed: 2, count: 2, generator: generator, minimumESS: .infinity, maximumSweeps: sweeps, warmup: 100)
    let model = Model(
      SwitchedModel(
        BiexponentialTissue(bValues: bValues, priors: .lungTumour), series: series, chains: plan,
        density: density),
      SwitchedModel(
        MonoexponentialTissue(bValues: bValues, priors: .lungTumour, isAlone: false), series: series,
        chains: plan, density: nil, purpose: .companion))
    let lesion = Lesion(label: label, name: "one", rows: Array(0..<count), labelledVoxelCount: count)
    return FieldLesionFit(
      field: model.field(over: LesionGraph(lesion, in: series, structure: structure)), lesion: lesion,
      quantities: model.quantities, plan: plan, prior: PriorSpread(of: model, seed: 2))
  }

  private static func store(
    _ folder: URL, _ fit: FieldLesionFit<Model.Field>, noteWork: @escaping @Sendable () -> Void = {}
  ) -> ChainStore {
    ChainStore(
      folder, name: "lesion-0", identity: [fit.lesion.label] + fit.lesion.rows, interval: .zero,
      noteWork: noteWork)
  }

  /// What was found, as the bytes in which it is kept.
  private static func bytes(_ posterior: LesionPosterior) throws -> Data {
    let folder = try TemporaryFolder()
    var sections = SectionFile()
    posterior.write(to: &sections)
    try sections.write(to: folder.file("posterior"))
    // Behind the line that names the sections, whose keys have no order, and without the checksum over it.
    let data = try Data(contentsOf: folder.file("posterior"))
    let end = try #require(data.firstIndex(of: 0x0a))
    return Data(data[(end + 1)...].dropLast(8))
  }

  private static func run(_ fit: FieldLesionFit<Model.Field>, _ store: ChainStore = ChainStore()) async throws
    -> Data
  {
    try bytes(await fit.run(threads: 2, progress: .silent, store: store))
  }

  /// Runs `fit` with a store, and takes a copy of its folder before every write: what a kill there would have left.
  private static func snapshots(of fit: FieldLesionFit<Model.Field>, in folder: TemporaryFolder) async throws
    -> (folders: [URL], found: Data)
  {
    let place = folder.file("at-work")
    let copies = Mutex<[URL]>([])
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let found = try await run(
      fit,
      store(place, fit) {
        copies.withLock {
          let copy = folder.file("copy-\($0.count)")
          try? FileManager.default.copyItem(at: place, to: copy)
          $0.append(copy)
        }
      })
    store(place, fit).remove()
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
    return (copies.withLock { $0 }, found)
  }

  @Test(arguments: [
    LesionStructure(.exchangeable, isHuangWand: true), LesionStructure(.leroux),
    LesionStructure(.intrinsic, increments: .studentT),
  ])
  func `A lesion that is interrupted anywhere ends with the same bytes`(structure: LesionStructure)
    async throws
  {
    let (fit, folder) = (Self.fit(structure), try TemporaryFolder())
    let whole = try await Self.run(fit)
    let (folders, found) = try await Self.snapshots(of: fit, in: folder)
    // Where the parts end makes no difference.
    #expect(found == whole && folders.count > 20)
    let every = max(2, folders.count / 7)
    for (index, copy) in folders.enumerated() where index % every == 1 {
      #expect(try await Self.run(fit, Self.store(copy, fit)) == whole, "cut \(index)")
    }
  }

  @Test func `So does one with magnitude noise, and one whose streams are the library's`() async throws {
    for fit in [Self.fit(sweeps: 1000, density: .rician), Self.fit(generator: .taus2, sweeps: 1000)] {
      let folder = try TemporaryFolder()
      let whole = try await Self.run(fit)
      let (folders, found) = try await Self.snapshots(of: fit, in: folder)
      #expect(found == whole)
      let every = max(2, folders.count / 3)
      for (index, copy) in folders.enumerated() where index % every == every - 1 {
        #expect(try await Self.run(fit, Self.store(copy, fit)) == whole, "cut \(index)")
      }
    }
  }

  @Test func `Interrupted again and again a lesion comes to its end`() async throws {
    let (fit, folder) = (Self.fit(sweeps: 1000), try TemporaryFolder())
    let whole = try await Self.run(fit)
    var looks = 0
    while true {
      // A run that is cancelled before its fourth write.
      let count = Mutex(0)
      let work = Mutex<Task<Data, any Error>?>(nil)
      let place = folder.url
      let task = Task {
        try await Self.run(
          fit,
          Self.store(place, fit) {
            if count.withLock({
              $0 += 1
              return $0 > 4
            }) {
              work.withLock { $0?.cancel() }
            }
          })
      }
      work.withLock { $0 = task }
      looks += 1
      guard let found = try? await task.value else { continue }
      #expect(found == whole && looks > 1)
      return
    }
  }

  @Test func `Files that are damaged, cut short, missing or of another lesion are not gone on with`()
    async throws
  {
    let (fit, folder) = (Self.fit(sweeps: 1000), try TemporaryFolder())
    let whole = try await Self.run(fit)
    let folders = try await Self.snapshots(of: fit, in: folder).folders
    let last = try #require(folders.last)
    func changed(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> URL {
      let copy = folder.file(UUID().uuidString)
      try FileManager.default.copyItem(at: last, to: copy)
      let file = copy.appending(path: name)
      var bytes = [UInt8](try Data(contentsOf: file))
      change(&bytes)
      try Data(bytes).write(to: file)
      return copy
    }
    func isNew(_ place: URL, _ fit: FieldLesionFit<Model.Field>) async throws -> Bool {
      var store = Self.store(place, fit)
      let course = try await store.resume { try await fit.start(threads: 1) }
      return course.phase == 0 && course.sweep == 0 && course.drawCount == 0
    }
    #expect(try await !isNew(last, fit))
    #expect(try await isNew(last, Self.fit(label: 2, sweeps: 1000)))
    #expect(try await isNew(last, Self.fit(LesionStructure(.exchangeable), sweeps: 1000)))
    for name in ["lesion-0.chains", "lesion-0.draws-0"] {
      for change: (inout [UInt8]) -> Void in [
        { $0.removeLast(9) }, { $0[$0.count / 2] ^= 4 }, { $0 = [] }, { $0.append(0) },
      ] {
        let place = try changed(name, change)
        #expect(try await isNew(place, fit))
        #expect(try await Self.run(fit, Self.store(place, fit)) == whole)
      }
    }
    let copy = try changed("lesion-0.chains") { _ in }
    try FileManager.default.removeItem(at: copy.appending(path: "lesion-0.draws-0"))
    #expect(try await isNew(copy, fit))
  }

  /// Numbers that no chain would have, in a file whose checksum is right.
  @Test func `Whatever numbers a file holds, reading it and going on ends`() async throws {
    let (fit, folder) = (Self.fit(sweeps: 1000), try TemporaryFolder())
    let folders = try await Self.snapshots(of: fit, in: folder).folders
    var random = RandomStream(StreamKey(seed: 6, purpose: .simulation))
    let patterns: [UInt64] = [
      0, 1, .max, 1 << 63, 0x7ff8_0000_0000_0000, Double.infinity.bitPattern, (-1.0).bitPattern,
      1e300.bitPattern,
    ]
    for _ in 0..<150 {
      let copy = folder.file(UUID().uuidString)
      try FileManager.default.copyItem(at: folders[random.uniformInteger(below: folders.count)], to: copy)
      let names = try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted()
      guard !names.isEmpty else { continue }
      let file = copy.appending(path: names[random.uniformInteger(below: names.count)])
      var sections = try #require(SectionFile(contentsOf: file))
      var state = try #require(sections.bytes("state"))
      for _ in 0...random.uniformInteger(below: 3) {
        let place = 8 * random.uniformInteger(below: state.count / 8)
        let pattern = patterns[random.uniformInteger(below: patterns.count)]
        for index in 0..<8 { state[place + index] = UInt8(truncatingIfNeeded: pattern >> UInt64(8 * index)) }
      }
      sections["state"] = .bytes(state)
      try sections.write(to: file)
      var store = Self.store(copy, fit)
      var course = try await store.resume { try await fit.start(threads: 1) }
      for _ in 0..<3 {
        try await course.advance(by: 5, threads: 1)
        if course.isOver { break }
        if course.isPhaseOver { course.beginPhase() }
      }
      try FileManager.default.removeItem(at: copy)
    }
  }
}
