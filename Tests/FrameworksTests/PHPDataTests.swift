import Basics
import Facts
import Testing

/// Tables that PHP code keeps in variables and fields, and closures that build parts of queries.
@Suite("PHP: names of tables, parts of queries")
struct PHPDataTests {
  @Test func tablesInVariablesAndFields() throws {
    try check(
      #"""
      //- /plugin.php
      <?php
      class Coupons {
        private $table;
        private $cache;
        function __construct($name) {
          global $wpdb;
          $this->table = $wpdb->prefix . 'coupons';
          $this->cache = $name . '_cache';
        }
        function all() {
          global $wpdb;
          return $wpdb->get_var("SELECT COUNT(*) FROM {$this->table}");
          // ^ reads wp_coupons
        }
        function change() {
          global $wpdb;
          $wpdb->update($this->table, ['a' => 1], ['id' => 2]);
          // ^ writes wp_coupons
          $wpdb->delete($this->cache, ['id' => 2]);
        }
      }
      function stock($given) {
        global $wpdb;
        $table_name = $wpdb->prefix . 'stock';
        $wpdb->insert($table_name, ['a' => 1]);
        // ^ writes wp_stock
        $base = 'wp_log';
        $base .= '_lines';
        $wpdb->insert($base, ['a' => 1]);
        // ^ writes wp_log_lines
        $wpdb->delete($given, []);
        foreach (['a', 'b'] as $each) { $wpdb->delete($each, []); }
      }
      """#)
  }

  @Test func closuresOfQueries() throws {
    try check(
      #"""
      //- /app/Models.php
      <?php
      namespace App;
      use Illuminate\Database\Eloquent\Model;
      class User extends Model { public function posts() { return $this->hasMany(Post::class); } }
      class Post extends Model { public function tags() { return $this->hasMany(Tag::class); } }
      class Tag extends Model {}
      class UseIt {
        function change() {
          User::whereHas('posts', function ($q) { $q->where('open', 1)->whereHas('tags'); })->update(['x' => 1]);
          // ^ reads posts, reads tags, writes users
        }
        function parts() {
          return User::where(function ($q) { $q->where('a', 1)->orWhere('b', 2); })->get();
          // ^ reads users
        }
        function exists() {
          return DB::table('logs')->whereExists(function ($q) { $q->select('id')->from('audits'); })->get();
          // ^ reads logs, reads audits
        }
      }
      """#)
  }
}
