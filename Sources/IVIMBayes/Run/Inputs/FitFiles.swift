internal import Acquisitions
internal import Checksums
public import Foundation

/// The files of a fit and where its results go.
public struct FitFiles: Sendable, Equatable {
  /// The diffusion series, or a table of curves.
  public var input: URL
  /// The b-values in FSL form; nil is the image's name with `.bval`.
  public var bValues: URL?
  /// The voxels to fit; nil is all that can be.
  public var mask: URL?
  /// The label image of the lesions.
  public var lesions: URL?
  /// In place of `lesions`: one mask for each lesion, whose label is its place and whose name is that of the file.
  public var lesionMasks: [URL] = []
  /// The labels of `lesionMasks`; nil counts them from 1.
  var lesionMaskLabels: [Int]?
  /// The names of the labels: columns `index` and `name`.
  public var lesionNames: URL?
  /// The number of averages of each volume.
  public var averages: URL?
  /// Priors of the user's own, in place of a built-in tissue.
  public var priors: URL?
  /// Further files of a T1 series, after `input`.
  public var moreInputs: [URL] = []
  /// Ratio of true to nominal flip angle (VFA).
  public var b1: URL?
  /// Noise SD of every voxel, in image units.
  public var sigma: URL?
  /// Relaxation times with which f becomes a volume fraction.
  public var bloodCorrection: URL?
  /// The folder that is made.
  public var output: URL
  /// True if a folder made earlier may be replaced.
  public var overwrites = false
  /// True if a run that was interrupted is gone on with.
  public var resumes = false

  /// The files of a fit of `input` whose results go to `output`.
  public init(input: URL, output: URL) {
    self.input = input
    self.output = output
  }

  /// The STEM of every output: the BIDS entities of the image's name, without those that number the files of a series.
  var stem: String {
    let stem = input.outputStem
    guard !moreInputs.isEmpty, stem.hasPrefix("sub-") else { return stem }
    return stem.split(separator: "_").filter { !$0.hasPrefix("inv-") && !$0.hasPrefix("flip-") }
      .joined(separator: "_")
  }

  /// What to do about missing b-values, with an option of the command that runs.
  var bValueAdvice = "Give the file of b-values with --bval"

  /// True if there are lesions.
  var hasLesions: Bool { lesions != nil || !lesionMasks.isEmpty }

  /// True if the input is a table of curves instead of an image.
  var isTable: Bool { ["tsv", "csv", "txt"].contains(input.pathExtension.lowercased()) }

  /// Refuses options that mean nothing for this input: a table of curves has no volumes and no voxels, and means of
  /// lesions need lesions.
  func check(_ configuration: FitConfiguration) throws(RunError) {
    if bloodCorrection != nil
      && (configuration.model != "biexponential" || configuration.engine == FitConfiguration.leastSquares)
    {
      throw RunError(
        .usage, at: "--blood-correction", "there are no draws of f to correct",
        advice: "Use --model biexponential and an engine that draws")
    }
    if !isTable && configuration.roiMean && !hasLesions {
      throw RunError(
        .usage, at: "--roi-mean", "there are no lesions whose mean could be taken",
        advice: "Give the label image with --lesions")
    }
    guard isTable else { return }
    let useless = [
      ("--bval", bValues != nil), ("--mask", mask != nil), ("--lesions", hasLesions),
      ("--whole-image", configuration.wholeImage), ("--place", configuration.place != nil),
      ("--lesion-names", lesionNames != nil), ("--averages", averages != nil), ("--b1", b1 != nil),
      ("--sigma", sigma != nil), ("--exclude-volumes", !configuration.excludeVolumes.isEmpty),
      ("--exclude-flagged", configuration.excludeFlagged),
      ("--directions", configuration.directions != FitConfiguration().directions),
    ]
    for (option, isGiven) in useless where isGiven {
      throw RunError(
        .usage, at: option, "\(input.relativePath) is a table of curves, which has no volumes and no voxels",
        advice: "Leave \(option) out, and edit the rows of the table instead")
    }
  }

  /// The file of b-values: the one given, or the image's name with `.bval`.
  func bValueFile() throws(RunError) -> URL {
    if let bValues { return bValues }
    let found = [".bval", ".bvals"].flatMap { BIDSInheritance.files(of: input, $0) }
    guard let file = found.first else {
      throw RunError(
        .missingInput, at: input.relativePath,
        "there is no file \(Self.stem(of: input)).bval beside the image, nor one higher up that BIDS would take",
        advice: bValueAdvice)
    }
    return file
  }

  /// The name of an image without `.nii` and `.gz`.
  private static func stem(of image: URL) -> String {
    var name = image.lastPathComponent
    for suffix in [".gz", ".nii"] where name.hasSuffix(suffix) { name = String(name.dropLast(suffix.count)) }
    return name
  }

  /// Every file that is read.
  var inputs: [URL] {
    [input] + moreInputs + lesionMasks
      + [bValues, b1, sigma, mask, lesions, lesionNames, averages, priors, bloodCorrection].compactMap { $0 }
  }

  /// The guard of the output folder.
  ///
  /// - Throws: status 73 if the results must not go there.
  func outputPlace() throws(RunError) -> OutputPlace {
    try OutputPlace(output, kind: .fit, overwriting: overwrites, inputs: inputs)
  }

  /// `text` with the folders of all inputs taken out: what is kept of a run names files, and never places.
  func withoutFolders(_ text: String) -> String {
    inputs.reduce(text) { text, file in
      [file.relativePath, file.path].reduce(text) { text, path in
        let folder = path.dropLast(file.lastPathComponent.count)
        return folder.isEmpty ? text : text.replacingOccurrences(of: folder, with: "")
      }
    }
  }

  /// The digests of the images, or of the table, in their order.
  ///
  /// - Throws: status 65 if one file stands twice in the series.
  func imageDigests() throws(RunError) -> [String] {
    var digests: [String] = []
    for file in [input] + moreInputs {
      guard let digest = try? SHA256Digest(ofFile: file).description else {
        throw RunError(
          .missingInput, at: file.relativePath, "the file cannot be read",
          advice: "Check its path and permissions")
      }
      if let first = digests.firstIndex(of: digest) {
        throw RunError(
          .badInput, at: file.relativePath,
          "it is the same image as \(([input] + moreInputs)[first].relativePath)",
          advice: "Give every file of the series once")
      }
      digests.append(digest)
    }
    return digests
  }

  /// Digests of every input by its base name, for the run file; sidecars of a T1 series are among them.
  func digests(isT1: Bool = false) throws(RunError) -> [String: String] {
    var digests: [String: String] = [:]
    let weightings = isTable || isT1 ? nil : try bValueFile()
    let images = isTable ? [] : [input] + moreInputs
    let sidecars = isT1 ? images.flatMap { BIDSInheritance.files(of: $0, ".json") } : []
    let optional = [weightings, b1, sigma, mask, lesions, lesionNames, averages, priors, bloodCorrection]
    for file in [input] + optional.compactMap({ $0 }) + moreInputs + lesionMasks + sidecars {
      do {
        let digest = try SHA256Digest(ofFile: file).description
        // Files of one name in two folders: both are inputs, and both are recorded.
        let names = (1...).lazy.map { $0 == 1 ? file.lastPathComponent : "\(file.lastPathComponent) (\($0))" }
        if let name = names.first(where: { digests[$0] ?? digest == digest }) { digests[name] = digest }
      } catch {
        throw RunError(
          .missingInput, at: file.relativePath, "the file cannot be read",
          advice: "Check its path and permissions")
      }
    }
    return digests
  }
}
