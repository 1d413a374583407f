internal import CTreeSitter

/// The nodes of the Go grammar that the frontend asks for.
enum GoKind: String, GrammarName {
  case argumentList = "argument_list", arrayType = "array_type", assignmentStatement = "assignment_statement"
  case binaryExpression = "binary_expression", block, callExpression = "call_expression"
  case channelType = "channel_type", communicationCase = "communication_case"
  case compositeLiteral = "composite_literal", constDeclaration = "const_declaration", constSpec = "const_spec"
  case decStatement = "dec_statement", defaultCase = "default_case", deferStatement = "defer_statement"
  case expressionCase = "expression_case", expressionList = "expression_list"
  case expressionStatement = "expression_statement", expressionSwitchStatement = "expression_switch_statement"
  case `false`, fieldDeclaration = "field_declaration", fieldDeclarationList = "field_declaration_list"
  case floatLiteral = "float_literal", forClause = "for_clause", forStatement = "for_statement"
  case funcLiteral = "func_literal", functionDeclaration = "function_declaration"
  case functionType = "function_type", genericType = "generic_type", goStatement = "go_statement", identifier
  case ifStatement = "if_statement", imaginaryLiteral = "imaginary_literal"
  case implicitLengthArrayType = "implicit_length_array_type", importDeclaration = "import_declaration"
  case importSpec = "import_spec", importSpecList = "import_spec_list", incStatement = "inc_statement"
  case indexExpression = "index_expression", intLiteral = "int_literal", interfaceType = "interface_type"
  case interpretedStringLiteral = "interpreted_string_literal", iota, keyedElement = "keyed_element"
  case labeledStatement = "labeled_statement", literalElement = "literal_element"
  case literalValue = "literal_value", mapType = "map_type", methodDeclaration = "method_declaration"
  case methodElem = "method_elem", negatedType = "negated_type", `nil`, packageClause = "package_clause"
  case parameterDeclaration = "parameter_declaration", parameterList = "parameter_list"
  case parenthesizedExpression = "parenthesized_expression", parenthesizedType = "parenthesized_type"
  case pointerType = "pointer_type", qualifiedType = "qualified_type", rangeClause = "range_clause"
  case rawStringLiteral = "raw_string_literal", receiveStatement = "receive_statement"
  case returnStatement = "return_statement", runeLiteral = "rune_literal", selectStatement = "select_statement"
  case selectorExpression = "selector_expression", sendStatement = "send_statement"
  case shortVarDeclaration = "short_var_declaration", sliceExpression = "slice_expression"
  case sliceType = "slice_type", structType = "struct_type", `true`, typeAlias = "type_alias"
  case typeArguments = "type_arguments", typeAssertionExpression = "type_assertion_expression"
  case typeCase = "type_case", typeConversionExpression = "type_conversion_expression"
  case typeDeclaration = "type_declaration", typeElem = "type_elem", typeIdentifier = "type_identifier"
  case typeInstantiationExpression = "type_instantiation_expression"
  case typeParameterDeclaration = "type_parameter_declaration", typeParameterList = "type_parameter_list"
  case typeSpec = "type_spec", typeSwitchStatement = "type_switch_statement"
  case unaryExpression = "unary_expression", varDeclaration = "var_declaration", varSpec = "var_spec"
  case varSpecList = "var_spec_list", variadicArgument = "variadic_argument"
  case variadicParameterDeclaration = "variadic_parameter_declaration"
}

/// The fields of the Go grammar that the frontend asks for.
enum GoField: String, GrammarName {
  case alias, alternative, arguments, body, communication, condition, consequence, element, field, function
  case index, initializer, key, left, name, operand, `operator`, parameters, path, receiver, result, right, tag
  case type, typeArguments = "type_arguments", typeParameters = "type_parameters", update, value
}

/// The grammar of Go.
enum GoGrammar {
  static let grammar = Grammar<GoKind, GoField>(tree_sitter_go())
}
