/// Functions that run the closure they are given for each element of what they are called on.
enum Iteration {
  private static let names: Set<String> = [
    "each", "each_with_index", "each_with_object", "each_slice", "each_pair", "each_key", "each_value", "find_each",
    "find_in_batches", "in_batches", "each_entry", "map", "flat_map", "collect", "select", "reject", "filter",
    "filterMap",
    "flatMap", "forEach", "foreach", "forEachOrdered", "forEachIndexed", "forEachAsync", "ForEach", "ForEachAsync",
    "mapNotNull", "mapIndexed", "reduce", "inject", "times", "upto", "downto", "step", "loop", "some", "every", "any",
    "all", "anyMatch", "allMatch", "noneMatch", "chunk", "chunkById", "eachById", "lazy", "cursor", "tap_each",
    "onEach", "associateWith", "sumOf", "sortedBy", "groupBy", "array_map", "array_walk", "array_filter", "repeat",
  ]

  /// Whether a call of that name runs its closure once for each element.
  static func isIteration(_ callee: String) -> Bool { names.contains(NameWords.lastPart(callee)) }
}
