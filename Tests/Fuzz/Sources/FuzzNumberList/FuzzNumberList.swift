import CFuzzDriver
import Foundation
import IVIMBayes

/// The bytes as b-values, as averages, and as the value of `--exclude-volumes`.
private func fuzzNumberList(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Data(UnsafeBufferPointer(start: start, count: count))
  let file = URL(filePath: "/dev/shm/fuzz-\(getpid()).bval")
  do {
    try bytes.write(to: file)
    let values = try BValue.read(file)
    precondition(values.allSatisfy { $0.secondsPerSquareMillimeter >= 0 })
    _ = try DiffusionSelection.readAverages(file)
  } catch { precondition("\(error)".contains(". ")) }
  do { _ = try VolumeExclusions(parsing: [String(decoding: bytes, as: UTF8.self)]) } catch {
    precondition("\(error)".contains(". "))
  }
  return 0
}

/// The program: SwiftPM calls it by this name.
@_cdecl("FuzzNumberList_main")
public func start(_ argc: CInt, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var (argc, argv) = (argc, argv)
  return LLVMFuzzerRunDriver(&argc, &argv) { fuzzNumberList($0, $1) }
}
