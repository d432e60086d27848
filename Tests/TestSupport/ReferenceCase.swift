public import Foundation

/// One case of `Tests/Reference/cases`: inputs, expected values and the tolerance the case itself states.
public struct ReferenceCase: Sendable {
  /// The name of the case and of its file.
  public let id: String
  /// The inputs of the case.
  public let inputs: JSONValue
  /// The expected values of the case.
  public let expected: JSONValue

  /// Reads `Tests/Reference/cases/<id>.json`.
  public init(_ id: String) throws {
    let file = Folders.tests.appending(path: "Reference/cases/\(id).json")
    let whole = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: file))
    self.id = id
    self.inputs = whole["inputs"]
    self.expected = whole["expected"]
  }
}

/// A JSON value that a test reads by key and index; a wrong path gives `.null`, whose `double` is NaN, so that
/// every comparison with it fails.
public enum JSONValue: Sendable, Decodable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Any JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The member `key` of an object, else `.null`.
  public subscript(key: String) -> JSONValue {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }

  /// The item `index` of an array, else `.null`.
  public subscript(index: Int) -> JSONValue {
    if case .array(let items) = self, items.indices.contains(index) { items[index] } else { .null }
  }

  /// The items of an array, else none.
  public var array: [JSONValue] { if case .array(let items) = self { items } else { [] } }
  /// The names of an object's members, sorted, else none.
  public var keys: [String] { if case .object(let members) = self { members.keys.sorted() } else { [] } }
  /// The number, else NaN.
  public var double: Double { if case .number(let value) = self { value } else { .nan } }
  /// The number cut to an integer, else the smallest integer.
  public var int: Int { double.isFinite ? Int(double) : .min }
  /// The string, else empty.
  public var string: String { if case .string(let value) = self { value } else { "" } }
  /// The truth value, else false.
  public var bool: Bool { if case .bool(let value) = self { value } else { false } }
  /// The items of an array as numbers.
  public var doubles: [Double] { array.map(\.double) }
  /// The items of an array of arrays as numbers.
  public var matrix: [[Double]] { array.map(\.doubles) }
}

/// Where the tests find their files.
public enum Folders {
  /// The `Tests` folder of the package.
  public static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of real scans beside the checkout (`../shared/data`), or where `IVIMBAYES_DATA` points; nil, said
  /// loudly, if there is none.
  public static let scans: URL? = {
    let named = ProcessInfo.processInfo.environment["IVIMBAYES_DATA"].map { URL(filePath: $0) }
    let beside = tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
    let folder = named ?? beside
    if FileManager.default.fileExists(atPath: folder.path) { return folder }
    print("*** NO REAL SCANS: \(folder.lastPathComponent) is absent; every test on real data is SKIPPED ***")
    return nil
  }()
}

/// |a − b| ≤ relative · max(|a|, |b|) + absolute; false for NaN.
public func isClose(_ a: Double, _ b: Double, relative: Double = 0, absolute: Double = 0) -> Bool {
  a == b || abs(a - b) <= relative * max(abs(a), abs(b)) + absolute
}
