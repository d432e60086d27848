public import Foundation
internal import Tables

/// One participant at one session: what `bids` fits, and what a cluster runs as one job.
public struct BIDSUnit: Sendable, Hashable {
  /// As in `sub-LABEL`, with `sub-`.
  public let participant: String
  /// With `ses-`; nil in a dataset without sessions.
  public let session: String?

  /// The unit of this participant and session.
  public init(participant: String, session: String?) {
    self.participant = participant
    self.session = session
  }

  /// True if `text` is `prefix` and a label: letters, digits, and nothing that leads to another folder.
  static func isLabel(_ text: String, _ prefix: String) -> Bool {
    let label = text.dropFirst(prefix.count)
    return text.hasPrefix(prefix) && !label.isEmpty
      && !label.contains { $0 == "/" || $0 == "\\" || $0.isWhitespace || $0 == "." }
  }

  /// `sub-01/ses-pre`, or `sub-01`.
  public var path: String { [participant, session].compactMap { $0 }.joined(separator: "/") }

  /// `sub-01_ses-pre`, or `sub-01`.
  var stem: String { [participant, session].compactMap { $0 }.joined(separator: "_") }

  /// The table that `units` prints: one row for each participant and session.
  public static func text(of units: [BIDSUnit]) -> String {
    var table = TabSeparatedTable(columns: ["participant_id", "session_id"])
    for unit in units { table.append([unit.participant, unit.session ?? TabSeparatedTable.missing]) }
    return table.text
  }
}

/// The two series that a unit may have.
enum BIDSSeries: String, CaseIterable, Sendable {
  case diffusion = "dwi"
  case t1 = "anat"

  /// What messages call it.
  var name: String { self == .diffusion ? "diffusion" : "T1" }

  var other: BIDSSeries { self == .diffusion ? .t1 : .diffusion }
}

/// Which of several series and segmentations to take.
public struct BIDSSelection: Sendable, Equatable {
  /// Entities that the diffusion series must have, each as `acq-ivim`.
  public var diffusion: [String] = []
  /// Entities that the T1 series must have.
  public var t1: [String] = []
  /// Entities that the segmentation must have.
  public var segmentation: [String] = []
  /// ir, look-locker, molli or vfa; nil goes by suffix and sidecar.
  public var t1Method: String?
  /// The folder of the segmentations; nil looks among the derivatives of the dataset.
  public var lesions: URL?

  /// Everything there is.
  public init() {}

  func entities(_ series: BIDSSeries) -> [String] { series == .diffusion ? diffusion : t1 }
}

/// A mask of one lesion: `*_label-NAME_mask`.
struct LesionMask: Sendable, Equatable {
  /// The place of its name among those of all sessions of the participant, from 1.
  var label: Int
  var file: URL
}

/// The files of one series of a unit.
struct BIDSScan: Sendable, Equatable {
  var series: BIDSSeries
  /// One file, or the files of a T1 series in the order of their inversions or angles.
  var images: [URL]
  /// ir, look-locker, molli or vfa, for T1.
  var method: String?
  var lesions: URL?
  var lesionNames: URL?
  /// In place of `lesions`: one mask for each lesion, with its label and its name.
  var lesionMasks: [LesionMask] = []
  /// The map of B1, for variable flip angles.
  var b1: URL?
  var mask: URL?
  /// What a reader should know.
  var notices: [String] = []
}
