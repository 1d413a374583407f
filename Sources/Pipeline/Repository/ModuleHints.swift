import Basics
package import Facts

/// Reads which parts of the system people declared as modules.
package enum ModuleHints {
  /// Names of files whose folder is a module by itself.
  private static let buildFiles: Set<String> = [
    "pom.xml", "build.gradle", "build.gradle.kts", "package.json", "Cargo.toml", "go.mod", "pyproject.toml", "setup.py",
    "composer.json",
  ]
  private static let buildSuffixes = [".csproj", ".vbproj", ".fsproj", ".gemspec"]
  /// Places where CODEOWNERS is looked for, in the order GitHub does.
  private static let ownerFiles = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]
  /// Larger ones are not read.
  private static let largestOwnerFile = 3 << 20

  /// What kind of module the folder of a file with that name is; nil for none.
  static func source(ofFile name: String) -> ModuleHint.Source? {
    if buildFiles.contains(name) || buildSuffixes.contains(where: name.hasSuffix) { return .buildFile }
    return name == "apps.py" ? .djangoApp : nil
  }

  /// All hints, sorted. `folders` are those of build files and apps.
  static func hints(root: String, folders: [ModuleHint.Source: Set<String>], files: [FileFacts]) -> [ModuleHint] {
    var hints: [ModuleHint] = []
    for (source, folders) in folders {
      // The folder of everything is no part of it.
      for folder in folders where !folder.isEmpty {
        hints.append(ModuleHint(source: source, name: folder, folders: [folder]))
      }
    }
    for folder in modulithPackages(files) {
      hints.append(ModuleHint(source: .modulith, name: folder, folders: [folder]))
    }
    let owners = ownerFiles.lazy.compactMap { path -> [ModuleHint]? in
      guard case .success(let bytes) = FileContent.read(root + "/" + path), bytes.count <= largestOwnerFile else {
        return nil
      }
      return codeOwners(String(decoding: bytes, as: UTF8.self))
    }
    return (hints + (owners.first ?? [])).sorted()
  }

  /// The owners of folders: the last line about a folder counts. Patterns with wild cards, which name no folder, are left out.
  package static func codeOwners(_ text: String) -> [ModuleHint] {
    var ownerOf: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      guard var path = words.first, !path.hasPrefix("[") else { continue }
      for ending in ["/**", "/*", "/"] where path.hasSuffix(ending) {
        path = path.dropLast(ending.count)
        break
      }
      if path.hasPrefix("/") { path = path.dropFirst() }
      // A name without a slash may lie anywhere unless it is anchored.
      guard !path.isEmpty, !path.contains(where: { "*?[!".contains($0) }),
        path.contains("/") || words[0].hasPrefix("/")
      else { continue }
      ownerOf[String(path)] = words.dropFirst().sorted().joined(separator: " ")
    }
    var folders: [String: [String]] = [:]
    for (folder, owner) in ownerOf where !owner.isEmpty { folders[owner, default: []].append(folder) }
    return folders.map { ModuleHint(source: .codeOwners, name: $0.key, folders: $0.value.sorted()) }.sorted()
  }

  /// Packages directly beside the class that starts the application, where a file names Spring Modulith.
  private static func modulithPackages(_ files: [FileFacts]) -> [String] {
    guard files.contains(where: { $0.imports.contains { $0.path.hasPrefix("org.springframework.modulith") } }) else {
      return []
    }
    let mains = files.filter { file in
      file.types.contains {
        $0.annotations.contains { ["SpringBootApplication", "Modulithic", "Modulith"].contains($0.name) }
      }
    }.map(\.file.folder)
    var packages: Set<String> = []
    for file in files {
      for main in mains where file.file.folder.hasPrefix(main + "/") {
        let rest = file.file.folder.dropFirst(main.count + 1)
        packages.insert(main + "/" + rest.prefix { $0 != "/" })
      }
    }
    return packages.sorted()
  }
}
