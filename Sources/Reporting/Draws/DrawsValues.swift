/// The values of an array in a draws file, in one of the types that NumPy gives back unchanged.
public enum DrawsValues: Sendable, Equatable {
  case double([Double])
  case single([Float])
  case integer([Int])
  case flag([Bool])
  case text([String])

  /// The number of values.
  public var count: Int {
    switch self {
    case .double(let values): values.count
    case .single(let values): values.count
    case .integer(let values): values.count
    case .flag(let values): values.count
    case .text(let values): values.count
    }
  }

  /// The values as numbers, flags as 0 and 1; nil for text.
  public var doubles: [Double]? {
    switch self {
    case .double(let values): values
    case .single(let values): values.map(Double.init)
    case .integer(let values): values.map(Double.init)
    case .flag(let values): values.map { $0 ? 1 : 0 }
    case .text: nil
    }
  }

  /// Bytes on disk before compression, texts padded to the longest.
  var byteCount: Int {
    switch self {
    case .double(let values): 8 * values.count
    case .single(let values): 4 * values.count
    case .integer(let values): 8 * values.count
    case .flag(let values): values.count
    case .text(let values): values.count * values.map(\.utf8.count).reduce(1, max)
    }
  }
}
