import Foundation

/// How one source file is compiled, reduced to what decides the meaning of its text.
package struct CompileCommand: Hashable, Sendable {
  /// Folder the compiler runs in, absolute.
  package var directory: String
  /// The source file, absolute.
  package var file: String
  /// Arguments for libclang: without compiler name, outputs, the file itself, warnings and code generation.
  package var arguments: [String]

  /// A command whose arguments are already reduced.
  package init(directory: String, file: String, arguments: [String]) {
    self.directory = directory
    self.file = file
    self.arguments = arguments
  }
}

/// Why a compile database could not be used.
package enum CompileDatabaseError: Error, Equatable {
  /// The text is no JSON array of commands.
  case malformed(reason: String)
}

/// Reads `compile_commands.json`.
package enum CompileDatabase {
  private struct Entry: Decodable {
    var directory: String?
    var file: String
    var command: String?
    var arguments: [String]?
  }

  /// The commands of a database in its order, the first one for each file; entries for build products such as
  /// precompiled headers are left out.
  package static func commands(in json: [UInt8]) throws(CompileDatabaseError) -> [CompileCommand] {
    let entries: [Entry]
    do {
      entries = try JSONDecoder().decode([Entry].self, from: Data(json))
    } catch {
      throw .malformed(reason: "not a JSON array of objects with directory, file and command or arguments")
    }
    var seen: Set<String> = []
    var commands: [CompileCommand] = []
    for entry in entries {
      let directory = entry.directory ?? "/"
      let file = CompilePath.absolute(entry.file, in: directory)
      guard seen.insert(file).inserted else { continue }
      let words = entry.arguments ?? ShellWords.split(entry.command ?? "")
      let arguments = CompileArguments.reduced(words, file: entry.file, directory: directory)
      guard !isHeaderBuild(words) else { continue }
      commands.append(CompileCommand(directory: directory, file: file, arguments: arguments))
    }
    return commands
  }

  /// Whether a command builds a precompiled header instead of compiling a source file.
  private static func isHeaderBuild(_ words: [String]) -> Bool {
    zip(words, words.dropFirst()).contains { $0 == "-x" && $1.hasSuffix("-header") }
  }
}

/// Absolute paths without `.` and `..`.
package enum CompilePath {
  /// `path` made absolute against `directory`; purely textual, links are not followed.
  package static func absolute(_ path: String, in directory: String) -> String {
    let joined = path.hasPrefix("/") ? path : directory + "/" + path
    var parts: [Substring] = []
    for part in joined.split(separator: "/", omittingEmptySubsequences: true) {
      if part == "." { continue }
      if part == ".." {
        _ = parts.popLast()
      } else {
        parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }
}

/// Splits a command line as a POSIX shell would, without running anything.
enum ShellWords {
  static func split(_ command: String) -> [String] {
    var words: [String] = []
    var current: [UInt8] = []
    var hasWord = false
    var quote: UInt8?
    var bytes = command.utf8.makeIterator()
    while let byte = bytes.next() {
      if let open = quote {
        if byte == open {
          quote = nil
        } else if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\""), let next = bytes.next() {
          if next != UInt8(ascii: "\""), next != UInt8(ascii: "\\"), next != UInt8(ascii: "$") { current.append(byte) }
          current.append(next)
        } else {
          current.append(byte)
        }
        continue
      }
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"):
        if hasWord { words.append(String(decoding: current, as: UTF8.self)) }
        current = []
        hasWord = false
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        quote = byte
        hasWord = true
      case UInt8(ascii: "\\"):
        if let next = bytes.next() { current.append(next) }
        hasWord = true
      default:
        current.append(byte)
        hasWord = true
      }
    }
    if hasWord { words.append(String(decoding: current, as: UTF8.self)) }
    return words
  }
}

/// Reduces compiler arguments to those that decide what the text means.
enum CompileArguments {
  /// Flags whose value is the next word and both go.
  private static let droppedPairs: Set<String> = [
    "-o", "-MF", "-MT", "-MQ", "--serialize-diagnostics", "-dependency-file", "-include-pch", "-Xlinker",
  ]
  /// Flags whose value is the next word, a path, and both stay.
  private static let pathPairs: Set<String> = [
    "-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-isysroot", "-F", "-iframework",
  ]

  static func reduced(_ words: [String], file: String, directory: String) -> [String] {
    var arguments: [String] = []
    var index = 1
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" { break }
      if droppedPairs.contains(word) {
        index += 1
      } else if pathPairs.contains(word), index < words.count {
        arguments += [word, CompilePath.absolute(words[index], in: directory)]
        index += 1
      } else if word == "-D" || word == "-U" || word == "-x", index < words.count {
        arguments += word == "-x" ? ["-x", words[index]] : [word + words[index]]
        index += 1
      } else if word.hasPrefix("-I"), word.utf8.count > 2 {
        arguments.append("-I" + CompilePath.absolute(String(word.dropFirst(2)), in: directory))
      } else if word.hasPrefix("-D") || word.hasPrefix("-U") || word.hasPrefix("-std=") || word == "-pthread"
        || word.hasPrefix("-fno-exceptions") || word.hasPrefix("-fms-") || word.hasPrefix("-fno-rtti")
        || word.hasPrefix("-m32") || word.hasPrefix("-fshort") || word.hasPrefix("-funsigned-char")
        || word.hasPrefix("-nostdinc") || word.hasPrefix("--sysroot") || word.hasPrefix("--target")
        || word.hasPrefix("-fopenmp") || word.hasPrefix("-fcoroutines")
      {
        arguments.append(word)
      }
    }
    if CompilePath.absolute(file, in: directory).hasSuffix(".c"), !arguments.contains("-x") {
      arguments = ["-x", "c"] + arguments
    } else if !arguments.contains("-x") {
      arguments = ["-x", "c++"] + arguments
    }
    return arguments
  }
}
