internal import Foundation
internal import InferenceCore

/// The chains over a lesion that is not finished, written every few seconds, so that a run that ends inside the lesion can go on.
///
/// `NAME.chains` holds the chains and how far they are. Kept draws, which are many, are written once: every time those since
/// the last time, to a file `NAME.draws-K` of its own, before `NAME.chains` is replaced by one that counts it. Whenever a run
/// ends, the files that `NAME.chains` counts are therefore there, and whole. Draws are thinned when they are read as they were
/// in memory.
struct ChainStore {
  private let folder: URL?
  private let name: String
  /// What must be equal in the lesion that was written and the one that is read.
  private let identity: [Int]
  private let noteWork: @Sendable () -> Void

  private var pace: WritingPace
  /// The number of files of draws.
  private var fileCount = 0
  /// How many of a chain's draws in them are left after so many thinnings.
  private var drawCount = 0
  private var thinningCount = 0

  /// The store of chains called `name` in `folder`; without a folder it keeps nothing.
  ///
  /// - Parameters:
  ///   - folder: Where the files are.
  ///   - name: How their names begin.
  ///   - identity: Numbers that tell the lesion from others.
  ///   - interval: The least time between two writes.
  ///   - noteWork: Called before something is written.
  init(
    _ folder: URL? = nil, name: String = "", identity: [Int] = [], interval: Duration = WritingPace.interval,
    noteWork: @escaping @Sendable () -> Void = {}
  ) {
    (self.folder, self.name, self.identity) = (folder, name, identity)
    (self.noteWork, pace) = (noteWork, WritingPace(interval))
  }

  /// Sweeps until the chains are looked at again.
  var part: Int { folder == nil ? .max : pace.part }

  /// The course that was kept; else that which `start` makes, from the beginning. The time until a write begins.
  mutating func resume<Chain>(_ start: () async throws -> FieldCourse<Chain>) async throws
    -> FieldCourse<Chain>
  {
    defer { pace.begin() }
    let new = try await start()
    guard let file = file("chains"), FileManager.default.fileExists(atPath: file.path) else { return new }
    var found = self
    if let course = found.read(into: new) {
      self = found
      return course
    }
    // What does not fit may have moved streams that share their generators with `new`.
    return try await start()
  }

  /// Writes the chains if it is time to.
  ///
  /// - Throws: status 74, for example if the disk is full.
  mutating func keep<Chain>(_ course: FieldCourse<Chain>) throws {
    guard folder != nil, pace.isDue(atBeginOfPhase: course.sweep == 0) else { return }
    noteWork()
    try write(course)
    pace.wrote()
  }

  /// Removes the files of a lesion that is finished.
  func remove() {
    let manager = FileManager.default
    guard let folder, let file = file("chains"), manager.fileExists(atPath: file.path) else { return }
    try? manager.removeItem(at: file)
    let names = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasPrefix("\(self.name).draws-") {
      try? manager.removeItem(at: folder.appending(path: name))
    }
  }
}

extension ChainStore {
  private func file(_ suffix: String) -> URL? { folder?.appending(path: "\(name).\(suffix)") }

  private func archive(_ suffix: String) -> StateArchive? {
    file(suffix).flatMap(SectionFile.init(contentsOf:))?.bytes("state").map(StateArchive.init(reading:))
  }

  private func save(_ archive: StateArchive, as suffix: String) throws {
    guard let file = file(suffix) else { return }
    var sections = SectionFile()
    sections["state"] = .bytes(archive.bytes)
    try sections.write(to: file)
  }

  /// The contents of `NAME.chains`.
  private mutating func transfer<Chain>(
    _ course: inout FieldCourse<Chain>, through archive: inout StateArchive
  ) {
    for number in identity { archive.expect(number) }
    archive.transfer(&fileCount)
    archive.transfer(&drawCount)
    course.transfer(through: &archive)
  }

  private mutating func write<Chain>(_ course: FieldCourse<Chain>) throws {
    // Of the draws that were written as many are left as of those in memory.
    drawCount >>= course.thinningCount - thinningCount
    thinningCount = course.thinningCount
    if course.drawCount > drawCount {
      var archive = StateArchive()
      archive.transfer(&thinningCount)
      for record in course.records {
        var new = record.suffix(from: drawCount)
        new.transfer(through: &archive)
      }
      try save(archive, as: "draws-\(fileCount)")
      fileCount += 1
      drawCount = course.drawCount
    }
    var (course, archive) = (course, StateArchive())
    transfer(&course, through: &archive)
    // A chain that has left the range of numbers is none to go on with.
    if archive.isValid { try save(archive, as: "chains") }
  }

  /// What was written, in the place of `new`; nil if it is not whole, or of another lesion.
  private mutating func read<Chain>(into new: FieldCourse<Chain>) -> FieldCourse<Chain>? {
    guard var state = archive("chains") else { return nil }
    var course = new
    transfer(&course, through: &state)
    guard state.isUsedUp else { return nil }
    var records = new.records
    func thin(_ times: Int) {
      for _ in 0..<times { for index in records.indices { records[index].keepEverySecond() } }
    }
    for number in 0..<fileCount {
      guard var state = archive("draws-\(number)") else { return nil }
      let before = thinningCount
      state.transfer(&thinningCount, in: before...max(before, course.thinningCount))
      thin(thinningCount - before)
      for index in records.indices {
        var found = new.records[index]
        found.transfer(through: &state)
        records[index].append(found)
      }
      guard state.isUsedUp else { return nil }
    }
    thin(course.thinningCount - thinningCount)
    thinningCount = course.thinningCount
    guard records.allSatisfy({ $0.drawCount == drawCount }) else { return nil }
    course.records = records
    return course
  }
}
