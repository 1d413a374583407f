import SQL
import Testing

/// English that begins like a statement.
@Suite struct ProseTests {
  @Test(arguments: [
    "update failed for %s", "Delete this item from list?", "Select a player from the menu", "insert coin",
    "Select an option", "select one of the following", "Select items from cart", "select the item from the list",
    "Delete from cart", "delete item from inventory", "delete %s from %s", "Delete user %s from group %s",
    "Update the set of rules", "update %s", "update player set to offline", "Update available", "updated 5 rows",
    "insert into the box", "insert into %s failed", "insert failed", "Insert disk (2) into drive", "insert %s into %s",
    "replace %s with %s", "Replace the battery", "create table %s failed", "Create table for two",
    "create a new account",
    "create view", "drop the item", "Drop table", "drop", "alter table failed", "alter ego", "truncate failed",
    "Truncate log", "call failed: %s", "Call me", "copy x to y", "copy file from %s", "copy to clipboard",
    "lock failed",
    "commit failed", "rollback: %s", "begin transaction failed", "Begin now", "set x to y", "Set the value", "show me",
    "Show details", "with great power", "With this", "explain why", "use the force", "use default", "grant access",
    "merge failed", "merge into the lane", "table is full", "Table 5", "values differ", "load data from %s", "select",
    "select failed: %s", "select() failed", "select error %d", "select %s", "SELECT", "select from %s where %s",
    "execute order 66", "end of file", "check the log", "start game", "release the hounds", "optimize images",
    "analyze this", "describe yourself", "desc", "reset password", "kill process", "flush failed", "open the door",
    "do not panic", "declare war", "prepare to die", "comment on this", "revoke key", "rename file", "Delete all?",
    "SELECT failed", "UPDATE: no such row", "DELETE", "Select your character.", "Select file to open...", "",
    "just text", "values", "abort", "ABORT", "check", "end", "cluster", "CLUSTER", "set multi_restore=true\n",
    "Call WriteBlock()\n", "call NextToken() to eat comma\n", "do $sdp(sess_version) = %ld\n", "CHECK IDX %d - %s",
    "Set pem_callback to address: <%p>\n", "NOTIFY %.*s returned %d\n", "Show count of subscriptions", "INSERT type\n",
    "TRUNCATE",
    "Select structure is NULL\n", "select(",
    "«0»", "«0» WHERE id = 3", "WHERE a = 1", " AND b = 2", "FROM t",
  ])
  func prose(_ text: String) { #expect(read(text) == "-") }

  @Test(arguments: [
    ("  SELECT 1", true), ("(select 1)", true), ("/* x */ -- y\n update t", true), ("selection", false),
    ("x SELECT", false),
    ("\u{1}4\u{2} SELECT 1", true), ("", false), ("/*!40101 SET x */", true), ("selects", false), ("-- only", false),
    ("'SELECT'", false),
  ])
  func prefilter(_ text: String, _ may: Bool) { #expect(SQLReader.mayBeStatement(text) == may) }

  /// Lower-case words alone are a statement when the grammar fits: nothing tells them from one.
  @Test func FP_lowerCaseSentenceThatIsGrammatical() { #expect(read("select items from cart") == "r cart(items)") }

  /// A statement in sentence case without any punctuation is taken for prose.
  @Test func FN_sentenceCaseStatement() { #expect(read("Select name from users") == "-") }
}
