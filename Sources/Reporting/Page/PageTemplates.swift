internal import Mustache

/// What stands between two braces of a template is escaped as everywhere on a page: by ``Markup``.
private struct PageContent: MustacheContentType {
  static let name = "PAGE"
  func escapeText(_ text: String) -> String { Markup.escaped(text) }
}

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
    // The escapes of Mustache itself know nothing of control characters.
    MustacheContentTypes.register(PageContent(), named: PageContent.name)
    var templates: [String: MustacheTemplate] = [:]
    for (name, bytes) in sources {
      do {
        templates[name] = try MustacheTemplate(
          string: "{{% CONTENT_TYPE: \(PageContent.name)}}" + String(decoding: bytes, as: UTF8.self))
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
