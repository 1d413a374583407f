import Basics

/// The Java skeleton of one participant of a TCC transaction, for Seata 2.x.
struct TCCSource {
  let saga: SagaPlan
  let step: SagaStep
  let context: GroupContext

  private var service: String { step.services.map(context.slug).joined(separator: "_") }

  /// Name of the class, unique within the saga.
  var className: String { "\(JavaText.typeName("\(saga.name)_\(service)"))\(step.number)Tcc" }

  /// Name of the action; the fence table holds 64 characters.
  private var action: String { Naming.shortened("\(saga.name)_\(service)_\(step.number)", limit: 64) }

  /// The file.
  var text: String {
    let tables = SagaTables(
      text: context.targetText, log: SagaPlaces(context: context).log(of: step.services.first ?? "", on: .target))
    let sql = SagaStatements(tables: tables, step: step.number)
    let places = step.changes.flatMap(\.touches).map { touch in
      "   *   \(JavaText.comment("\(touch.table.text): \(touch.reading.verb.rawValue) at \(touch.span)"))"
    }
    return """
      import java.sql.Connection;
      import java.sql.PreparedStatement;
      import java.sql.SQLException;
      import java.util.Map;
      import java.util.regex.Matcher;
      import java.util.regex.Pattern;
      import javax.sql.DataSource;
      import org.apache.seata.rm.tcc.api.BusinessActionContext;
      import org.apache.seata.rm.tcc.api.BusinessActionContextParameter;
      import org.apache.seata.rm.tcc.api.LocalTCC;
      import org.apache.seata.rm.tcc.api.TwoPhaseBusinessAction;

      /**
       * \(JavaText.comment("\(step.label) in \(saga.name)")): reserves in the first phase, then confirms or cancels.
       *
       * <p>Seata's fence table makes confirm and cancel happen once, lets a cancel without a try pass, and refuses a try
       * that arrives after its cancel.
       */
      @LocalTCC
      public interface \(className) {

        /** Takes what is asked for; false when there is not enough, with nothing changed. */
        @TwoPhaseBusinessAction(
            name = \(JavaText.string(action)),
            commitMethod = "confirm",
            rollbackMethod = "cancel",
            useTCCFence = true)
        boolean reserve(
            BusinessActionContext context,
            @BusinessActionContextParameter(paramName = "input") Map<String, String> input);

        /** What was taken is taken for good. */
        boolean confirm(BusinessActionContext context);

        /** What was taken is given back. */
        boolean cancel(BusinessActionContext context);
      }

      /** Runs the statements of the plan; the statements of the business are left to be filled in. */
      abstract class \(className)Base implements \(className) {

        private static final Pattern PARAMETER = Pattern.compile(":(saga_id|key_[0-9]+)\\\\b");
        static final String CLAIM = \(JavaText.string(sql.claim));
        static final String[] CONFIRM = {\(array(confirm(sql)))};
        static final String[] MUST_COUNT_ZERO = {\(array(checks(tables)))};
        static final String[] CANCEL = {\(array(cancel(tables) + [sql.finish]))};

        private final DataSource dataSource;

        \(className)Base(DataSource dataSource) {
          this.dataSource = dataSource;
        }

        /**
         * The statements of today, with the ones around each row of the plan's document. False refuses.
         *
      \(places.joined(separator: "\n"))
         */
        protected abstract boolean change(Connection connection, String xid, Map<String, String> input)
            throws SQLException;

        @Override
        public boolean reserve(BusinessActionContext context, Map<String, String> input) {
          try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean isNew = run(connection, CLAIM, context.getXid()) == 1;
            boolean done = !isNew || change(connection, context.getXid(), input);
            if (done) {
              connection.commit();
            } else {
              connection.rollback();
            }
            return done;
          } catch (SQLException error) {
            throw new IllegalStateException(error);
          }
        }

        @Override
        public boolean confirm(BusinessActionContext context) {
          return runAll(CONFIRM, context.getXid());
        }

        @Override
        public boolean cancel(BusinessActionContext context) {
          try (Connection connection = dataSource.getConnection()) {
            for (String check : MUST_COUNT_ZERO) {
              if (count(connection, check, context.getXid()) != 0) {
                throw new IllegalStateException("rows were changed by others since: cancel by hand");
              }
            }
          } catch (SQLException error) {
            throw new IllegalStateException(error);
          }
          return runAll(CANCEL, context.getXid());
        }

        private boolean runAll(String[] statements, String xid) {
          try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            for (String statement : statements) {
              run(connection, statement, xid);
            }
            connection.commit();
            return true;
          } catch (SQLException error) {
            throw new IllegalStateException(error);
          }
        }

        private static int run(Connection connection, String sql, String xid) throws SQLException {
          try (PreparedStatement statement = prepared(connection, sql, xid)) {
            return statement.executeUpdate();
          }
        }

        private static long count(Connection connection, String sql, String xid) throws SQLException {
          try (PreparedStatement statement = prepared(connection, sql, xid); var rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
          }
        }

        /** Statements that run without a row have the transaction as their only parameter. */
        private static PreparedStatement prepared(Connection connection, String sql, String xid) throws SQLException {
          Matcher parameters = PARAMETER.matcher(sql);
          int number = 0;
          while (parameters.find()) {
            number++;
          }
          PreparedStatement statement = connection.prepareStatement(parameters.replaceAll("?"));
          for (int place = 1; place <= number; place++) {
            statement.setString(place, xid);
          }
          return statement;
        }
      }
      """
  }

  private var changes: [ImagedChange] {
    let places = SagaPlaces(context: context)
    return step.changes.compactMap { change in
      guard change.compensation == .images, let table = change.planned else { return nil }
      return places.imaged(change, table, on: .target)
    }
  }

  private func confirm(_ sql: SagaStatements) -> [String] { changes.map(sql.forget) }

  private func makers(_ tables: SagaTables) -> [CompensationSQL] {
    changes.reversed().map { CompensationSQL(text: tables.text, log: tables.log, step: step.number, change: $0) }
  }

  private func checks(_ tables: SagaTables) -> [String] { makers(tables).flatMap { $0.checks() } }

  private func cancel(_ tables: SagaTables) -> [String] { makers(tables).flatMap { $0.statements() } }

  private func array(_ statements: [String]) -> String {
    statements.isEmpty ? "" : "\n" + statements.map { "    \(JavaText.string($0))" }.joined(separator: ",\n") + "\n  "
  }
}
