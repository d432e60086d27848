internal import CGSL

/// Lends a Swift function of one variable to a C routine for the length of one call.
enum ScalarCallback {
  /// Calls `body` with `function` in GSL's form; the form must not outlive the call.
  static func lend<Result>(
    _ function: (Double) -> Double, to body: (UnsafeMutablePointer<gsl_function>) -> Result
  ) -> Result {
    withoutActuallyEscaping(function) { escapable in
      let box = Box(escapable)
      return withExtendedLifetime(box) {
        var form = unsafe gsl_function(
          function: { x, context in
            guard let context = unsafe context else { return .nan }
            return unsafe Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().function(x)
          },
          params: Unmanaged.passUnretained(box).toOpaque())
        return unsafe withUnsafeMutablePointer(to: &form) { unsafe body($0) }
      }
    }
  }

  private final class Box {
    let function: (Double) -> Double
    init(_ function: @escaping (Double) -> Double) { self.function = function }
  }
}
