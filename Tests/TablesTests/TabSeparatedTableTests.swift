import Foundation
import Tables
import TestSupport
import Testing

struct TabSeparatedTableTests {
  @Test func `what is written is read again`() throws {
    var table = TabSeparatedTable(columns: ["lesion", "name", "mean"])
    table.append(["1", "segment IV", TabSeparatedTable.field(1.0 / 3)])
    table.append(["2", "tab\tand\nline", TabSeparatedTable.field(.nan)])
    #expect(table.text == "lesion\tname\tmean\n1\tsegment IV\t0.3333333333333333\n2\ttab and line\tn/a\n")
    let back = try TabSeparatedTable(parsing: table.text, name: "table")
    #expect(back == table)
    let means = try back.numbers("mean")
    #expect(means[0] == 1.0 / 3 && means[1].isNaN)
    #expect(try back.integers("lesion") == [1, 2])
  }

  @Test(arguments: ["\n", "\r\n"])
  func `line ends of every system, blank lines and a byte-order mark make no difference`(end: String) throws {
    let text = "\u{feff}a\tb" + end + "1\t x y " + end + end + "2\t" + end
    let table = try TabSeparatedTable(parsing: text, name: "t")
    #expect(table.columns == ["a", "b"])
    #expect(try table.strings("b") == ["x y", ""])
    #expect(table.rows.map(\.line) == [2, 4])
  }

  @Test func `commas separate when the header has no tab, and quotes protect them`() throws {
    let table = try TabSeparatedTable(
      parsing: "id, name,signal\n1,\"liver, left \",2.5\n2, \"say \"\"b\"\"\" ,n/a\n", name: "t")
    #expect(try table.strings("name") == ["liver, left ", "say \"b\""])
    #expect(try table.numbers("signal")[0] == 2.5)
  }

  @Test func `whole numbers are written without a fraction and others survive exactly`() {
    #expect(TabSeparatedTable.field(250) == "250")
    #expect(TabSeparatedTable.field(-0.5) == "-0.5")
    for number in [1e-300, 0.1 + 0.2, 6.02e23, .infinity] {
      #expect(Double(TabSeparatedTable.field(number)) == number)
    }
  }
}

struct TableErrorTests {
  func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error was thrown"
    } catch {
      return error is TableError ? "\(error)" : "not a TableError: \(error)"
    }
  }

  func parsing(_ text: String) -> String {
    message { _ = try TabSeparatedTable(parsing: text, name: "t.tsv") }
  }

  func expect(_ message: String, says parts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
    for part in parts {
      #expect(message.contains(part), "\(message) does not say: \(part)", sourceLocation: sourceLocation)
    }
  }

  @Test func `every malformed table is refused with its place, the problem and what to do`() {
    expect(parsing(""), says: "t.tsv", "is empty", "Give a header line")
    expect(parsing("\n \n"), says: "t.tsv", "is empty", "Give a header line")
    expect(parsing("a\tb\ta\n"), says: "line 1", "two columns", "Rename")
    expect(parsing("a\tb\n1\t2\n1\n"), says: "line 3", "1 fields under 2 columns", "n/a")
    expect(parsing("a,b\n1,\"2\n"), says: "line 2", "quoted field", "Close")
  }

  @Test func `a missing column and a word among numbers are named`() throws {
    let table = try TabSeparatedTable(parsing: "a\tb\n1\tx\n", name: "t.tsv")
    expect(
      message { _ = try table.strings("c") }, says: "t.tsv", "no column \"c\" among a, b", "Add the column")
    expect(message { _ = try table.numbers("b") }, says: "line 2, column \"b\"", "\"x\"", "decimal point")
    let fraction = try TabSeparatedTable(parsing: "a\n1.5\n", name: "t.tsv")
    expect(message { _ = try fraction.integers("a") }, says: "line 2", "\"1.5\"", "Write numbers")
  }

  @Test func `a missing file, a folder and bytes that are no text are refused`() throws {
    let folder = try TemporaryFolder()
    expect(
      message { _ = try TabSeparatedTable.read(folder.file("none.tsv")) }, says: "none.tsv", "no such file",
      "Check the path")
    expect(message { _ = try TabSeparatedTable.read(folder.url) }, says: "folder", "Check the path")
    let binary = try folder.write([0x61, 0xff, 0xfe, 0x0a], as: "binary.tsv")
    expect(message { _ = try TabSeparatedTable.read(binary) }, says: "binary.tsv", "UTF-8", "Save the table")
    let zeros = try folder.write([0x61, 0, 0x0a], as: "zeros.tsv")
    expect(message { _ = try TabSeparatedTable.read(zeros) }, says: "zeros.tsv", "UTF-8", "Save the table")
  }
}
