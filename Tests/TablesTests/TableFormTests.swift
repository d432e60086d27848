import Foundation
import Tables
import TestSupport
import Testing

/// Tables as Excel, R and BIDS write them: one text of each form, and what it holds.
@Suite struct TableFormTests {
  struct Form: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    /// The column that is read, and its numbers; NaN for a missing one.
    var column = "x"
    let numbers: [Double]
    var testDescription: String { name }
  }

  static let forms: [Form] = [
    Form(name: "TSV", text: "id\tx\na\t0.5\nb\tn/a\n", numbers: [0.5, .nan]),
    Form(name: "TSV quoted by R", text: "\"id\"\t\"x\"\n\"a\"\t0.5\n\"b\"\tNA\n", numbers: [0.5, .nan]),
    Form(name: "TSV with every field quoted", text: "\"id\"\t\"x\"\n\"a\"\t\"0.5\"\n", numbers: [0.5]),
    Form(
      name: "TSV of R with names of rows", text: "\"id\"\t\"x\"\n\"1\"\t\"a\"\t0.5\n\"2\"\t\"b\"\t1\n",
      numbers: [0.5, 1]),
    Form(
      name: "CSV of R with names of rows", text: "\"\",\"id\",\"x\"\n\"1\",\"a\",0.5\n\"2\",\"b\",NaN\n",
      numbers: [0.5, .nan]),
    Form(name: "CSV", text: "id,x\na,0.5\n", numbers: [0.5]),
    Form(name: "CSV with a comma in quotes", text: "id,x\n\"a, b\",0.5\n", numbers: [0.5]),
    Form(name: "CSV with semicolons and decimal commas", text: "id;x\na;0,5\nb;12\n", numbers: [0.5, 12]),
    Form(name: "CSV with semicolons and decimal points", text: "id;x\na;0.5\n", numbers: [0.5]),
    Form(name: "CSV with commas and quoted decimal commas", text: "id,x\na,\"0,5\"\n", numbers: [0.5]),
    Form(name: "TSV with decimal commas and an exponent", text: "id\tx\na\t1,2e-3\n", numbers: [1.2e-3]),
    Form(name: "rows of empty cells", text: "id,x\na,0.5\n,\n,\nb,1\n,\n", numbers: [0.5, 1]),
    Form(name: "columns without a name", text: "id,x,,\na,0.5,,\nb,1,,\n", numbers: [0.5, 1]),
    Form(name: "rows padded with empty cells", text: "id,x\na,0.5,,\nb,1\n", numbers: [0.5, 1]),
    Form(name: "names in capitals", text: "ID\tX\na\t0.5\n", numbers: [0.5]),
    Form(name: "byte-order mark and CR LF", text: "\u{feff}id\tx\r\na\t0.5\r\n", numbers: [0.5]),
    Form(name: "CR alone", text: "id\tx\ra\t0.5\rb\t1\r", numbers: [0.5, 1]),
    Form(
      name: "missing values of Excel and R", text: "x\nNA\nNaN\n#N/A\nn/a\n1\n",
      numbers: [.nan, .nan, .nan, .nan, 1]),
    Form(
      name: "infinite values of our own tables", text: "x\ty\ninf\t1\n-inf\t1\n",
      numbers: [.infinity, -.infinity]),
  ]

  @Test(arguments: forms) func `an everyday form is read`(form: Form) throws {
    let numbers = try TabSeparatedTable(parsing: form.text, name: "t").numbers(form.column)
    #expect(numbers.count == form.numbers.count)
    for (found, expected) in zip(numbers, form.numbers) {
      #expect(found == expected || (found.isNaN && expected.isNaN), "\(found) for \(expected)")
    }
  }

  @Test(arguments: [
    ("hexadecimal", "x\n0x10\n", "decimal digits"), ("hexadecimal fraction", "x\n0x1p-3\n", "decimal digits"),
    ("a word", "x\nabc\n", "decimal digits"), ("a number beyond all", "x\n1e999\n", "decimal digits"),
    ("infinity in words", "x\ninfinity\n", "decimal digits"),
    ("a marked nan", "x\nnan(7)\n", "decimal digits"),
    ("points and commas", "x\ty\n0,5\t0.5\n", "decimal comma"),
    ("thousands", "x\ty\n1,234\t0.5\n", "thousands"),
    ("two commas", "x\ty\n1,234,567\t1\n", "thousands"),
  ]) func `what is no number is refused with its line`(name: String, text: String, words: String) throws {
    let table = try TabSeparatedTable(parsing: text, name: "t")
    let error = try #require(throws: TableError.self) { try table.numbers("x") }
    #expect(error.description.contains("line 2") && error.description.contains(words), "\(error)")
  }

  @Test func `text of Excel in UTF-16 is read`() throws {
    let folder = try TemporaryFolder()
    let bytes = try #require("\u{feff}id\tx\r\na\t0.5\r\n".data(using: .utf16LittleEndian))
    let file = try folder.write([UInt8](bytes), as: "wide.txt")
    #expect(try TabSeparatedTable.read(file).numbers("x") == [0.5])
  }

  @Test(arguments: ["patient", "Patient", "patient_id", "PARTICIPANT_ID", "subject", "Subject_ID"])
  func `the participant has many names`(column: String) throws {
    let table = try TabSeparatedTable(parsing: "x\t\(column)\n1\tA\n2\tB\n", name: "t")
    #expect(table.participantColumn == column)
    #expect(try table.participants() == ["A", "B"])
    #expect(try TabSeparatedTable(parsing: "id\tx\nA\t1\n", name: "t").participants() == nil)
  }

  @Test func `a row without a participant is refused`() throws {
    let table = try TabSeparatedTable(parsing: "patient\tx\nA\t1\n\t2\n", name: "t")
    #expect(throws: TableError.missingKey(file: "t", line: 3, column: "patient")) { try table.participants() }
  }

  @Test func `two columns that differ by case alone are told apart, or not taken`() throws {
    let table = try TabSeparatedTable(parsing: "x\tX\tAB\tab\n1\t2\t3\t4\n", name: "t")
    #expect(try table.numbers("x") == [1] && table.numbers("X") == [2])
    #expect(!table.has("Ab"))
  }

  @Test func `a hundred thousand rows are read in seconds`() throws {
    var text = "patient\tlesion\tpre_adc\tpost_adc\n"
    for row in 0..<100_000 { text += "P\(row)\t1\t0.00\(100 + row % 50)\t0.00\(110 + row % 70)\n" }
    let start = ProcessInfo.processInfo.systemUptime
    let table = try TabSeparatedTable(parsing: text, name: "t")
    #expect(try table.numbers("post_adc").count == 100_000)
    #expect(ProcessInfo.processInfo.systemUptime - start < (Optimization.isOn ? 5 : 60))
  }
}
