import Foundation
import IVIMBayes

/// The bytes as a table, as curves, and as a table of lesion names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTable(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
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
