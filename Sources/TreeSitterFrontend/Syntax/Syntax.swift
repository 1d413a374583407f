internal import CTreeSitter
import Foundation

/// Names of a grammar that a frontend asks for, as cases whose raw values are spelled as in the grammar.
protocol GrammarName: RawRepresentable, CaseIterable, Hashable, Sendable where RawValue == String {}

/// A node of a syntax tree; valid as long as its `Syntax`.
struct Node {
  let raw: TSNode
}

/// A child of a node with its kind and the field it stands in.
struct Child<Kind, Field> {
  let node: Node
  /// Nil for kinds the frontend has no name for.
  let kind: Kind?
  /// Nil outside of fields and for fields the frontend has no name for.
  let field: Field?
}

/// A grammar whose kinds and fields are numbered once.
///
/// `@unchecked Sendable`: the language is a constant table of the binary, everything else is set once.
struct Grammar<Kind: GrammarName, Field: GrammarName>: @unchecked Sendable {
  fileprivate let language: OpaquePointer
  fileprivate let kinds: [Kind?]
  fileprivate let fields: [Field?]
  fileprivate let numbers: [Field: UInt16]

  /// Numbers the names of `language`, one of the `tree_sitter_…` functions.
  init(_ language: OpaquePointer?) {
    guard let language else { preconditionFailure("a grammar is always linked in") }
    self.language = language
    let byName = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0.rawValue, $0) })
    kinds = (0..<ts_language_symbol_count(language)).map { symbol in
      let number = UInt16(truncatingIfNeeded: symbol)
      guard ts_language_symbol_type(language, number) == TSSymbolTypeRegular,
        let name = ts_language_symbol_name(language, number)
      else { return nil }
      return byName[String(cString: name)]
    }
    let fieldByName = Dictionary(uniqueKeysWithValues: Field.allCases.map { ($0.rawValue, $0) })
    fields = (0...ts_language_field_count(language)).map { field in
      ts_language_field_name_for_id(language, UInt16(truncatingIfNeeded: field))
        .flatMap { fieldByName[String(cString: $0)] }
    }
    numbers = Dictionary(
      fields.enumerated().compactMap { place, field in field.map { ($0, UInt16(place)) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Names among `Kind` and `Field` that the grammar does not have: misspelled, or of another version.
  var unknownNames: [String] {
    let known = Set(kinds.compactMap { $0 })
    return Kind.allCases.filter { !known.contains($0) }.map(\.rawValue)
      + Field.allCases.filter { numbers[$0] == nil }.map(\.rawValue)
  }
}

/// A parsed file.
final class Syntax<Kind: GrammarName, Field: GrammarName> {
  // A class because it owns the tree, the cursor and a buffer of C; they are freed with it.
  private let grammar: Grammar<Kind, Field>
  private let bytes: UnsafeBufferPointer<UInt8>
  private let tree: OpaquePointer
  private var cursor: TSTreeCursor
  private var buffer: UnsafeMutableBufferPointer<CleaveChild>

  /// Parses `bytes`, which have to outlive this object. Nil only when the parser gives up (files over 4 GB).
  init?(_ grammar: Grammar<Kind, Field>, bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count < Int(UInt32.max), let parser = ts_parser_new() else { return nil }
    defer { ts_parser_delete(parser) }
    guard ts_parser_set_language(parser, grammar.language) else { return nil }
    let parsed = bytes.withMemoryRebound(to: CChar.self) { text in
      // An empty buffer may have no address.
      text.baseAddress.map { ts_parser_parse_string(parser, nil, $0, UInt32(text.count)) }
        ?? ts_parser_parse_string(parser, nil, "", 0)
    }
    guard let tree = parsed else { return nil }
    self.grammar = grammar
    self.bytes = bytes
    self.tree = tree
    cursor = ts_tree_cursor_new(ts_tree_root_node(tree))
    buffer = .allocate(capacity: 64)
  }

  deinit {
    ts_tree_cursor_delete(&cursor)
    ts_tree_delete(tree)
    buffer.deallocate()
  }

  /// The whole file.
  var root: Node { Node(raw: ts_tree_root_node(tree)) }

  /// What a node is; nil for kinds the frontend has no name for.
  func kind(_ node: Node) -> Kind? {
    let symbol = Int(ts_node_symbol(node.raw))
    return symbol < grammar.kinds.count ? grammar.kinds[symbol] : nil
  }

  /// The children that are named or stand in a field, in order, without comments. Linear in their number.
  func children(_ node: Node) -> [Child<Kind, Field>] {
    var count = Int(cleave_children(&cursor, node.raw, buffer.baseAddress, UInt32(buffer.count)))
    if count > buffer.count {
      buffer.deallocate()
      buffer = .allocate(capacity: 2 * count)
      count = Int(cleave_children(&cursor, node.raw, buffer.baseAddress, UInt32(buffer.count)))
    }
    return (0..<count).map { index in
      let entry = buffer[index]
      let symbol = Int(entry.symbol)
      return Child(
        node: Node(raw: entry.node), kind: symbol < grammar.kinds.count ? grammar.kinds[symbol] : nil,
        field: grammar.fields[Int(entry.field)])
    }
  }

  /// Every node of one of these kinds in the order of their first bytes, extras among them. Linear in the whole tree.
  func nodes(of kinds: Set<Kind>) -> [Node] {
    var found: [Node] = []
    // A cursor of its own: optimized code was seen to overlap accesses to the shared one here.
    var own = ts_tree_cursor_new(ts_tree_root_node(tree))
    defer { ts_tree_cursor_delete(&own) }
    while true {
      let node = Node(raw: ts_tree_cursor_current_node(&own))
      if let kind = kind(node), kinds.contains(kind) { found.append(node) }
      if ts_tree_cursor_goto_first_child(&own) { continue }
      if ts_tree_cursor_goto_next_sibling(&own) { continue }
      repeat {
        guard ts_tree_cursor_goto_parent(&own) else { return found }
      } while !ts_tree_cursor_goto_next_sibling(&own)
    }
  }

  /// The first child in a field. Linear in the children before it.
  func child(_ node: Node, _ field: Field) -> Node? {
    guard let number = grammar.numbers[field] else { return nil }
    let child = ts_node_child_by_field_id(node.raw, number)
    return ts_node_is_null(child) ? nil : Node(raw: child)
  }

  /// The first child of a kind. Linear in the children.
  func child(_ node: Node, of kind: Kind) -> Node? { children(node).first { $0.kind == kind }?.node }

  /// The bytes of the whole file.
  var allBytes: UnsafeBufferPointer<UInt8> { bytes }

  /// The bytes of a node.
  func bytes(_ node: Node) -> UnsafeBufferPointer<UInt8> {
    let start = Int(ts_node_start_byte(node.raw))
    let end = Int(ts_node_end_byte(node.raw))
    guard start < end, end <= bytes.count else { return UnsafeBufferPointer(rebasing: bytes[0..<0]) }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  /// The source of a node as it stands.
  func text(_ node: Node) -> String { String(decoding: bytes(node), as: UTF8.self) }

  /// Line of the first byte, from 1.
  func line(_ node: Node) -> Int { Int(ts_node_start_point(node.raw).row) + 1 }

  /// Line of the last byte, from 1.
  func lastLine(_ node: Node) -> Int { Int(ts_node_end_point(node.raw).row) + 1 }

  /// Offset of the first byte in the file.
  func offset(_ node: Node) -> Int { Int(ts_node_start_byte(node.raw)) }

  /// Offset behind the last byte in the file.
  func endOffset(_ node: Node) -> Int { Int(ts_node_end_byte(node.raw)) }

  /// Whether the node is, or holds, something the grammar could not read.
  func hasError(_ node: Node) -> Bool { ts_node_has_error(node.raw) }

  /// Whether the node itself stands for something the grammar could not read.
  func isError(_ node: Node) -> Bool { ts_node_symbol(node.raw) == UInt16.max || ts_node_is_missing(node.raw) }

  /// The line from which on the file does not follow the grammar; that of its root when it does.
  var firstErrorLine: Int {
    var node = root
    while !isError(node), let next = children(node).first(where: { hasError($0.node) }) { node = next.node }
    return line(node)
  }

  /// Whether two nodes are the same.
  func areSame(_ left: Node, _ right: Node) -> Bool { ts_node_eq(left.raw, right.raw) }

  /// The tree as text, for people who write frontends.
  var listing: String {
    guard let text = ts_node_string(ts_tree_root_node(tree)) else { return "" }
    defer { free(text) }
    return String(cString: text)
  }
}
