import CFuzzDriver
import Foundation
import IVIMBayes

/// The bytes as a configuration, as priors, as a sidecar, and as a plan.
private func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Data(UnsafeBufferPointer(start: start, count: count))
  let file = URL(filePath: "/dev/shm/fuzz-\(getpid()).json")
  func attempt(_ read: () throws -> Void) {
    do { try read() } catch { precondition("\(error)".contains(". ")) }
  }
  do { try bytes.write(to: file) } catch { return 0 }
  attempt { _ = try FitConfiguration.read(file) }
  attempt { _ = try TissuePriors.read(file) }
  attempt { _ = try T1Sidecar.read(file) }
  attempt { _ = try PhantomPlan.read(file) }
  return 0
}

/// The program: SwiftPM calls it by this name.
@_cdecl("FuzzJSON_main")
public func start(_ argc: CInt, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var (argc, argv) = (argc, argv)
  return LLVMFuzzerRunDriver(&argc, &argv) { fuzzJSON($0, $1) }
}
