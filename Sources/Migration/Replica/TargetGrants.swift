/// Roles in the service's own database: the service writes its tables and only reads its copies.
struct TargetGrants {
  let context: GroupContext

  private var text: SQLText { context.targetText }
  private var names: ObjectNames { context.names }

  /// Creates missing roles and grants; the inverse takes the grants back and leaves roles, which may be shared.
  func script() -> Script {
    var grants: [(rights: String, object: String, role: String)] = []
    let everyone = [names.readWriteRole, names.readOnlyRole, names.applyRole]
    if !text.isMySQL {
      for role in everyone { grants.append(("USAGE", "SCHEMA \(text.name(names.target))", role)) }
    }
    for table in context.own {
      grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(table.target), names.readWriteRole))
      grants.append(("SELECT", text.table(table.target), names.readOnlyRole))
      grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(table.target), names.applyRole))
    }
    for table in context.copies {
      grants.append(("SELECT", text.table(table.target), names.readWriteRole))
      grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(table.target), names.applyRole))
    }
    let outbox = OutboxLayout(context: context)
    if !text.isMySQL {
      for schema in outbox.schemas(on: .target) {
        grants.append(("USAGE", "SCHEMA \(text.name(schema))", names.readWriteRole))
      }
    }
    for table in outbox.tables(on: .target) {
      grants.append(("SELECT, INSERT, UPDATE, DELETE", text.table(table), names.readWriteRole))
    }
    let apply = ApplyGrants(text: text, role: names.applyRole)
    let channels =
      context.own.map { ApplyChannel.forward($0, isCopy: false, context: context) }
      + context.copies.map { ApplyChannel.forward($0, isCopy: true, context: context) }
    grants += apply.grants(channels)
    return Script(
      up: (ensureRoles() + grants.map { "GRANT \($0.rights) ON \($0.object) TO \(role($0.role));" })
        .joined(separator: "\n"),
      down: grants.reversed().map { "REVOKE \($0.rights) ON \($0.object) FROM \(role($0.role));" }.joined(
        separator: "\n"))
  }

  private func role(_ name: String) -> String {
    if !text.isMySQL { return text.name(name) }
    return name == names.applyRole || name == names.captureRole ? text.literal(name) + "@'%'" : text.literal(name)
  }

  private func ensureRoles() -> [String] {
    if text.isMySQL {
      return [names.readWriteRole, names.readOnlyRole].map { "CREATE ROLE IF NOT EXISTS \(text.literal($0));" }
        + [names.captureRole, names.applyRole].map { "CREATE USER IF NOT EXISTS \(text.literal($0))@'%' ACCOUNT LOCK;" }
    }
    let roles = [
      (names.readWriteRole, "NOLOGIN"), (names.readOnlyRole, "NOLOGIN"), (names.captureRole, "LOGIN REPLICATION"),
      (names.applyRole, "LOGIN"),
    ]
    return roles.map { name, attributes in
      let body = """
        BEGIN
          IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = \(text.literal(name))) THEN
            CREATE ROLE \(text.name(name)) \(attributes);
          END IF;
        END
        """
      return "DO \(text.dollarQuoted(body));"
    }
  }
}

/// Rights of the applier on its own tables.
struct ApplyGrants {
  let text: SQLText
  let role: String

  /// Stage, memory and positions of the channels.
  func grants(_ channels: [ApplyChannel]) -> [(rights: String, object: String, role: String)] {
    var tables: [PlacedName] = []
    for channel in channels { tables += [channel.stage] + (channel.memory.map { [$0] } ?? []) }
    if let applied = channels.first?.applied { tables.append(applied) }
    return tables.map { ("SELECT, INSERT, UPDATE, DELETE", text.table($0), role) }
  }
}
