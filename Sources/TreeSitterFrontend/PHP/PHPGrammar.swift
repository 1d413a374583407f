internal import CTreeSitter

/// The nodes of the PHP grammar that the frontend asks for.
enum PHPKind: String, GrammarName {
  case abstractModifier = "abstract_modifier", anonymousClass = "anonymous_class"
  case anonymousFunction = "anonymous_function", anonymousFunctionUseClause = "anonymous_function_use_clause"
  case argument, arguments, arrayCreationExpression = "array_creation_expression"
  case arrayElementInitializer = "array_element_initializer", arrowFunction = "arrow_function"
  case assignmentExpression = "assignment_expression", attribute, attributeGroup = "attribute_group"
  case attributeList = "attribute_list", augmentedAssignmentExpression = "augmented_assignment_expression"
  case baseClause = "base_clause", binaryExpression = "binary_expression", boolean, byRef = "by_ref"
  case caseStatement = "case_statement", castExpression = "cast_expression", catchClause = "catch_clause"
  case classConstantAccessExpression = "class_constant_access_expression"
  case classDeclaration = "class_declaration", classInterfaceClause = "class_interface_clause"
  case cloneExpression = "clone_expression", colonBlock = "colon_block"
  case compoundStatement = "compound_statement", conditionalExpression = "conditional_expression"
  case constDeclaration = "const_declaration", constElement = "const_element"
  case declarationList = "declaration_list", declareStatement = "declare_statement"
  case defaultStatement = "default_statement", doStatement = "do_statement"
  case dynamicVariableName = "dynamic_variable_name", echoStatement = "echo_statement"
  case elseClause = "else_clause", elseIfClause = "else_if_clause", encapsedString = "encapsed_string"
  case enumCase = "enum_case", enumDeclaration = "enum_declaration"
  case enumDeclarationList = "enum_declaration_list"
  case errorSuppressionExpression = "error_suppression_expression", escapeSequence = "escape_sequence"
  case exitStatement = "exit_statement", expressionStatement = "expression_statement"
  case finallyClause = "finally_clause", float, forStatement = "for_statement"
  case foreachStatement = "foreach_statement", formalParameters = "formal_parameters"
  case functionCallExpression = "function_call_expression", functionDefinition = "function_definition"
  case functionStaticDeclaration = "function_static_declaration", globalDeclaration = "global_declaration"
  case heredoc, heredocBody = "heredoc_body", ifStatement = "if_statement"
  case includeExpression = "include_expression", includeOnceExpression = "include_once_expression", integer
  case interfaceDeclaration = "interface_declaration", listLiteral = "list_literal", matchBlock = "match_block"
  case matchConditionList = "match_condition_list", matchConditionalExpression = "match_conditional_expression"
  case matchDefaultExpression = "match_default_expression", matchExpression = "match_expression"
  case memberAccessExpression = "member_access_expression", memberCallExpression = "member_call_expression"
  case methodDeclaration = "method_declaration", name, namespaceDefinition = "namespace_definition"
  case namespaceName = "namespace_name", namespaceUseClause = "namespace_use_clause"
  case namespaceUseDeclaration = "namespace_use_declaration", namespaceUseGroup = "namespace_use_group", nowdoc
  case nowdocBody = "nowdoc_body", `null`, nullsafeMemberAccessExpression = "nullsafe_member_access_expression"
  case nullsafeMemberCallExpression = "nullsafe_member_call_expression"
  case objectCreationExpression = "object_creation_expression", pair
  case parenthesizedExpression = "parenthesized_expression", printIntrinsic = "print_intrinsic"
  case propertyDeclaration = "property_declaration", propertyElement = "property_element"
  case propertyHook = "property_hook", propertyHookList = "property_hook_list"
  case propertyPromotionParameter = "property_promotion_parameter", qualifiedName = "qualified_name"
  case referenceAssignmentExpression = "reference_assignment_expression", relativeName = "relative_name"
  case relativeScope = "relative_scope", requireExpression = "require_expression"
  case requireOnceExpression = "require_once_expression", returnStatement = "return_statement"
  case scopedCallExpression = "scoped_call_expression"
  case scopedPropertyAccessExpression = "scoped_property_access_expression"
  case sequenceExpression = "sequence_expression", simpleParameter = "simple_parameter"
  case staticModifier = "static_modifier", staticVariableDeclaration = "static_variable_declaration", string
  case stringContent = "string_content", subscriptExpression = "subscript_expression"
  case switchBlock = "switch_block", switchStatement = "switch_statement", throwExpression = "throw_expression"
  case traitDeclaration = "trait_declaration", tryStatement = "try_statement"
  case unaryOpExpression = "unary_op_expression", unsetStatement = "unset_statement"
  case updateExpression = "update_expression", useDeclaration = "use_declaration"
  case variableName = "variable_name", variadicParameter = "variadic_parameter"
  case variadicPlaceholder = "variadic_placeholder", variadicUnpacking = "variadic_unpacking"
  case whileStatement = "while_statement", yieldExpression = "yield_expression"
}

/// The fields of the PHP grammar that the frontend asks for.
enum PHPField: String, GrammarName {
  case alias, alternative, arguments, attributes, body, condition
  case conditionalExpressions = "conditional_expressions", defaultValue = "default_value", endTag = "end_tag"
  case function, initialize, left, name, object, `operator`, parameters, returnExpression = "return_expression"
  case returnType = "return_type", right, scope, type, update, value
}

/// The grammar of PHP with HTML around it.
enum PHPGrammar {
  static let grammar = Grammar<PHPKind, PHPField>(tree_sitter_php())
}
