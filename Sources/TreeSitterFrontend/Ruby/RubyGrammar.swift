internal import CTreeSitter

/// Kinds of nodes of tree-sitter-ruby that are read.
enum RubyKind: String, GrammarName {
  case alternativePattern = "alternative_pattern"
  case argumentList = "argument_list"
  case array, assignment, begin, binary, block, call, `case`, `class`, conditional, constant, `do`, `else`, elsif
  case arrayPattern = "array_pattern"
  case asPattern = "as_pattern"
  case bareString = "bare_string"
  case bareSymbol = "bare_symbol"
  case beginBlock = "begin_block"
  case blockArgument = "block_argument"
  case blockBody = "block_body"
  case blockParameter = "block_parameter"
  case bodyStatement = "body_statement"
  case breakStatement = "break"
  case caseMatch = "case_match"
  case chainedString = "chained_string"
  case character
  case classVariable = "class_variable"
  case complex
  case delimitedSymbol = "delimited_symbol"
  case destructuredAssignment = "destructured_left_assignment"
  case destructuredParameter = "destructured_parameter"
  case doBlock = "do_block"
  case elementReference = "element_reference"
  case emptyStatement = "empty_statement"
  case endBlock = "end_block"
  case ensure
  case escapeSequence = "escape_sequence"
  case exceptionVariable = "exception_variable"
  case exceptions
  case falseLiteral = "false"
  case float
  case forLoop = "for"
  case globalVariable = "global_variable"
  case hash
  case hashKeySymbol = "hash_key_symbol"
  case hashPattern = "hash_pattern"
  case findPattern = "find_pattern"
  case hashSplatArgument = "hash_splat_argument"
  case hashSplatParameter = "hash_splat_parameter"
  case heredocBeginning = "heredoc_beginning"
  case heredocBody = "heredoc_body"
  case heredocContent = "heredoc_content"
  case heredocEnd = "heredoc_end"
  case identifier
  case ifGuard = "if_guard"
  case ifModifier = "if_modifier"
  case ifStatement = "if"
  case inClause = "in_clause"
  case inKeyword = "in"
  case instanceVariable = "instance_variable"
  case integer, interpolation, lambda
  case keywordParameter = "keyword_parameter"
  case keywordPattern = "keyword_pattern"
  case leftAssignmentList = "left_assignment_list"
  case matchPattern = "match_pattern"
  case method, module
  case next, nilLiteral = "nil"
  case operatorAssignment = "operator_assignment"
  case optionalParameter = "optional_parameter"
  case pair
  case parenthesizedPattern = "parenthesized_pattern"
  case parenthesizedStatements = "parenthesized_statements"
  case pattern, program, range, rational, regex, rescue
  case rescueModifier = "rescue_modifier"
  case restAssignment = "rest_assignment"
  case returnStatement = "return"
  case rightAssignmentList = "right_assignment_list"
  case scopeResolution = "scope_resolution"
  case selfKeyword = "self"
  case setter
  case simpleSymbol = "simple_symbol"
  case singletonClass = "singleton_class"
  case singletonMethod = "singleton_method"
  case splatArgument = "splat_argument"
  case splatParameter = "splat_parameter"
  case string
  case stringArray = "string_array"
  case stringContent = "string_content"
  case subshell
  case superKeyword = "super"
  case superclass
  case symbolArray = "symbol_array"
  case testPattern = "test_pattern"
  case then
  case trueLiteral = "true"
  case unary, unless
  case unlessGuard = "unless_guard"
  case unlessModifier = "unless_modifier"
  case until
  case untilModifier = "until_modifier"
  case when
  case whileLoop = "while"
  case whileModifier = "while_modifier"
  case yield
}

/// Fields of tree-sitter-ruby that are read.
enum RubyField: String, GrammarName {
  case alternative, arguments, body, block, clauses, condition, consequence, exceptions, guardClause = "guard", handler
  case key, left, method, name, object, operand, `operator`, parameters, pattern, receiver, right, scope, superclass
  case value, variable, elseClause = "else", begin, end, alternatives, classField = "class"
}

/// The grammar of Ruby.
let rubyGrammar = Grammar<RubyKind, RubyField>(tree_sitter_ruby())
