internal import CTreeSitter

/// Nodes of the Python grammar that are looked at.
enum PythonKind: String, GrammarName {
  case aliasedImport = "aliased_import"
  case argumentList = "argument_list"
  case asPattern = "as_pattern"
  case asPatternTarget = "as_pattern_target"
  case assertStatement = "assert_statement"
  case assignment
  case attribute
  case augmentedAssignment = "augmented_assignment"
  case await
  case binaryOperator = "binary_operator"
  case block
  case booleanOperator = "boolean_operator"
  case call
  case caseClause = "case_clause"
  case casePattern = "case_pattern"
  case classDefinition = "class_definition"
  case comparisonOperator = "comparison_operator"
  case concatenatedString = "concatenated_string"
  case conditionalExpression = "conditional_expression"
  case decoratedDefinition = "decorated_definition"
  case decorator
  case defaultParameter = "default_parameter"
  case deleteStatement = "delete_statement"
  case dictionary
  case dictionaryComprehension = "dictionary_comprehension"
  case dictionarySplat = "dictionary_splat"
  case dictionarySplatPattern = "dictionary_splat_pattern"
  case dottedName = "dotted_name"
  case elifClause = "elif_clause"
  case elseClause = "else_clause"
  case exceptClause = "except_clause"
  case exceptGroupClause = "except_group_clause"
  case execStatement = "exec_statement"
  case expressionList = "expression_list"
  case expressionStatement = "expression_statement"
  case `false`
  case finallyClause = "finally_clause"
  case float
  case forInClause = "for_in_clause"
  case forStatement = "for_statement"
  case functionDefinition = "function_definition"
  case futureImportStatement = "future_import_statement"
  case generatorExpression = "generator_expression"
  case globalStatement = "global_statement"
  case identifier
  case ifClause = "if_clause"
  case ifStatement = "if_statement"
  case importFromStatement = "import_from_statement"
  case importStatement = "import_statement"
  case integer
  case interpolation
  case keywordArgument = "keyword_argument"
  case lambda
  case lambdaParameters = "lambda_parameters"
  case list
  case listComprehension = "list_comprehension"
  case listPattern = "list_pattern"
  case listSplat = "list_splat"
  case listSplatPattern = "list_splat_pattern"
  case matchStatement = "match_statement"
  case namedExpression = "named_expression"
  case none
  case nonlocalStatement = "nonlocal_statement"
  case notOperator = "not_operator"
  case pair
  case parameters
  case parenthesizedExpression = "parenthesized_expression"
  case parenthesizedListSplat = "parenthesized_list_splat"
  case patternList = "pattern_list"
  case printStatement = "print_statement"
  case raiseStatement = "raise_statement"
  case relativeImport = "relative_import"
  case returnStatement = "return_statement"
  case set
  case setComprehension = "set_comprehension"
  case slice
  case string
  case stringContent = "string_content"
  case stringStart = "string_start"
  case subscription = "subscript"
  case `true`
  case tryStatement = "try_statement"
  case tuple
  case tuplePattern = "tuple_pattern"
  case typedDefaultParameter = "typed_default_parameter"
  case typedParameter = "typed_parameter"
  case unaryOperator = "unary_operator"
  case whileStatement = "while_statement"
  case wildcardImport = "wildcard_import"
  case withClause = "with_clause"
  case withItem = "with_item"
  case withStatement = "with_statement"
  case yield
}

/// Fields of the Python grammar that are looked at.
enum PythonField: String, GrammarName {
  case alias, alternative, arguments, attribute, body, condition, consequence, definition, expression, function
  case key, left, name, object, parameters, right, subject, superclasses, type, value
  case moduleName = "module_name"
  case operators
  case `operator`
  case returnType = "return_type"
  case typeParameters = "type_parameters"
  case argument
  case index = "subscript"
}

/// The grammar with its numbers.
enum PythonGrammar {
  static let grammar = Grammar<PythonKind, PythonField>(tree_sitter_python())
}

/// A parsed file of Python.
typealias PythonSyntax = Syntax<PythonKind, PythonField>
/// A child of a node of Python.
typealias PythonChild = Child<PythonKind, PythonField>
