internal import Acquisitions
internal import Cohort
internal import Lesions
internal import NIfTI
internal import Posteriors
internal import Reporting
internal import Tables

/// The exit codes of the command, in the numbering of BSD's sysexits.
public enum ExitStatus: Int32, Sendable {
  case done = 0
  case warning = 1
  case failure = 2
  case usage = 64
  case badInput = 65
  case missingInput = 66
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74
  /// Ended by SIGINT, from the keyboard.
  case interrupted = 130
  /// Ended by SIGTERM.
  case terminated = 143
}

/// Why a run ended without a result: where, what is wrong, and what to do.
public struct RunError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The exit code of a command that ends with this error.
  public let status: ExitStatus
  /// Where, what is wrong, and what to do.
  public let description: String

  /// An error of `status` whose message has the three parts where, what and what to do.
  public init(_ status: ExitStatus, at place: String, _ problem: String, advice: String) {
    self.status = status
    description = "\(place): \(problem). \(advice)."
  }

  init(status: ExitStatus, description: String) {
    self.status = status
    self.description = description
  }

  /// This error of a run whose finished work is kept.
  var resumable: RunError {
    RunError(
      status: status, description: "\(description) What is finished is kept: --resume goes on with it.")
  }

  /// Any error of the package as one with an exit code.
  public init(_ error: any Error) {
    switch error {
    case let error as RunError: self = error
    case is CancellationError:
      self.init(.interrupted, at: "ivimbayes", "the run was cancelled", advice: "Start it again")
    case let error as NIfTIError: self.init(status: Self.status(of: error), description: error.description)
    case .image(let image) as AcquisitionError: self.init(image)
    case .table(let table) as AcquisitionError: self.init(table)
    case .unreadable as TableError: self.init(status: .missingInput, description: "\(error)")
    case .unreadable as AcquisitionError: self.init(status: .missingInput, description: "\(error)")
    case let error as AcquisitionError: self.init(status: .badInput, description: error.description)
    case .unreadable as PriorsError: self.init(status: .missingInput, description: "\(error)")
    case let error as PriorsError: self.init(status: .badInput, description: error.description)
    case let error as DrawsFileError:
      self.init(status: Self.status(of: error), description: error.description)
    case let error as TableError: self.init(status: .badInput, description: error.description)
    case .missingFile as LesionsError: self.init(status: .missingInput, description: "\(error)")
    case let error as LesionsError: self.init(status: .badInput, description: error.description)
    case let error as CohortError: self.init(status: .badInput, description: error.description)
    default:
      self.init(
        status: .internalError,
        description: "ivimbayes: internal error: \(error). Please report it with the command that led here.")
    }
  }

  private static func status(of error: DrawsFileError) -> ExitStatus {
    switch error {
    case .missing: .missingInput
    case .unreadable, .notNetCDF, .missingGroup, .inconsistent: .badInput
    case .cannotCreate, .diskFull, .writeFailed: .inputOutput
    }
  }

  private static func status(of error: NIfTIError) -> ExitStatus {
    switch error {
    case .unreadable: .missingInput
    case .unwritable: .inputOutput
    default: .badInput
    }
  }
}
