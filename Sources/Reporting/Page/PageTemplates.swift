internal import Mustache

/// The templates of the pages, which the program carries in itself.
enum PageTemplates {
  private static let sources = [
    "page": PackageResources.page_mustache, "block": PackageResources.block_mustache,
    "card": PackageResources.card_mustache, "table": PackageResources.table_mustache,
  ]

  /// The style sheet of every page.
  static let style = String(decoding: PackageResources.style_css, as: UTF8.self)

  /// `object` in the template `page`.
  static func render(_ object: some Sendable) throws(ReportError) -> String {
    var templates: [String: MustacheTemplate] = [:]
    for (name, bytes) in sources {
      do {
        templates[name] = try MustacheTemplate(string: String(decoding: bytes, as: UTF8.self))
      } catch {
        throw .brokenTemplate(name: name, reason: "\(error)")
      }
    }
    guard let text = MustacheLibrary(templates: templates).render(object, withTemplate: "page") else {
      throw .brokenTemplate(name: "page", reason: "it is missing")
    }
    return text
  }
}
