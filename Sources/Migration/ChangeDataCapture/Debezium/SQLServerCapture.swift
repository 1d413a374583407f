/// Change tables of SQL Server: switched on per table, read through one role shared by all services of a plan.
struct SQLServerCapture {
  /// The gating role; a table has at most two change tables, so services that capture the same one share it.
  static let role = "cleave_cdc_reader"
  /// Minutes the change tables are kept: ten days, longer than the longest outage of a connector.
  static let retention = 14_400

  let site: CaptureSite

  private var text: SQLText { site.text }

  /// The name of a table's change table; SQL Server takes 100 characters.
  private func instance(_ place: PlacedName) -> String {
    Naming.shortened(
      "cleave_\(Naming.stem("\(place.schema)_\(place.name)"))_\(Naming.hash("\(place.schema).\(place.name)"))")
  }

  /// Switches capture on for the database and exactly these tables; the last service to leave switches it off.
  func changeTables() -> Script {
    let user = text.role(site.names.captureRole, isLogin: true)
    let role = text.name(Self.role)
    let enable = site.included.map { place in
      """
      IF NOT EXISTS (SELECT 1 FROM cdc.change_tables WHERE source_object_id = OBJECT_ID(\(text.literal(text.table(place)))))
        EXEC sys.sp_cdc_enable_table @source_schema = \(text.literal(place.schema)), @source_name = \(text.literal(place.name)),
          @role_name = \(text.literal(Self.role)), @capture_instance = \(text.literal(instance(place))),
          @supports_net_changes = 0;
      """
    }
    return Script(
      up: """
        -- run by a member of sysadmin
        IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND is_cdc_enabled = 1)
          EXEC sys.sp_cdc_enable_db;
        GO
        ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;
        GO
        IF DATABASE_PRINCIPAL_ID(\(text.literal(Self.role))) IS NULL EXEC(\(text.literal("CREATE ROLE \(role)")));
        \(enable.joined(separator: "\n"))
        EXEC sys.sp_cdc_change_job @job_type = N'cleanup', @retention = \(Self.retention);
        ALTER ROLE \(role) ADD MEMBER \(user);
        GO
        """,
      down: """
        -- the change tables of other services' streams stay as long as one of them reads
        ALTER ROLE \(role) DROP MEMBER \(user);
        IF NOT EXISTS (SELECT 1 FROM sys.database_role_members WHERE role_principal_id = DATABASE_PRINCIPAL_ID(\(text.literal(Self.role))))
        BEGIN
          DECLARE @cleave_sql nvarchar(max) = N'';
          SELECT @cleave_sql += CONCAT(N'EXEC sys.sp_cdc_disable_table @source_schema = ',
            QUOTENAME(OBJECT_SCHEMA_NAME(source_object_id), N''''), N', @source_name = ',
            QUOTENAME(OBJECT_NAME(source_object_id), N''''), N', @capture_instance = ',
            QUOTENAME(capture_instance, N''''), N';')
          FROM cdc.change_tables WHERE capture_instance LIKE N'cleave[_]%';
          EXEC(@cleave_sql);
          IF NOT EXISTS (SELECT 1 FROM cdc.change_tables) EXEC sys.sp_cdc_disable_db;
        END;
        GO
        """)
  }

  /// Rights on the tables of the stream, for snapshots, and on the control tables.
  func grants() -> Script {
    let user = text.role(site.names.captureRole, isLogin: true)
    var grants = site.included.map { ("SELECT", text.table($0)) }
    grants += [("INSERT, DELETE", text.table(site.signal)), ("INSERT, UPDATE", text.table(site.heartbeat))]
    return Script(
      up: (grants.map { "GRANT \($0.0) ON \($0.1) TO \(user);" } + ["GRANT SELECT ON SCHEMA::[cdc] TO \(user);"])
        .joined(
          separator: "\n"),
      down: (["REVOKE SELECT ON SCHEMA::[cdc] FROM \(user);"]
        + grants.reversed().map { "REVOKE \($0.0) ON \($0.1) FROM \(user);" }).joined(separator: "\n"))
  }

  /// What to do when a captured table changes its columns: the old change table does not follow.
  func schemaChange() -> String {
    let places = site.tables.filter { $0.table != nil }.map(\.place)
    let steps = places.map { place in
      """
      EXEC sys.sp_cdc_enable_table @source_schema = \(text.literal(place.schema)), @source_name = \(text.literal(place.name)),
        @role_name = \(text.literal(Self.role)), @capture_instance = \(text.literal("\(instance(place))_2")), @supports_net_changes = 0;
      """
    }
    return
      ([
        "after ALTER TABLE on one of these run its statement, wait until the connector logs the switch to the new instance,",
        "then drop the old one with sys.sp_cdc_disable_table; until then new columns are read as missing",
      ] + steps)
      .map { text.comment($0) }.joined(separator: "\n")
  }
}
