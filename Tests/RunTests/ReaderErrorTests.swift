import Acquisitions
import Foundation
import NIfTI
import Posteriors
import Tables
import TestSupport
import Testing

/// Every case of every reader's error, brought about by a file, with a message of three parts: where, what, what to do.
///
/// A new case does not compile until it is named here, and fails until a file brings it about.
@Suite struct ReaderErrorTests {
  /// A fault, what its message must name, and the reader that finds it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let evidence: [String]
    let body: @Sendable (TemporaryFolder) throws -> Void

    init(_ name: String, _ evidence: [String], _ body: @escaping @Sendable (TemporaryFolder) throws -> Void) {
      testDescription = name
      self.evidence = evidence
      self.body = body
    }
  }

  private static func name(_ error: NIfTIError) -> String {
    switch error {
    case .unreadable: "unreadable"
    case .notNIfTI: "notNIfTI"
    case .headerOfPair: "headerOfPair"
    case .badDimensions: "badDimensions"
    case .unsupportedType: "unsupportedType"
    case .badScaling: "badScaling"
    case .badAffine: "badAffine"
    case .badOffset: "badOffset"
    case .tooShort: "tooShort"
    case .tooLarge: "tooLarge"
    case .corrupt: "corrupt"
    case .notLabels: "notLabels"
    case .unwritable: "unwritable"
    }
  }

  private static func name(_ error: TableError) -> String {
    switch error {
    case .unreadable: "unreadable"
    case .notText: "notText"
    case .empty: "empty"
    case .duplicateColumn: "duplicateColumn"
    case .wrongFieldCount: "wrongFieldCount"
    case .openQuote: "openQuote"
    case .missingColumn: "missingColumn"
    case .notANumber: "notANumber"
    }
  }

  private static func name(_ error: AcquisitionError) -> String {
    switch error {
    case .image: "image"
    case .table: "table"
    case .unreadable: "unreadable"
    case .notOneRow: "notOneRow"
    case .notANumber: "notANumber"
    case .badNumber: "badNumber"
    case .wrongCount: "wrongCount"
    case .notASeries: "notASeries"
    case .noLowB: "noLowB"
    case .nothingSelected: "nothingSelected"
    case .badExclusion: "badExclusion"
    case .noOverlap: "noOverlap"
    case .emptyLabels: "emptyLabels"
    case .negativeLabel: "negativeLabel"
    case .duplicateName: "duplicateName"
    case .noUsableVoxels: "noUsableVoxels"
    case .missingSetting: "missingSetting"
    case .likelyMilliseconds: "likelyMilliseconds"
    case .badSidecar: "badSidecar"
    case .differentGrids: "differentGrids"
    case .badRow: "badRow"
    }
  }

  private static func name(_ error: PriorsError) -> String {
    switch error {
    case .unreadable: "unreadable"
    case .notJSON: "notJSON"
    case .unknownEntry: "unknownEntry"
    case .invalidValue: "invalidValue"
    }
  }

  /// `Type.case` of an error of a reader.
  private static func name(of error: any Error) -> String {
    switch error {
    case let error as NIfTIError: "NIfTI.\(name(error))"
    case let error as TableError: "Table.\(name(error))"
    case let error as AcquisitionError: "Acquisition.\(name(error))"
    case let error as PriorsError: "Priors.\(name(error))"
    default: "\(type(of: error))"
    }
  }

  @Test(arguments: images + tables + scans + priors)
  func `A fault has its own case, and its message says where, what, and what to do`(fault: Fault) throws {
    let folder = try TemporaryFolder()
    do {
      try fault.body(folder)
      Issue.record("\(fault.testDescription): nothing was thrown")
    } catch {
      #expect(Self.name(of: error) == fault.testDescription)
      let message = "\(error)"
      let parts = message.wholeMatch(of: /([^\n]+?): ([^\n]+?)\. ([A-Z][^\n]+)\./)
      #expect(parts != nil, "\(message)")
      for evidence in fault.evidence {
        #expect(message.contains(evidence), "\(message) does not say \(evidence)")
      }
      #expect(!message.contains("  ") && message.utf8.count < 600)
    }
  }

  @Test func `Every case of every reader's error is brought about`() {
    let all = Set((Self.images + Self.tables + Self.scans + Self.priors).map(\.testDescription))
    #expect(all.count { $0.hasPrefix("NIfTI.") } == 13)
    #expect(all.count { $0.hasPrefix("Table.") } == 8)
    #expect(all.count { $0.hasPrefix("Acquisition.") } == 21)
    #expect(all.count { $0.hasPrefix("Priors.") } == 4)
  }

  /// A NIfTI-1 file of 2 × 2 × 2 float32 voxels, by the offsets of nifti1.h, with `change` made to its bytes.
  static func image(_ change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 352 + 32)
    put(Int32(348), at: 0, in: &bytes)
    for (axis, extent) in [3, 2, 2, 2, 1, 1, 1, 1].enumerated() {
      put(Int16(extent), at: 40 + 2 * axis, in: &bytes)
    }
    put(Int16(16), at: 70, in: &bytes)
    for axis in 0..<4 { put(Float(1).bitPattern, at: 76 + 4 * axis, in: &bytes) }
    put(Float(352).bitPattern, at: 108, in: &bytes)
    put(Int16(1), at: 254, in: &bytes)
    for axis in 0..<3 { put(Float(1).bitPattern, at: 280 + 20 * axis, in: &bytes) }
    bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    for voxel in 0..<8 { put(Float(voxel + 1).bitPattern, at: 352 + 4 * voxel, in: &bytes) }
    change(&bytes)
    return bytes
  }

  static func put(_ number: some FixedWidthInteger, at offset: Int, in bytes: inout [UInt8]) {
    for byte in 0..<number.bitWidth / 8 {
      bytes[offset + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
    }
  }

  /// A fault of an image, by what is done to its bytes.
  static func damaged(
    _ name: String, _ evidence: [String], _ change: @escaping @Sendable (inout [UInt8]) -> Void
  )
    -> Fault
  {
    Fault("NIfTI.\(name)", ["scan.nii"] + evidence) { folder in
      _ = try NIfTIImage.read(folder.write(image(change), as: "scan.nii"))
    }
  }

  static let images: [Fault] = [
    Fault("NIfTI.unreadable", ["absent.nii", "No such file", "permissions"]) {
      _ = try NIfTIImage.read($0.file("absent.nii"))
    },
    damaged("notNIfTI", ["it begins with the bytes", "dcm2niix"]) { $0[0] = 1 },
    damaged("headerOfPair", [".hdr/.img pair", "Convert"]) {
      $0.replaceSubrange(344..<348, with: Array("ni1\0".utf8))
    },
    damaged("badDimensions", ["every extent must be positive", "Export"]) { put(Int16(0), at: 42, in: &$0) },
    damaged("badDimensions", ["only three axes and time", "Export"]) {
      put(Int16(5), at: 40, in: &$0)
      put(Int16(3), at: 50, in: &$0)
    },
    damaged("unsupportedType", ["complex64", "datatype 32", "float32"]) { put(Int16(32), at: 70, in: &$0) },
    damaged("badScaling", ["scl_inter", "finite numbers"]) {
      put(Float(2).bitPattern, at: 112, in: &$0)
      put(Float.infinity.bitPattern, at: 116, in: &$0)
    },
    damaged("badAffine", ["sform", "not finite", "Repair"]) { put(Float.nan.bitPattern, at: 280, in: &$0) },
    damaged("badAffine", ["do not span space"]) { put(Float(0).bitPattern, at: 280, in: &$0) },
    damaged("badOffset", ["vox_offset 100.0", "352"]) { put(Float(100).bitPattern, at: 108, in: &$0) },
    damaged("tooShort", ["promises 2 × 2 × 2 × 1 voxels", "Copy"]) { $0.removeLast() },
    Fault("NIfTI.tooShort", ["scan.nii", "32767 × 32767 × 32767"]) { folder in
      // A header that promises 2⁴⁷ bytes: refused before any memory is asked for.
      let promise = image { bytes in for axis in 1...3 { put(Int16.max, at: 40 + 2 * axis, in: &bytes) } }
      _ = try NIfTIImage.read(folder.write(promise, as: "scan.nii"))
    },
    Fault("NIfTI.tooLarge", ["scan.nii", "MB of memory", "Crop"]) { folder in
      // A file that does hold its voxels, all of them a hole.
      let header = image { bytes in
        for (axis, extent) in [32767, 32767, 1000].enumerated() {
          put(Int16(extent), at: 42 + 2 * axis, in: &bytes)
        }
        put(Int16(2), at: 70, in: &bytes)
      }
      let file = try folder.write(header, as: "scan.nii")
      let handle = try FileHandle(forWritingTo: file)
      try handle.truncate(atOffset: 352 + 32767 * 32767 * 1000)
      try handle.close()
      _ = try NIfTIImage.read(file)
    },
    Fault("NIfTI.corrupt", ["scan.nii.gz", "gzip -t"]) { folder in
      var output = try AtomicFile.create(folder.file("scan.nii.gz"), compressed: true)
      try output.write(image())
      try output.finish()
      var bytes = [UInt8](try Data(contentsOf: folder.file("scan.nii.gz")))
      // The checksum stands in the last eight bytes.
      bytes[bytes.count - 6] ^= 1
      _ = try NIfTIImage.read(folder.write(bytes, as: "scan.nii.gz"))
    },
    Fault("NIfTI.notLabels", ["labels.nii", "[1, 0, 0]", "0.5", "label image"]) { folder in
      let labels = image { put(Float(0.5).bitPattern, at: 356, in: &$0) }
      _ = try LabelImage.read(folder.write(labels, as: "labels.nii"))
    },
    Fault("NIfTI.unwritable", ["out.nii", "No such file", "free space"]) { folder in
      let grid = Grid(shape: [1, 1, 1], affine: .scaling([1, 1, 1]))
      try NIfTIImage(grid: grid, values: [1]).writeFloat32(to: folder.file("absent/out.nii"))
    },
  ]

  private static func table(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Table.\(name)", ["table.tsv"] + evidence) { folder in
      let table = try TabSeparatedTable.read(folder.write(text, as: "table.tsv"))
      _ = try table.numbers("value")
    }
  }

  static let tables: [Fault] = [
    Fault("Table.unreadable", ["absent.tsv", "no such file", "Check the path"]) {
      _ = try TabSeparatedTable.read($0.file("absent.tsv"))
    },
    Fault("Table.unreadable", ["zero", "larger than 256 MB"]) { _ in
      _ = try TabSeparatedTable.read(URL(filePath: "/dev/zero"))
    },
    Fault("Table.notText", ["table.tsv", "UTF-8"]) {
      _ = try TabSeparatedTable.read($0.write([0x61, 0xff, 0x00], as: "table.tsv"))
    },
    table("empty", "\n\n", ["is empty", "header line"]),
    table("duplicateColumn", "a\ta\n1\t2\n", ["line 1", "\"a\"", "Rename"]),
    table("wrongFieldCount", "a\tvalue\n1\n", ["line 2", "1 fields under 2 columns", "n/a"]),
    table("openQuote", "a,value\n\"1,2\n", ["line 2", "does not end", "Close"]),
    table("missingColumn", "a\tb\n1\t2\n", ["\"value\" among a, b", "Add the column"]),
    table("notANumber", "a\tvalue\n1\ttwo\n", ["line 2", "column \"value\"", "\"two\"", "decimal point"]),
  ]

  private static func bValues(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Acquisition.\(name)", ["b.bval"] + evidence) {
      _ = try BValue.read($0.write(text, as: "b.bval"))
    }
  }

  private static let grid = Grid(shape: [2, 2, 1], affine: .scaling([1, 1, 1]))

  /// A series of four voxels with these b-values.
  private static func series(
    _ bValues: [Double], volumes: Int? = nil, values: Float? = nil,
    selection: DiffusionSelection = DiffusionSelection()
  ) throws {
    let count = volumes ?? bValues.count
    let image = NIfTIImage(
      grid: grid, volumeCount: count, values: (0..<4 * count).map { values ?? Float(100 - $0) })
    _ = try DiffusionSeries(
      image, from: URL(filePath: "dwi.nii"), bValues: bValues.map { BValue($0) },
      from: URL(filePath: "dwi.bval"),
      selection: selection)
  }

  private static func labels(_ name: String, _ labels: [Int32], _ evidence: [String], at origin: Double = 0)
    -> Fault
  {
    Fault("Acquisition.\(name)", ["labels.nii"] + evidence) { folder in
      let place = Grid(shape: [2, 2, 1], affine: .scaling([1, 1, 1], origin: [origin, 0, 0]))
      try LabelImage(grid: place, labels: labels).write(to: folder.file("labels.nii"))
      _ = try LesionMap.read(folder.file("labels.nii"), onto: grid)
    }
  }

  private static func sidecar(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Acquisition.\(name)", ["ir.json"] + evidence) {
      _ = try T1Sidecar.read($0.write(text, as: "ir.json"))
    }
  }

  static let scans: [Fault] = [
    Fault("Acquisition.image", ["absent.nii", "No such file"]) {
      _ = try T1Series.readImage([$0.file("absent.nii")])
    },
    Fault("Acquisition.table", ["curves.tsv", "\"lesion\""]) {
      _ = try SignalCurve.read($0.write("id\tsetting\tsignal\nx\t0\t1\n", as: "curves.tsv"))
    },
    Fault("Acquisition.unreadable", ["absent.bval", "no such file", "Check the path"]) {
      _ = try BValue.read($0.file("absent.bval"))
    },
    bValues("notOneRow", "0 100\n0 100\n0 100\n", ["3 rows of 2", ".bvec"]),
    bValues("notANumber", "0 10O", ["entry 2", "\"10O\"", "decimal point"]),
    bValues("badNumber", "0 -100", ["entry 2", "-100.0 cannot be", "Correct"]),
    Fault("Acquisition.wrongCount", ["dwi.bval", "2 entries for the 3 volumes", "one entry"]) { _ in
      try series([0, 100], volumes: 3)
    },
    Fault("Acquisition.notASeries", ["dwi.nii", "one volume", "4-D"]) { _ in try series([0]) },
    Fault("Acquisition.noLowB", ["dwi.bval", "100.0 s/mm²", "b = 0"]) { _ in try series([100, 500]) },
    Fault("Acquisition.nothingSelected", ["dwi.bval", "no volume is left", "Widen"]) { _ in
      try series([0, 100], selection: DiffusionSelection(lowestB: 2000, highestB: 3000))
    },
    Fault("Acquisition.badExclusion", ["--exclude-volumes 9", "no volume 9", "2:3,7"]) { _ in
      try series([0, 100], selection: DiffusionSelection(exclusions: VolumeExclusions(everywhere: [9])))
    },
    labels("noOverlap", [1, 1, 1, 1], ["inside the image", "Check that it was drawn on this scan"], at: 50),
    labels("emptyLabels", [0, 0, 0, 0], ["every voxel is 0", "Draw"]),
    labels("negativeLabel", [0, -3, 0, 1], ["-3 is no label", "positive whole numbers"]),
    Fault("Acquisition.duplicateName", ["names.tsv", "label 1", "Keep one line"]) { folder in
      try LabelImage(grid: grid, labels: [1, 0, 0, 0]).write(to: folder.file("labels.nii"))
      _ = try LesionMap.read(
        folder.file("labels.nii"), names: folder.write("index\tname\n1\ta\n1\tb\n", as: "names.tsv"),
        onto: grid)
    },
    Fault("Acquisition.noUsableVoxels", ["dwi.nii", "no voxel can be fitted", "holds signal"]) { _ in
      try series([0, 100], values: .nan)
    },
    Fault(
      "Acquisition.missingSetting", ["scan.nii", "neither there nor on the command line", "as an option"]
    ) { _ in
      _ = try T1Protocol(
        .inversionRecovery, sidecars: [], settings: nil, repetitionTime: nil, polarity: nil, place: "scan.nii"
      )
    },
    sidecar(
      "likelyMilliseconds", #"{"InversionTime": [100, 500]}"#, ["InversionTime", "100.0 s", "ms is 0.1"]),
    sidecar("badSidecar", "[1]", ["cannot be used", "Correct the JSON"]),
    sidecar("badSidecar", #"{"FlipAngle": "ten"}"#, ["FlipAngle must be a number", "as options"]),
    Fault("Acquisition.differentGrids", ["two.nii", "one.nii", "Resample"]) { folder in
      try NIfTIImage(grid: grid, values: [1, 2, 3, 4]).writeFloat32(to: folder.file("one.nii"))
      let other = Grid(shape: [2, 2, 1], affine: .scaling([1, 1, 1], origin: [9, 0, 0]))
      try NIfTIImage(grid: other, values: [1, 2, 3, 4]).writeFloat32(to: folder.file("two.nii"))
      _ = try T1Series.readImage([folder.file("one.nii"), folder.file("two.nii")])
    },
    Fault("Acquisition.badRow", ["curves.tsv", "line 2", "-5.0 is negative", "Correct the row"]) {
      _ = try SignalCurve.read($0.write("id\tlesion\tsetting\tsignal\nx\tone\t-5\t1\n", as: "curves.tsv"))
    },
  ]

  private static func priors(_ name: String, _ text: String, _ evidence: [String]) -> Fault {
    Fault("Priors.\(name)", ["priors.json"] + evidence) {
      _ = try TissuePriors.read($0.write(text, as: "priors.json"))
    }
  }

  static let priors: [Fault] = [
    Fault("Priors.unreadable", ["absent.json", "Check its path"]) {
      _ = try TissuePriors.read($0.file("absent.json"))
    },
    priors("notJSON", "{", ["not a JSON object", "Compare"]),
    priors("unknownEntry", #"{"D": {}}"#, ["unknown entry \"D\"", "spelling"]),
    priors("invalidValue", #"{"d": {"median": -1, "sd_log": 0.4}}"#, ["\"d\"", "positive median"]),
    priors("invalidValue", #"{"f": {"median": 1.5, "sd_logit": 1}}"#, ["\"f\""]),
    priors("invalidValue", #"{"heterogeneity": {"d": -1}}"#, ["heterogeneity"]),
  ]
}
