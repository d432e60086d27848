import Foundation
import Tables
import Testing

/// What a terminal or a browser would obey is not in what they are sent.
@Suite struct PrintableTextTests {
  @Test(arguments: [
    ("upper lobe", "upper lobe"), ("\u{1B}[31mred", "\u{FFFD}[31mred"), ("a\u{9B}31mb", "a\u{FFFD}31mb"),
    ("a\u{202E}b", "a\u{FFFD}b"), ("a\u{2066}b\u{2069}", "a\u{FFFD}b\u{FFFD}"),
    ("a\nb\tc", "a\u{FFFD}b\u{FFFD}c"),
    ("a\u{2028}b", "a\u{FFFD}b"), ("Ø肺 رئة ריאה µ", "Ø肺 رئة ריאה µ"), ("\u{7F}", "\u{FFFD}"),
  ]) func `control characters and overrides of direction are replaced, letters stay`(
    text: String, shown: String
  ) {
    #expect(PrintableText.line(text) == shown)
  }

  @Test func `line feeds and tabs stay in texts of several lines`() {
    #expect(PrintableText.lines("a\tb\n\u{1B}c\n") == "a\tb\n\u{FFFD}c\n")
  }
}

/// JSON that is what it says.
@Suite struct StrictJSONTests {
  @Test(arguments: [
    (#"{"a": 1, "a": 2}"#, "a"), (#"{"a": {"b": 1, "b": 2}}"#, "a.b"),
    (#"{"a": [{"b": 1}, {"c": 1, "c": 1}]}"#, "a.c"),
    (#"{"a": 1, "\u0061": 2}"#, "a"), (#"{"x": "\"a\": 1", "a": 1, "a": 1}"#, "a"),
  ]) func `a key that stands twice is named`(json: String, key: String) {
    #expect(throws: StrictJSON.Failure.duplicateKey(key)) { try StrictJSON(parsing: Data(json.utf8)) }
  }

  @Test func `values are what they are`() throws {
    let value = try StrictJSON(
      parsing: Data(#"{"t": true, "n": 1, "s": "1", "z": null, "l": [{"a": 1}, {"a": 2}], "e": "\\\""}"#.utf8)
    )
    let members = try #require(value.members)
    #expect(members["t"] == .boolean(true) && members["t"]?.number == nil)
    #expect(members["n"]?.number == 1 && members["s"]?.number == nil && members["s"]?.text == "1")
    #expect(members["z"] == .null && members["e"]?.text == "\\\"")
    #expect(members["l"] == .list([.object(["a": .number(1)]), .object(["a": .number(2)])]))
  }

  @Test(arguments: ["", "{", "{\"a\": NaN}", "[1,]x"]) func `what is no JSON is refused`(text: String) {
    #expect(throws: StrictJSON.Failure.notJSON) { try StrictJSON(parsing: Data(text.utf8)) }
  }
}
