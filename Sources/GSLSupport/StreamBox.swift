/// One stream behind a reference, so that an array can hold it.
///
/// It may travel from task to task but must be used by one at a time, as the generator inside is not locked: whoever
/// holds a sampler holds its streams.
public final class StreamBox: @unchecked Sendable {
  /// The stream.
  public var stream: RandomStream

  /// The stream of `key` at its beginning.
  public init(_ key: StreamKey, generator: Generator) {
    stream = RandomStream(key, generator: generator)
  }
}
