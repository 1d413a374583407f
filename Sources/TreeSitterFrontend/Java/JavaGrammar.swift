internal import CTreeSitter

/// Nodes of the Java grammar the frontend asks for.
enum JavaKind: String, GrammarName {
  case annotatedType = "annotated_type"
  case annotation
  case annotationArgumentList = "annotation_argument_list"
  case annotationTypeBody = "annotation_type_body"
  case annotationTypeDeclaration = "annotation_type_declaration"
  case argumentList = "argument_list"
  case arrayAccess = "array_access"
  case arrayCreation = "array_creation_expression"
  case arrayInitializer = "array_initializer"
  case arrayType = "array_type"
  case assert = "assert_statement"
  case assignment = "assignment_expression"
  case asterisk
  case binary = "binary_expression"
  case binaryInteger = "binary_integer_literal"
  case block
  case booleanType = "boolean_type"
  case cast = "cast_expression"
  case catchClause = "catch_clause"
  case catchParameter = "catch_formal_parameter"
  case catchType = "catch_type"
  case character = "character_literal"
  case classBody = "class_body"
  case classDeclaration = "class_declaration"
  case classLiteral = "class_literal"
  case compactConstructor = "compact_constructor_declaration"
  case constantDeclaration = "constant_declaration"
  case constructorBody = "constructor_body"
  case constructorDeclaration = "constructor_declaration"
  case decimalFloat = "decimal_floating_point_literal"
  case decimalInteger = "decimal_integer_literal"
  case dimensions
  case dimensionsExpression = "dimensions_expr"
  case doStatement = "do_statement"
  case elementArray = "element_value_array_initializer"
  case elementPair = "element_value_pair"
  case enhancedFor = "enhanced_for_statement"
  case enumBody = "enum_body"
  case enumBodyDeclarations = "enum_body_declarations"
  case enumConstant = "enum_constant"
  case enumDeclaration = "enum_declaration"
  case explicitConstructorCall = "explicit_constructor_invocation"
  case expressionStatement = "expression_statement"
  case extendsInterfaces = "extends_interfaces"
  case falseLiteral = "false"
  case fieldAccess = "field_access"
  case fieldDeclaration = "field_declaration"
  case finallyClause = "finally_clause"
  case floatingType = "floating_point_type"
  case forStatement = "for_statement"
  case formalParameter = "formal_parameter"
  case formalParameters = "formal_parameters"
  case genericType = "generic_type"
  case guardClause = "guard"
  case hexFloat = "hex_floating_point_literal"
  case hexInteger = "hex_integer_literal"
  case identifier
  case ifStatement = "if_statement"
  case importDeclaration = "import_declaration"
  case inferredParameters = "inferred_parameters"
  case instanceof = "instanceof_expression"
  case integralType = "integral_type"
  case interfaceBody = "interface_body"
  case interfaceDeclaration = "interface_declaration"
  case labeled = "labeled_statement"
  case lambda = "lambda_expression"
  case localVariable = "local_variable_declaration"
  case markerAnnotation = "marker_annotation"
  case methodDeclaration = "method_declaration"
  case methodInvocation = "method_invocation"
  case methodReference = "method_reference"
  case modifiers
  case nullLiteral = "null_literal"
  case objectCreation = "object_creation_expression"
  case octalInteger = "octal_integer_literal"
  case packageDeclaration = "package_declaration"
  case parenthesized = "parenthesized_expression"
  case pattern
  case permits
  case program
  case receiverParameter = "receiver_parameter"
  case recordDeclaration = "record_declaration"
  case recordPattern = "record_pattern"
  case recordPatternBody = "record_pattern_body"
  case recordPatternComponent = "record_pattern_component"
  case resource
  case resourceSpecification = "resource_specification"
  case returnStatement = "return_statement"
  case scopedIdentifier = "scoped_identifier"
  case scopedType = "scoped_type_identifier"
  case spreadParameter = "spread_parameter"
  case staticInitializer = "static_initializer"
  case stringInterpolation = "string_interpolation"
  case stringLiteral = "string_literal"
  case superclass
  case superInterfaces = "super_interfaces"
  case superValue = "super"
  case switchBlock = "switch_block"
  case switchExpression = "switch_expression"
  case switchGroup = "switch_block_statement_group"
  case switchLabel = "switch_label"
  case switchRule = "switch_rule"
  case synchronized = "synchronized_statement"
  case templateExpression = "template_expression"
  case ternary = "ternary_expression"
  case thisValue = "this"
  case throwStatement = "throw_statement"
  case trueLiteral = "true"
  case tryStatement = "try_statement"
  case tryWithResources = "try_with_resources_statement"
  case typeArguments = "type_arguments"
  case typeIdentifier = "type_identifier"
  case typeList = "type_list"
  case typeParameter = "type_parameter"
  case typeParameters = "type_parameters"
  case typePattern = "type_pattern"
  case unary = "unary_expression"
  case update = "update_expression"
  case variableDeclarator = "variable_declarator"
  case voidType = "void_type"
  case whileStatement = "while_statement"
  case wildcard
  case yield = "yield_statement"
}

/// Fields of the Java grammar the frontend asks for.
enum JavaField: String, GrammarName {
  case alternative, arguments, array, body, condition, consequence, constructor, declarator, dimensions, element, field
  case index, interfaces, key, left, name, object, operand, parameters, pattern, resources, right, scope
  case superclass, type, update, value
  case initial = "init"
  case operation = "operator"
  case templateArgument = "template_argument"
  case typeArguments = "type_arguments"
  case typeParameters = "type_parameters"
}

typealias JavaSyntax = Syntax<JavaKind, JavaField>
typealias JavaChild = Child<JavaKind, JavaField>

/// The grammar, numbered once.
enum JavaGrammar {
  static let shared = Grammar<JavaKind, JavaField>(tree_sitter_java())
}
