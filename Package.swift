// swift-tools-version: 6.2
import Foundation
import PackageDescription

// LLVM: CLEAVE_LLVM=NN wins, else the newest Debian LLVM that has both the C headers and the library of libclang.
func hasLibclang(_ version: Int) -> Bool {
  let files = FileManager.default
  return files.fileExists(atPath: "/usr/lib/llvm-\(version)/include/clang-c/Index.h")
    && files.fileExists(atPath: "/usr/lib/llvm-\(version)/lib/libclang.so")
}
let llvm =
  Context.environment["CLEAVE_LLVM"].flatMap(Int.init) ?? (14...22).reversed().first(where: hasLibclang) ?? 19
let libclangInclude = "-I/usr/lib/llvm-\(llvm)/include"

// The grammars that `.ci/deps build` compiles.
let grammars = Context.packageDirectory + "/.deps/grammars"

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

func room(
  _ name: String, uses dependencies: [Target.Dependency], carrying files: [String] = [], settings: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, resources: files.map { .embedInCode($0) }, swiftSettings: house + settings)
}

func tests(of name: String, uses dependencies: [Target.Dependency], besides files: [String] = []) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, exclude: files, swiftSettings: house)
}

let package = Package(
  name: "cleave",
  products: [.executable(name: "cleave", targets: ["cleave"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .target(
      name: "CLibclang", cSettings: [.unsafeFlags([libclangInclude])],
      linkerSettings: [.linkedLibrary("clang-\(llvm)")]),
    .target(
      name: "CTreeSitter",
      linkerSettings: [
        .unsafeFlags(["-L\(grammars)"]), .linkedLibrary("cleave-grammars"),
        .linkedLibrary(":libtree-sitter.a"),
      ]),
    .target(name: "CIGraph", linkerSettings: [.linkedLibrary("igraph")]),
    .target(name: "CMariaDB", linkerSettings: [.linkedLibrary("mariadb")]),
    .target(name: "CPostgres", linkerSettings: [.linkedLibrary("pq")]),
    room("Basics", uses: []),
    room("Facts", uses: ["Basics"]),
    room("SQL", uses: ["Basics", "Facts"]),
    room(
      "ClangFrontend", uses: ["Basics", "Facts", "CLibclang"],
      settings: [.unsafeFlags(["-Xcc", libclangInclude])]),
    room("DocumentFrontend", uses: ["Basics", "Facts", .product(name: "Yams", package: "Yams")]),
    room("TreeSitterFrontend", uses: ["Basics", "Facts", "CTreeSitter"]),
    room("Frameworks", uses: ["Basics", "Facts", "SQL"]),
    room("FactStore", uses: ["Basics", "Facts", .product(name: "GRDB", package: "GRDB.swift")]),
    room("Graph", uses: ["Basics", "Facts"]),
    room("Decomposition", uses: ["Basics", "Facts", "Graph", "CIGraph"]),
    room(
      "Migration",
      uses: ["Basics", "Facts", "SQL", "Graph", "Decomposition", .product(name: "Yams", package: "Yams")]),
    room(
      "Rehearsal",
      uses: ["Basics", "Facts", "SQL", "Graph", "Decomposition", "Migration", "CMariaDB", "CPostgres"],
      carrying: [
        "Debezium/CaptureChanges.java", "Debezium/ColumnTypes.java", "Debezium/ColumnValues.java",
        "Debezium/ConnectorSettings.java", "Debezium/StoredOffsets.java", "Debezium/TopicFiles.java",
      ]),
    // The processes of a rehearsal without the rest of the program, for the tests.
    .executableTarget(
      name: "RehearsalWorker", dependencies: ["Rehearsal"], path: "Tests/RehearsalWorker", swiftSettings: house),
    room("Reporting", uses: ["Basics"]),
    room(
      "Pipeline",
      uses: [
        "Basics", "Facts", "SQL", "ClangFrontend", "DocumentFrontend", "TreeSitterFrontend", "Frameworks", "FactStore",
        "Graph", "Decomposition", "Migration", "Rehearsal", "Reporting",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .executableTarget(
      name: "cleave",
      dependencies: [
        "Basics", "Pipeline", "Reporting", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),
    tests(of: "Architecture", uses: []),
    tests(of: "SQL", uses: ["Basics", "Facts", "SQL"]),
    tests(of: "ClangFrontend", uses: ["Basics", "Facts", "ClangFrontend"]),
    tests(of: "TreeSitterFrontend", uses: ["Basics", "Facts", "TreeSitterFrontend"]),
    tests(of: "DocumentFrontend", uses: ["Basics", "Facts", "DocumentFrontend"]),
    tests(
      of: "Frameworks",
      uses: ["Basics", "Facts", "SQL", "ClangFrontend", "DocumentFrontend", "TreeSitterFrontend", "Frameworks"]),
    tests(of: "FactStore", uses: ["Basics", "Facts", "FactStore", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(of: "Graph", uses: ["Basics", "Facts", "Graph"]),
    tests(of: "Decomposition", uses: ["Basics", "Facts", "Graph", "Decomposition"]),
    tests(
      of: "Migration", uses: ["Basics", "Facts", "SQL", "Graph", "Decomposition", "Migration"],
      besides: [
        "Fixtures/JavaStubs.txt", "Fixtures/RunConnector.java", "Fixtures/ValidateConnector.java",
        "Fixtures/check_events.py",
        "Fixtures/relay_bench.py",
      ]),
    tests(
      of: "Rehearsal",
      uses: ["Basics", "Facts", "SQL", "Graph", "Decomposition", "Migration", "Rehearsal", "RehearsalWorker"]),
    tests(of: "Reporting", uses: ["Basics", "Reporting"]),
    tests(of: "Command", uses: ["cleave"]),
    tests(of: "Pipeline", uses: ["Basics", "Facts", "Pipeline", "Reporting"]),
  ]
)
