internal import Foundation

/// A place that a command may write to: the one guard of everything that commands make.
///
/// Nothing that ivimbayes has not made is replaced or deleted.
///
/// - An output is no input and does not hold one.
/// - Inside a BIDS dataset an output lies under `derivatives`, in a folder of its own.
/// - A link or a device is never written to, nor replaced.
/// - What exists is replaced only with `--overwrite`, and only if its mark says that ivimbayes made it, that it is of
///   the same kind, and that every file in it is ours and unchanged.
struct OutputPlace: Sendable {
  /// Where the output goes.
  let url: URL
  /// What it will be.
  let kind: ResultKind
  /// Whether an earlier result of the same kind may be replaced.
  let overwrites: Bool
  /// The option that names the place, for messages.
  let option: String

  /// Checks the place before any work is done.
  ///
  /// `inputs` are the files and folders that are read; `dataset` is the BIDS dataset that is read, if it is one: others are
  /// found by their description.
  ///
  /// - Throws: status 73 with what is in the way.
  init(
    _ url: URL, kind: ResultKind, overwriting: Bool, inputs: [URL] = [], dataset: URL? = nil,
    option: String = "--out"
  ) throws(RunError) {
    self.url = url
    self.kind = kind
    self.option = option
    overwrites = overwriting
    try refuseInputs(inputs)
    try refuseDataset(dataset)
  }

  private func refusal(_ problem: String, _ advice: String? = nil) -> RunError {
    RunError(
      .cannotCreate, at: url.relativePath, problem, advice: advice ?? "Choose another name for \(option)")
  }

  /// Refuses an output that is one of `inputs` or holds one.
  private func refuseInputs(_ inputs: [URL]) throws(RunError) {
    let place = url.canonicalPath
    if place == "/" || place == URL(filePath: ".").canonicalPath {
      throw RunError(
        .cannotCreate, at: option, "the folder of the results would be the current folder",
        advice: "Give the name of a new folder")
    }
    for input in inputs {
      let path = input.canonicalPath
      if path == place {
        throw refusal("the output would be the input \(input.relativePath)")
      }
      if path.hasPrefix(place + "/") {
        throw refusal("the output would hold the input \(input.relativePath)")
      }
    }
  }

  /// Refuses a place among the raw data of a BIDS dataset.
  private func refuseDataset(_ known: URL?) throws(RunError) {
    let place = url.canonicalPath
    guard
      let dataset = [known, Self.dataset(around: url)].compactMap({ $0 }).first(where: {
        place.hasPrefix($0.canonicalPath + "/")
      })
    else { return }
    let inside = place.dropFirst(dataset.canonicalPath.count + 1).split(separator: "/")
    guard inside.count < 2 || inside[0] != "derivatives" else { return }
    throw refusal(
      "it lies inside the dataset \(dataset.path), where only raw data belong",
      "Give a folder of its own under derivatives, such as derivatives/ivimbayes, or one outside the dataset")
  }

  /// The innermost raw BIDS dataset that `url` lies in.
  private static func dataset(around url: URL) -> URL? {
    var folder = URL(filePath: url.canonicalPath).deletingLastPathComponent()
    while folder.path != "/" {
      if let contents = try? Data(contentsOf: folder.appending(path: DatasetDescription.name)),
        let members = try? JSONSerialization.jsonObject(with: contents) as? [String: Any]
      {
        return (members["DatasetType"] as? String ?? "raw") == "raw" ? folder : nil
      }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }

  /// Refuses a folder that is there and must stay; one that an earlier run made may be replaced.
  ///
  /// - Throws: status 73 with what is in the way.
  func checkFolder() throws(RunError) {
    switch FileKind(at: url) {
    case nil: return
    case .link?:
      throw refusal(
        "it is a link, and links are never replaced", "Give the folder itself, or another name for \(option)")
    case .other?: throw refusal("it is a device or a pipe, and the output is a folder")
    case .regular? where overwrites: throw refusal("it is a file, not a folder that ivimbayes has made")
    case .regular?, .folder?: break
    }
    if !overwrites {
      throw refusal(
        "the output folder exists already", "Choose another name for \(option), or add --overwrite")
    }
    guard let stranger = stranger else { return }
    throw refusal(stranger, "Choose another name for \(option), or remove it yourself")
  }

  /// What would be lost, as a problem in words; nil if the folder may be replaced.
  private var stranger: String? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: url.path) else {
      return "the folder cannot be read, so that nobody knows what --overwrite would delete"
    }
    if names.isEmpty { return nil }
    guard let mark = OwnershipMark.read(of: url) else {
      return
        "it is not a folder that ivimbayes has made (it has no \(OwnershipMark.name)), and --overwrite would delete "
        + "what is in it"
    }
    if mark.kind != kind {
      return "--overwrite would delete \(mark.kind.words), and this would be \(kind.words)"
    }
    do {
      return try mark.stranger(in: url).map { "--overwrite would delete \($0)" }
    } catch { return "the files in it cannot be read, so that nobody knows what --overwrite would delete" }
  }
}

extension URL {
  /// The path with every link resolved in that part of it that exists.
  var canonicalPath: String {
    var (existing, rest) = (absoluteURL.standardizedFileURL, [String]())
    while existing.path != "/" && !FileManager.default.fileExists(atPath: existing.path) {
      rest.append(existing.lastPathComponent)
      existing = existing.deletingLastPathComponent()
    }
    let resolved = existing.resolvingSymlinksInPath().standardizedFileURL
    let place = rest.reversed().reduce(resolved) { $0.appending(path: $1) }
    let path = place.path
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
