import Acquisitions
import Cohort
import Foundation
import IVIMBayes
import Lesions
import NIfTI
import Posteriors
import Reporting
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
    case .overlappingSegments: "overlappingSegments"
    case .colouredLabels: "colouredLabels"
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
    case .missingKey: "missingKey"
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
    case .doubtfulPlace: "doubtfulPlace"
    case .otherShape: "otherShape"
    case .badMask: "badMask"
    case .overlap: "overlap"
    case .vanishedLabel: "vanishedLabel"
    case .implausible: "implausible"
    case .badRepetition: "badRepetition"
    case .otherOrder: "otherOrder"
    case .differentScaling: "differentScaling"
    case .settingsMissing: "settingsMissing"
    case .negativeMagnitudes: "negativeMagnitudes"
    }
  }

  private static func name(_ error: LesionsError) -> String {
    switch error {
    case .unknownLesion: "unknownLesion"
    case .lesionMatchedTwice: "lesionMatchedTwice"
    case .protocolsDiffer: "protocolsDiffer"
    case .unknownParameter: "unknownParameter"
    case .notPositive: "notPositive"
    case .implausible: "implausible"
    case .equalPairs: "equalPairs"
    case .noRows: "noRows"
    case .missingFile: "missingFile"
    case .unreadable: "unreadable"
    }
  }

  private static func name(_ error: CohortError) -> String {
    switch error {
    case .tooFewPatients: "tooFewPatients"
    case .unusableFeatureCount: "unusableFeatureCount"
    case .unusableSummary: "unusableSummary"
    case .noRows: "noRows"
    case .unknownOutcome: "unknownOutcome"
    case .unknownPDL1: "unknownPDL1"
    case .pdl1Share: "pdl1Share"
    case .noPatients: "noPatients"
    case .tooManyRows: "tooManyRows"
    case .tooManyPatients: "tooManyPatients"
    case .featureWithoutPatients: "featureWithoutPatients"
    case .unusableFeature: "unusableFeature"
    case .duplicateLesion: "duplicateLesion"
    case .conflictingOutcome: "conflictingOutcome"
    case .unusableValue: "unusableValue"
    case .unknownColumn: "unknownColumn"
    case .unknownFeature: "unknownFeature"
    case .unusableModel: "unusableModel"
    }
  }

  private static func name(_ error: DrawsFileError) -> String {
    switch error {
    case .missing: "missing"
    case .unreadable: "unreadable"
    case .notNetCDF: "notNetCDF"
    case .missingGroup: "missingGroup"
    case .inconsistent: "inconsistent"
    case .cannotCreate: "cannotCreate"
    case .diskFull: "diskFull"
    case .writeFailed: "writeFailed"
    }
  }

  private static func name(_ error: PriorsError) -> String {
    switch error {
    case .unreadable: "unreadable"
    case .notJSON: "notJSON"
    case .unknownEntry: "unknownEntry"
    case .invalidValue: "invalidValue"
    case .duplicateEntry: "duplicateEntry"
    case .implausible: "implausible"
    }
  }

  /// `Type.case` of an error of a reader.
  private static func name(of error: any Error) -> String {
    switch error {
    case let error as NIfTIError: "NIfTI.\(name(error))"
    case let error as TableError: "Table.\(name(error))"
    case let error as AcquisitionError: "Acquisition.\(name(error))"
    case let error as PriorsError: "Priors.\(name(error))"
    case let error as LesionsError: "Lesions.\(name(error))"
    case let error as CohortError: "Cohort.\(name(error))"
    case let error as DrawsFileError: "Draws.\(name(error))"
    case let error as RunError: "Run.\(error.status)"
    default: "\(type(of: error))"
    }
  }

  static let all = images + tables + scans + priors + cohorts + draws + records + boundary

  @Test(arguments: all)
  func `A fault has its own case, and its message says where, what, and what to do`(fault: Fault) throws {
    let folder = try TemporaryFolder()
    do {
      try fault.body(folder)
      Issue.record("\(fault.testDescription): nothing was thrown")
    } catch {
      #expect(Self.name(of: error) == fault.testDescription, "\(error)")
      let message = "\(error)"
      let parts = message.wholeMatch(of: /([^\n]+?): ([^\n]+?)\. ([A-Z][^\n]+)\./)
      #expect(parts != nil, "\(message)")
      for evidence in fault.evidence {
        #expect(message.contains(evidence), "\(message) does not say \(evidence)")
      }
      #expect(!message.contains("  ") && message.utf8.count < 600)
    }
  }

  @Test(arguments: [
    ("NIfTI.", 15), ("Table.", 9), ("Acquisition.", 32), ("Priors.", 6), ("Lesions.", 10), ("Cohort.", 18),
    ("Draws.", 8),
  ])
  func `Every case of every reader's error is brought about`(prefix: String, count: Int) {
    #expect(Set(Self.all.map(\.testDescription)).count { $0.hasPrefix(prefix) } == count)
  }
}
