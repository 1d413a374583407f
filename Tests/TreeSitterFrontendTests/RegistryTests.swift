import Facts
import Testing
import TreeSitterFrontend

@Suite("The registry of languages")
struct RegistryTests {
  @Test func languagesAreSortedAndDistinct() {
    let names = LanguageFrontend.all.map(\.language.rawValue)
    #expect(names == Set(names).sorted())
    let extensions = LanguageFrontend.all.flatMap(\.extensions)
    #expect(extensions.count == Set(extensions).count)
  }

  @Test(arguments: LanguageFrontend.all.map(\.language))
  func grammarsKnowTheNamesThatAreAskedFor(language: SourceLanguage) {
    #expect(LanguageFrontend.all.first { $0.language == language }?.unknownNames() == [])
  }
}
