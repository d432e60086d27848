import Acquisitions
import Testing

/// Runs `body`, which must throw an `AcquisitionError`.
func failure<Value>(_ body: () throws -> Value) -> AcquisitionError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? AcquisitionError
  }
}

/// Expects the three parts of the message: where, what is wrong, and what to do.
func expect(
  _ error: AcquisitionError?, at place: String, says problem: String, advises advice: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let message = error?.description ?? "no error was thrown"
  for part in [place, problem, advice] {
    #expect(message.contains(part), "\(message) does not say: \(part)", sourceLocation: sourceLocation)
  }
}
