internal import CTreeSitter

/// Nodes of the grammars of JavaScript, TypeScript and TSX that the frontend asks for; each has most of them.
enum TypeScriptKind: String, GrammarName {
  case program, identifier, number, string, undefined, null, regex, `true`, `false`, this, `super`, object, array, pair
  case `class`, arguments, decorator, `import`
  case abstractClassDeclaration = "abstract_class_declaration"
  case abstractMethodSignature = "abstract_method_signature"
  case accessibilityModifier = "accessibility_modifier"
  case ambientDeclaration = "ambient_declaration"
  case arrayPattern = "array_pattern"
  case arrayType = "array_type"
  case arrowFunction = "arrow_function"
  case asExpression = "as_expression"
  case assertsAnnotation = "asserts_annotation"
  case assignmentExpression = "assignment_expression"
  case assignmentPattern = "assignment_pattern"
  case augmentedAssignment = "augmented_assignment_expression"
  case awaitExpression = "await_expression"
  case binaryExpression = "binary_expression"
  case callExpression = "call_expression"
  case catchClause = "catch_clause"
  case classBody = "class_body"
  case classDeclaration = "class_declaration"
  case classHeritage = "class_heritage"
  case classStaticBlock = "class_static_block"
  case computedPropertyName = "computed_property_name"
  case constraint
  case doStatement = "do_statement"
  case elseClause = "else_clause"
  case enumAssignment = "enum_assignment"
  case enumBody = "enum_body"
  case enumDeclaration = "enum_declaration"
  case exportClause = "export_clause"
  case exportSpecifier = "export_specifier"
  case exportStatement = "export_statement"
  case expressionStatement = "expression_statement"
  case extendsClause = "extends_clause"
  case extendsTypeClause = "extends_type_clause"
  case fieldDefinition = "field_definition"
  case finallyClause = "finally_clause"
  case forInStatement = "for_in_statement"
  case forStatement = "for_statement"
  case formalParameters = "formal_parameters"
  case functionDeclaration = "function_declaration"
  case functionExpression = "function_expression"
  case functionSignature = "function_signature"
  case functionType = "function_type"
  case generatorFunction = "generator_function"
  case generatorFunctionDeclaration = "generator_function_declaration"
  case genericType = "generic_type"
  case ifStatement = "if_statement"
  case implementsClause = "implements_clause"
  case importAlias = "import_alias"
  case importClause = "import_clause"
  case importRequireClause = "import_require_clause"
  case importSpecifier = "import_specifier"
  case importStatement = "import_statement"
  case instantiationExpression = "instantiation_expression"
  case interfaceBody = "interface_body"
  case interfaceDeclaration = "interface_declaration"
  case internalModule = "internal_module"
  case intersectionType = "intersection_type"
  case jsxAttribute = "jsx_attribute"
  case jsxElement = "jsx_element"
  case jsxExpression = "jsx_expression"
  case jsxOpeningElement = "jsx_opening_element"
  case jsxSelfClosingElement = "jsx_self_closing_element"
  case labeledStatement = "labeled_statement"
  case lexicalDeclaration = "lexical_declaration"
  case literalType = "literal_type"
  case memberExpression = "member_expression"
  case metaProperty = "meta_property"
  case methodDefinition = "method_definition"
  case methodSignature = "method_signature"
  case module
  case namedImports = "named_imports"
  case namespaceExport = "namespace_export"
  case namespaceImport = "namespace_import"
  case nestedIdentifier = "nested_identifier"
  case nestedTypeIdentifier = "nested_type_identifier"
  case newExpression = "new_expression"
  case nonNullExpression = "non_null_expression"
  case objectAssignmentPattern = "object_assignment_pattern"
  case objectPattern = "object_pattern"
  case objectType = "object_type"
  case optionalParameter = "optional_parameter"
  case pairPattern = "pair_pattern"
  case parenthesizedExpression = "parenthesized_expression"
  case parenthesizedType = "parenthesized_type"
  case predefinedType = "predefined_type"
  case privatePropertyIdentifier = "private_property_identifier"
  case propertyIdentifier = "property_identifier"
  case propertySignature = "property_signature"
  case publicFieldDefinition = "public_field_definition"
  case readonlyType = "readonly_type"
  case requiredParameter = "required_parameter"
  case restPattern = "rest_pattern"
  case returnStatement = "return_statement"
  case satisfiesExpression = "satisfies_expression"
  case sequenceExpression = "sequence_expression"
  case shorthandPropertyIdentifier = "shorthand_property_identifier"
  case shorthandPropertyIdentifierPattern = "shorthand_property_identifier_pattern"
  case spreadElement = "spread_element"
  case statementBlock = "statement_block"
  case subscriptExpression = "subscript_expression"
  case switchBody = "switch_body"
  case switchCase = "switch_case"
  case switchDefault = "switch_default"
  case switchStatement = "switch_statement"
  case templateString = "template_string"
  case templateSubstitution = "template_substitution"
  case ternaryExpression = "ternary_expression"
  case throwStatement = "throw_statement"
  case tryStatement = "try_statement"
  case typeAliasDeclaration = "type_alias_declaration"
  case typeAnnotation = "type_annotation"
  case typeArguments = "type_arguments"
  case typeAssertion = "type_assertion"
  case typeIdentifier = "type_identifier"
  case typeParameter = "type_parameter"
  case typeParameters = "type_parameters"
  case unaryExpression = "unary_expression"
  case unionType = "union_type"
  case updateExpression = "update_expression"
  case variableDeclaration = "variable_declaration"
  case variableDeclarator = "variable_declarator"
  case whileStatement = "while_statement"
  case withStatement = "with_statement"
  case yieldExpression = "yield_expression"
}

/// Fields of the grammars that the frontend asks for.
enum TypeScriptField: String, GrammarName {
  case alias, alternative, argument, arguments, body, condition, consequence, constructor, declaration, decorator
  case finalizer, function, handler, increment, index, initializer, key, kind, left, module, name, object, `operator`
  case parameter, parameters, pattern, property, right, source, type, value
  case returnType = "return_type"
  case typeArguments = "type_arguments"
  case typeParameters = "type_parameters"
}

/// One of the three grammars.
enum TypeScriptGrammar: CaseIterable {
  case javascript, typescript, tsx

  private static let javascriptNames = Grammar<TypeScriptKind, TypeScriptField>(tree_sitter_javascript())
  private static let typescriptNames = Grammar<TypeScriptKind, TypeScriptField>(tree_sitter_typescript())
  private static let tsxNames = Grammar<TypeScriptKind, TypeScriptField>(tree_sitter_tsx())

  /// The grammar with its names numbered.
  var names: Grammar<TypeScriptKind, TypeScriptField> {
    switch self {
    case .javascript: Self.javascriptNames
    case .typescript: Self.typescriptNames
    case .tsx: Self.tsxNames
    }
  }
}
