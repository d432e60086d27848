import Tables
import Testing

struct TableMutationTests {
  @Test func `any text is a table or an error that names it`() {
    let alphabet = Array("a1.,\t\n\r\"\u{feff} -n/é\u{2028}")
    var state: UInt32 = 7
    var (tables, errors) = (0, 0)
    for _ in 0..<3_000 {
      let text = String(
        (0..<24).map { _ in
          state = state &* 1_664_525 &+ 1_013_904_223
          return alphabet[Int(state >> 8) % alphabet.count]
        })
      do throws(TableError) {
        let table = try TabSeparatedTable(parsing: text, name: "random.tsv")
        #expect(table.rows.allSatisfy { $0.fields.count == table.columns.count })
        tables += 1
      } catch {
        #expect(error.description.contains("random.tsv"))
        errors += 1
      }
    }
    #expect(tables > 100 && errors > 100)
  }
}
