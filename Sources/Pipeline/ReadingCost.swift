import Basics
import Facts
import Glibc
import TreeSitterFrontend

extension Workbench {
  /// What reading every file of a folder costs beside parsing it alone: a JSON array with one row a language, CPU in
  /// seconds of this thread. Each file is parsed and read in turn, so that both meet the same machine.
  package static func readingCost(of folder: String) throws(PipelineError) -> String {
    let scan = try RepositoryScan.scan(root: folder)
    var rows: [SourceLanguage: ReadingCost] = [:]
    for file in scan.files {
      guard let frontend = LanguageFrontend.of(file.path.fileName),
        case .success(let bytes) = FileContent.read(folder + "/" + file.path.text)
      else { continue }
      bytes.withUnsafeBufferPointer { buffer in
        var row = rows[frontend.language] ?? ReadingCost()
        let start = ThreadClock.seconds
        _ = frontend.parse(buffer)
        let middle = ThreadClock.seconds
        let facts = frontend.read(file.path, buffer)
        row.parse += middle - start
        row.read += ThreadClock.seconds - middle
        row.files += 1
        row.lines += facts.lineCount
        rows[frontend.language] = row
      }
    }
    let lines = rows.sorted { $0.key.rawValue < $1.key.rawValue }.map { language, row in
      "  {\"language\": \"\(language.rawValue)\", \"files\": \(row.files), \"lines\": \(row.lines),"
        + " \"parse\": \(row.parse), \"read\": \(row.read)}"
    }
    return "[\n" + lines.joined(separator: ",\n") + "\n]\n"
  }
}

/// The CPU the current thread has used: the same on a busy machine as on an idle one.
enum ThreadClock {
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// What the files of one language cost.
private struct ReadingCost {
  var files = 0
  var lines = 0
  var parse = 0.0
  var read = 0.0
}
