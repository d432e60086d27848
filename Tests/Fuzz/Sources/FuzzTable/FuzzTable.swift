import CFuzzDriver
import Foundation
import IVIMBayes

/// The bytes as a table, as curves, and as a table of lesion names.
private func fuzzTable(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Data(UnsafeBufferPointer(start: start, count: count))
  let file = URL(filePath: "/dev/shm/fuzz-\(getpid()).tsv")
  do {
    try bytes.write(to: file)
    let table = try TabSeparatedTable.read(file)
    let again = try TabSeparatedTable(parsing: table.text, name: table.name)
    precondition(again.rows.count <= table.rows.count)
    for column in table.columns {
      _ = try? table.numbers(column)
      _ = try? table.integers(column)
    }
    for curve in try SignalCurve.read(file) { _ = try curve.selecting(0...1000).bValues() }
  } catch { precondition("\(error)".contains(". ")) }
  return 0
}

/// The program: SwiftPM calls it by this name.
@_cdecl("FuzzTable_main")
public func start(_ argc: CInt, _ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
  var (argc, argv) = (argc, argv)
  return LLVMFuzzerRunDriver(&argc, &argv) { fuzzTable($0, $1) }
}
