internal import Checksums
internal import Foundation
internal import NIfTI

/// A single file that a command makes: a page, a model, a table. Its mark lies beside it.
struct OwnedFile: Sendable {
  private let place: OutputPlace
  private var url: URL { place.url }
  private var mark: URL {
    url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent)\(OwnershipMark.name)")
  }

  /// Checks, before any work, that the file may be written.
  ///
  /// - Throws: status 73 if something is there that must stay, or if there is no folder for the file.
  init(
    _ url: URL, kind: ResultKind, overwriting: Bool, inputs: [URL] = [], option: String = "--out"
  ) throws(RunError) {
    place = try OutputPlace(url, kind: kind, overwriting: overwriting, inputs: inputs, option: option)
    try check()
  }

  private func refusal(_ problem: String, _ advice: String? = nil) -> RunError {
    RunError(
      .cannotCreate, at: url.relativePath, problem,
      advice: advice ?? "Choose another name for \(place.option)")
  }

  private func check() throws(RunError) {
    if FileKind(at: mark) != nil && OwnershipMark.read(mark) == nil {
      throw refusal("beside it lies \(mark.lastPathComponent), which ivimbayes has not made")
    }
    switch FileKind(at: url) {
    case nil:
      guard FileKind(at: url.deletingLastPathComponent().resolvingSymlinksInPath()) == .folder else {
        throw refusal("the file cannot be written", "Check that its folder exists and may be written")
      }
      return
    case .link?: throw refusal("it is a link, and links are never replaced")
    case .folder?: throw refusal("it is a folder, and the output is a file")
    case .other?: throw refusal("it is a device or a pipe, and the output is a file")
    case .regular?: break
    }
    if !place.overwrites {
      throw refusal("the file exists already", "Choose another name for \(place.option), or add --overwrite")
    }
    guard let stranger else { return }
    throw refusal(
      "--overwrite would delete \(stranger)", "Choose another name for \(place.option), or remove it yourself"
    )
  }

  private var stranger: String? {
    guard let mark = OwnershipMark.read(mark), let digests = mark.files[url.lastPathComponent] else {
      return "a file that is not marked as made by ivimbayes"
    }
    if mark.kind != place.kind { return "\(mark.kind.words), and this would be \(place.kind.words)" }
    let isUnchanged = (try? OwnershipMark.isUnchanged(url, digests)) ?? false
    return isUnchanged ? nil : "a file that was changed after ivimbayes wrote it"
  }

  /// Writes `text` as the file, and its mark.
  ///
  /// The mark names the old and the new contents while the file is replaced: whichever is there is ours.
  ///
  /// - Throws: status 73 if something has come into the way, or if the file cannot be written.
  func write(_ text: String) throws(RunError) {
    try check()
    let new = SHA256Digest(of: Data(text.utf8)).description
    let old = OwnershipMark.read(mark)?.files[url.lastPathComponent] ?? []
    do {
      try OwnershipMark(kind: place.kind, files: [url.lastPathComponent: old + [new]]).write(to: mark)
      try AtomicFile.write(text, to: url)
      try OwnershipMark(kind: place.kind, files: [url.lastPathComponent: [new]]).write(to: mark)
    } catch {
      throw refusal("the file cannot be written", "Check that its folder exists and may be written")
    }
  }
}
