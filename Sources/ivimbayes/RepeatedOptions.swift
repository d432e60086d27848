import ArgumentParser
import Foundation
import IVIMBayes

/// Options that take one value and are given twice: the parser would keep the last and say nothing.
enum RepeatedOptions {
  /// The description that the parser gives of its commands, as far as it matters here.
  private struct Tool: Decodable {
    let command: Command
  }

  private struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      let name: String
    }

    let kind: String
    let names: [Name]?
    let isRepeating: Bool
  }

  /// Refuses an option of one value that stands twice among `words`, the command line without the name of the program.
  ///
  /// - Throws: status 64 with the option.
  static func check(_ words: [String]) throws(RunError) {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(IVIMBayesCommand._dumpHelp().utf8))
    else { return }
    var command = tool.command
    for word in words {
      guard let next = command.subcommands?.first(where: { $0.commandName == word }) else { break }
      command = next
    }
    for argument in command.arguments ?? [] where argument.kind == "option" && !argument.isRepeating {
      let names = Set((argument.names ?? []).map(\.name))
      let given = words.prefix { $0 != "--" }.filter { word in
        word.hasPrefix("--") && names.contains(String(word.dropFirst(2).prefix { $0 != "=" }))
      }
      guard given.count > 1, let first = given.first else { continue }
      throw RunError(
        .usage, at: String(first.prefix { $0 != "=" }),
        "it is given \(given.count) times and takes one value",
        advice: "Give it once")
    }
  }
}
