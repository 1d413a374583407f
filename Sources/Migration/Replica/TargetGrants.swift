/// Roles in the service's own database: the service writes its tables and only reads its copies.
struct TargetGrants {
  let context: GroupContext

  private var text: SQLText { context.targetText }
  private var names: ObjectNames { context.names }

  /// Creates missing roles and grants; the inverse takes the grants back and leaves roles, which may be shared.
  func script() -> Script {
    var grants: [SQLGrant] = []
    let everyone = [names.readWriteRole, names.readOnlyRole, names.applyRole]
    if text.needsSchemaRights {
      for role in everyone { grants.append(SQLGrant("USAGE", "SCHEMA \(text.name(names.target))", role)) }
    }
    for table in context.own {
      let name = text.table(table.target)
      grants.append(SQLGrant(SQLGrant.all, name, names.readWriteRole))
      grants.append(SQLGrant("SELECT", name, names.readOnlyRole))
      grants.append(SQLGrant(SQLGrant.all, name, names.applyRole))
      // Rows keep their numbers: SQL Server lets those insert them who may alter the table.
      if text.engine == .sqlserver, table.isNumbered {
        grants.append(SQLGrant("ALTER", name, names.applyRole))
      }
    }
    for table in context.copies {
      grants.append(SQLGrant("SELECT", text.table(table.target), names.readWriteRole))
      grants.append(SQLGrant(SQLGrant.all, text.table(table.target), names.applyRole))
    }
    let outbox = OutboxLayout(context: context)
    if text.needsSchemaRights {
      for schema in outbox.schemas(on: .target) {
        grants.append(SQLGrant("USAGE", "SCHEMA \(text.name(schema))", names.readWriteRole))
      }
    }
    for table in outbox.tables(on: .target) {
      grants.append(SQLGrant(SQLGrant.all, text.table(table), names.readWriteRole))
    }
    let apply = ApplyGrants(text: text, role: names.applyRole)
    let channels =
      context.own.map { ApplyChannel.forward($0, isCopy: false, context: context) }
      + context.copies.map { ApplyChannel.forward($0, isCopy: true, context: context) }
    grants += apply.grants(channels)
    return Script(
      up: (ensureRoles() + grants.map { text.grant($0.rights, on: $0.object, to: $0.role, isLogin: isLogin($0.role)) })
        .joined(separator: "\n"),
      down: grants.reversed().map { text.revoke($0.rights, on: $0.object, from: $0.role, isLogin: isLogin($0.role)) }
        .joined(separator: "\n"))
  }

  private func isLogin(_ role: String) -> Bool { role == names.applyRole || role == names.captureRole }

  private func ensureRoles() -> [String] {
    let groups = [names.readWriteRole, names.readOnlyRole].map { text.ensureRole($0, isLogin: false) }
    return groups + [
      text.ensureRole(names.captureRole, isLogin: true, attributes: "REPLICATION"),
      text.ensureRole(names.applyRole, isLogin: true),
    ]
  }
}

/// Rights of the applier on its own tables.
struct ApplyGrants {
  let text: SQLText
  let role: String

  /// Stage, memory and positions of the channels.
  func grants(_ channels: [ApplyChannel]) -> [SQLGrant] {
    var tables: [PlacedName] = []
    for channel in channels { tables += [channel.stage] + (channel.memory.map { [$0] } ?? []) }
    if let applied = channels.first?.applied { tables.append(applied) }
    return tables.map { SQLGrant(SQLGrant.all, text.table($0), role) }
  }
}
