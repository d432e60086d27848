import Foundation
import Tables
import TestSupport
import Testing

/// Tables of anything, and files that are read whole.
struct TablePropertyTests {
  /// Fields of letters, quotation marks, commas, accents and an emoji, never of white space at their ends.
  private func field(_ seed: Int) -> String {
    let letters = ["a", "\"", ",", "ö", " ", "7", ".", "🫁", "-", "x"]
    let inner = (0..<(seed % 7)).map { letters[(seed * 31 + $0 * 17) % letters.count] }.joined()
    return inner.trimmingCharacters(in: .whitespaces)
  }

  @Test func `any fields survive the round trip through tab-separated text`() throws {
    for columns in 1...5 {
      var table = TabSeparatedTable(columns: (0..<columns).map { "c\($0)" }, name: "t")
      for row in 0..<40 {
        var fields = (0..<columns).map { field(row * 13 + $0 * 7 + columns) }
        // A line of nothing but empty fields of one column would be a blank line.
        fields[0] = "r\(row)"
        table.append(fields)
      }
      #expect(try TabSeparatedTable(parsing: table.text, name: "t") == table)
    }
  }

  @Test func `what would break a line becomes a space`() throws {
    var table = TabSeparatedTable(columns: ["a", "b"])
    table.append(["one\ttwo", "three\r\nfour\u{2028}five"])
    #expect(table.rows[0].fields == ["one two", "three four five"] && table.rows[0].line == 2)
    #expect(try TabSeparatedTable(parsing: table.text, name: "table").rows.count == 1)
  }

  @Test(arguments: [
    ("a,b\n\"x,y\",2\n", ["x,y", "2"]), ("a,b\n\"say \"\"so\"\"\", 2 \n", ["say \"so\"", "2"]),
    ("a,b\n  \" kept \" ,2\n", [" kept ", "2"]), ("a,b\n,1\n", ["", "1"]), ("a,b\nx\"y,2\n", ["x\"y", "2"]),
    ("a\tb\n\"x\"\t2,5\n", ["\"x\"", "2,5"]), ("\"a\"\t\"b\"\n\"x\"\t2,5\n", ["x", "2,5"]),
  ])
  func `quotation marks protect commas, and mean nothing between tabs unless all names have them`(
    text: String, fields: [String]
  ) throws {
    #expect(try TabSeparatedTable(parsing: text, name: "t").rows.map(\.fields) == [fields])
  }

  @Test func `missing numbers have many spellings, and whole ones must be whole and small enough`() throws {
    let table = try TabSeparatedTable(
      parsing: "x\ty\nn/a\t1\nNaN\t2e3\n\t-4\nNA\t9007199254740992\n1e-3\t5\n", name: "t")
    let numbers = try table.numbers("x")
    #expect(numbers.prefix(4).allSatisfy(\.isNaN) && numbers[4] == 1e-3)
    #expect(try table.integers("y") == [1, 2000, -4, 1 << 53, 5])
    for (text, line) in [("1\n2.5\n", 3), ("n/a\n", 2), ("1\n1e300\n", 3), ("inf\n", 2)] {
      let wrong = try TabSeparatedTable(parsing: "y\n" + text, name: "t")
      let error = #expect(throws: TableError.self) { try wrong.integers("y") }
      guard case .notANumber(_, line, "y", _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func `numbers as fields are shortest and come back, missing and infinite ones too`() throws {
    #expect(TabSeparatedTable.field(.nan) == "n/a" && TabSeparatedTable.field(-0.0) == "0")
    #expect(TabSeparatedTable.field(1e15) == "1000000000000000" && TabSeparatedTable.field(0.1) == "0.1")
    for value in [Double.infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1.0 / 3] {
      var table = TabSeparatedTable(columns: ["x"])
      table.append([TabSeparatedTable.field(value)])
      #expect(try TabSeparatedTable(parsing: table.text, name: "t").numbers("x") == [value])
    }
  }

  @Test func `a small file is read whole, and a larger one refused by its size without its name`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([UInt8](repeating: 7, count: 3000), as: "bytes")
    #expect(try SmallFile.read(file, limit: 3000).count == 3000)
    let error = #expect(throws: SmallFile.Failure.self) { try SmallFile.read(file, limit: 2999) }
    #expect(error?.reason.contains("larger than") == true)
    // A device that never ends is refused after that many bytes.
    #expect(throws: SmallFile.Failure.self) { try SmallFile.read(URL(filePath: "/dev/zero"), limit: 1 << 16) }
    #expect(try SmallFile.read(URL(filePath: "/dev/null")).isEmpty)
    let missing = #expect(throws: SmallFile.Failure.self) { try SmallFile.read(folder.file("none")) }
    #expect(missing?.reason == "no such file")
  }
}
