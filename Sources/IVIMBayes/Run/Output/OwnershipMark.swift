internal import Checksums
internal import Foundation
internal import NIfTI

/// The mark of a result that ivimbayes made: its kind, and the digest of every file.
///
/// A folder has it as `.ivimbayes.json`, a single file `NAME` as `.NAME.ivimbayes.json` beside it. Only what a mark
/// names, and what is unchanged since, is ever replaced or deleted.
///
/// - The times of a run differ between equal runs. So `_timing.json` stands in the mark without a digest, and is ours
///   if it has the members of `RunClock` and no others.
struct OwnershipMark: Codable, Equatable {
  /// The name of the mark in a folder.
  static let name = ".ivimbayes.json"

  private static let ownMaker = "ivimbayes"

  private var maker = Self.ownMaker
  /// What the result is.
  var kind: ResultKind
  /// The SHA-256 digests that each file may have, by its path in the folder; empty where any contents are ours.
  var files: [String: [String]] = [:]

  /// The mark of a result of `kind` with these files.
  init(kind: ResultKind, files: [String: [String]] = [:]) {
    self.kind = kind
    self.files = files
  }

  /// The mark of everything that lies in `folder`.
  init(kind: ResultKind, contentsOf folder: URL) throws {
    self.kind = kind
    for path in try Self.paths(in: folder) where path.isRegular && path.name != Self.name {
      files[path.name] =
        Self.isTiming(path.name)
        ? [] : [try SHA256Digest(ofFile: folder.appending(path: path.name)).description]
    }
  }

  /// Reads the mark `file`; nil if there is none, or none that ivimbayes wrote.
  static func read(_ file: URL) -> OwnershipMark? {
    guard let type = FileKind(at: file), type == .regular, let contents = try? Data(contentsOf: file),
      let mark = try? JSONDecoder().decode(OwnershipMark.self, from: contents), mark.maker == ownMaker
    else { return nil }
    return mark
  }

  /// The mark of `folder`; nil if it has none.
  static func read(of folder: URL) -> OwnershipMark? { read(folder.appending(path: name)) }

  /// Writes the mark as `file`.
  func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: file)
  }

  /// The first thing in `folder` that is not of this mark, in words; nil if all is ours and unchanged.
  func stranger(in folder: URL) throws -> String? {
    let folders = Set(files.keys.flatMap(Self.parents))
    for path in try Self.paths(in: folder) where path.name != Self.name {
      switch path.kind {
      case .folder:
        if !folders.contains(path.name) { return "the folder \(path.name), which ivimbayes has not made" }
      case .regular:
        guard let digests = files[path.name] else {
          return "\(path.name), which ivimbayes has not made"
        }
        guard try Self.isUnchanged(folder.appending(path: path.name), digests) else {
          return "\(path.name), which was changed after ivimbayes wrote it"
        }
      case .link: return "the link \(path.name)"
      case .other: return "\(path.name), which is no regular file"
      }
    }
    return nil
  }

  /// True if the contents of `file` have one of `digests`, or are those of a `_timing.json`.
  static func isUnchanged(_ file: URL, _ digests: [String]) throws -> Bool {
    if digests.isEmpty { return isTiming(file.lastPathComponent) && RunClock.isRecord(file) }
    return digests.contains(try SHA256Digest(ofFile: file).description)
  }

  /// Removes the files that the mark of `folder` names, the mark, and the folders that are then empty: never anything else.
  static func removeResult(in folder: URL) {
    guard let mark = read(of: folder) else { return removeIfEmpty(folder) }
    let manager = FileManager.default
    for name in mark.files.keys { try? manager.removeItem(at: folder.appending(path: name)) }
    try? manager.removeItem(at: folder.appending(path: name))
    let folders = Set(mark.files.keys.flatMap(parents)).sorted { $0.count > $1.count }
    for place in folders.map({ folder.appending(path: $0) }) + [folder] { removeIfEmpty(place) }
  }

  /// Removes a folder in which nothing lies.
  static func removeIfEmpty(_ folder: URL) { _ = unsafe rmdir(folder.path) }

  private static func isTiming(_ name: String) -> Bool { name.hasSuffix("_timing.json") }

  /// "a/b/c" as "a", "a/b".
  private static func parents(_ path: String) -> [String] {
    let parts = path.split(separator: "/")
    return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
  }

  private struct Path {
    let name: String
    let kind: FileKind
    var isRegular: Bool { kind == .regular }
  }

  /// Everything in `folder`, by its path there; links are not followed.
  private static func paths(in folder: URL, _ prefix: String = "") throws -> [Path] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    return try names.flatMap { name -> [Path] in
      let place = folder.appending(path: name)
      let kind = FileKind(at: place) ?? .other
      let path = Path(name: prefix + name, kind: kind)
      return [path] + (kind == .folder ? try paths(in: place, path.name + "/") : [])
    }
  }
}

/// What lies at a path; a link is a link, whatever it leads to.
enum FileKind {
  case folder
  case regular
  case link
  /// A device, a pipe or a socket.
  case other

  /// Nil if there is nothing.
  init?(at place: URL) {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: place.path) else { return nil }
    switch attributes[.type] as? FileAttributeType {
    case .typeDirectory?: self = .folder
    case .typeRegular?: self = .regular
    case .typeSymbolicLink?: self = .link
    default: self = .other
    }
  }
}
