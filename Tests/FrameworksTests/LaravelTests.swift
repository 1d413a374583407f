import Basics
import Facts
import Testing

@Suite("Laravel")
struct LaravelTests {
  private let models = #"""
    //- /app/Models/Order.php
    <?php
    namespace App\Models;
    use Illuminate\Database\Eloquent\Model;
    use Illuminate\Database\Eloquent\SoftDeletes;
    class Order extends Model {
      use SoftDeletes;
      protected $fillable = ['number'];
      public function customer() { return $this->belongsTo(Customer::class); }
      public function lines() { return $this->hasMany(OrderLine::class); }
      public function tags() { return $this->belongsToMany(Tag::class); }
      public function scopePaid($query) { return $query->where('paid', 1); }
    }
    //- /app/Models/Customer.php
    <?php
    namespace App\Models;
    use Illuminate\Foundation\Auth\User as Authenticatable;
    class Customer extends Authenticatable {
      protected $table = 'clients';
      public function orders() { return $this->hasMany(Order::class); }
    }
    //- /app/Models/OrderLine.php
    <?php
    namespace App\Models;
    use Illuminate\Database\Eloquent\Model;
    class OrderLine extends Model { public $timestamps = false; }
    //- /app/Models/Tag.php
    <?php
    namespace App\Models;
    use Illuminate\Database\Eloquent\Model;
    class Tag extends Model { }

    """#

  @Test func modelsReadAndWrite() throws {
    try check(
      models + #"""
        //- /app/Http/OrderController.php
        <?php
        namespace App\Http;
        use App\Models\Order;
        use App\Models\Customer;
        class OrderController {
          public function index($id) {
            $order = Order::where('number', 1)->whereNumber(2)->first();
            // ^ reads orders
            $order->number = 3;
            $order->save();
            // ^ writes orders
            Order::find($id)->update(['number' => 4]);
            // ^ reads orders, writes orders
            Order::where('id', 1)->delete();
            // ^ writes orders
            Order::create(['number' => 5]);
            // ^ writes orders
            Order::firstOrCreate(['number' => 5]);
            // ^ reads orders, writes orders
            Customer::with('orders.lines')->get();
            // ^ reads clients, reads orders, reads order_lines
            return Order::paid()->count();
            // ^ reads orders
          }
          public function store(Order $order, Customer $customer) {
            $order->lines()->create(['product' => 1]);
            // ^ writes order_lines
            foreach ($order->lines as $line) {
              // ^ reads order_lines
              $line->delete();
              // ^ writes order_lines
            }
            $order->tags()->attach(1);
            // ^ writes order_tag
            $order->tags()->sync([1, 2]);
            // ^ writes order_tag
            $order->tags()->get();
            // ^ reads order_tag, reads tags
            $order->customer()->associate($customer);
            $order->load('customer');
            // ^ reads clients
            $new = new Order(['number' => 1]);
            $new->lines()->saveMany([]);
            // ^ writes order_lines
            Order::whereHas('customer', fn($query) => $query->where('id', 1))->join('coupons', 'a', '=', 'b')->get();
            // ^ reads orders, reads clients, reads coupons
          }
        }
        """#)
  }

  @Test func builderOfQueries() throws {
    try check(
      #"""
      //- /app/Reports.php
      <?php
      namespace App;
      use Illuminate\Support\Facades\DB;
      class Reports {
        const TABLE = 'invoices';
        public function run() {
          DB::table('users as u')->join('posts', 'u.id', '=', 'posts.user_id')->get();
          // ^ reads users, reads posts
          DB::table(self::TABLE)->where('id', 1)->update(['paid' => 1]);
          // ^ writes invoices
          DB::connection('old')->table('logs')->insert([]);
          // ^ writes logs
          DB::table('keys')->updateOrInsert(['a' => 1]);
          // ^ reads keys, writes keys
          DB::select('select * from countries');
          // ^ reads countries
        }
      }
      """#)
  }

  @Test func lookAlikes() throws {
    try check(
      models + #"""
        //- /app/Other.php
        <?php
        namespace App;
        class Box { public function save() {} public function where($x) {} }
        class Other extends Box {
          public function run(Box $box, array $orders) {
            $box->save();
            $this->where(1);
            collect($orders)->where('a', 1)->first();
            $table->get('orders');
            Route::get('/orders', 'x');
          }
        }
        """#)
  }

  @Test func migrationsInTheirOrder() throws {
    let system = try MarkedSystem(
      #"""
      //- /config/database.php
      <?php
      return ['default' => env('DB_CONNECTION', 'mysql')];
      //- /database/migrations/2020_01_02_000000_change_orders.php
      <?php
      use Illuminate\Database\Migrations\Migration;
      class ChangeOrders extends Migration {
        public function up() {
          Schema::table('orders', function (Blueprint $table) {
            $table->string('note', 40)->nullable()->after('id');
            $table->renameColumn('total', 'amount');
            $table->dropColumn(['old']);
            $table->foreign('customer_id')->references('id')->on('customers')->onDelete('cascade');
          });
          Schema::rename('people', 'customers');
        }
        public function down() { Schema::drop('orders'); }
      }
      //- /database/migrations/2020_01_01_000000_create_orders.php
      <?php
      use Illuminate\Database\Migrations\Migration;
      return new class extends Migration {
        public function up() {
          Schema::create('people', function (Blueprint $table) { $table->increments('id'); });
          Schema::create('orders', function (Blueprint $table) {
            $table->id();
            $table->foreignId('owner_id')->nullable()->constrained('people')->nullOnDelete();
            $table->unsignedInteger('customer_id');
            $table->decimal('total', 10, 2)->default(0);
            $table->boolean('old');
            $table->enum('kind', ['a', 'b']);
            $table->morphs('source');
            $table->timestamps();
            $table->softDeletes();
            $table->unique(['customer_id', 'kind']);
          });
        }
      };
      """#
    ).linked(parsed: false)
    #expect(system.catalog.engine == .mysql)
    #expect(system.catalog.tables.map(\.name.text) == ["customers", "orders"])
    let orders = try #require(system.catalog.tables.last)
    #expect(
      orders.columns.map { "\($0.name) \($0.type)\($0.isNullable ? " null" : "")" } == [
        "id bigint unsigned", "owner_id bigint unsigned null", "customer_id int unsigned", "amount decimal(10,2)",
        "kind enum('a','b')", "source_type varchar(255)", "source_id bigint unsigned", "created_at timestamp null",
        "updated_at timestamp null", "deleted_at timestamp null", "note varchar(40) null",
      ])
    #expect(orders.primaryKey == ["id"])
    #expect(orders.uniqueKeys == [["customer_id", "kind"]])
    #expect(orders.foreignKeys.map(\.columns) == [["owner_id"], ["customer_id"]])
    #expect(orders.foreignKeys.map(\.onDelete) == [.setNull, .cascade])
  }

  @Test func routesJobsAndCommands() throws {
    let system = try MarkedSystem(
      #"""
      //- /routes/web.php
      <?php
      use App\OrderController;
      Route::get('/orders/{id}', [OrderController::class, 'show']);
      Route::prefix('admin')->group(function () {
        Route::post('orders', 'OrderController@store');
      });
      Route::resource('things', OrderController::class);
      //- /app/OrderController.php
      <?php
      namespace App;
      class OrderController { public function show() {} public function store() {} }
      //- /app/Console/Import.php
      <?php
      class Import extends Command { protected $signature = 'orders:import {file}'; public function handle() {} }
      //- /app/Jobs/Ship.php
      <?php
      class Ship implements ShouldQueue { public function handle() {} }
      //- /app/Listeners/Notify.php
      <?php
      namespace App\Listeners;
      class Notify { public function handle(OrderPlaced $event) {} }
      """#
    ).linked(parsed: false)
    #expect(
      Set(system.entryPoints.map { "\(system.units[$0.unit].name) \($0.kind.rawValue) \($0.trigger)" }) == [
        "OrderController::show route GET /orders/{id}", "OrderController::store route POST /admin/orders",
        "OrderController::show route GET /things/{id}", "OrderController::store route POST /things",
        "Import::handle command orders:import", "Ship::handle job Ship", "Notify::handle message OrderPlaced",
      ])
  }

  @Test func tableNames() throws {
    try check(
      #"""
      //- /a.php
      <?php
      use Illuminate\Database\Eloquent\Model;
      class Category extends Model {}
      class UserData extends Model {}
      class Person extends Model {}
      class OrderStatus extends Model {}
      abstract class Base extends Model {}
      class Box extends Base {}
      function f() {
        Category::all();
        // ^ reads categories
        UserData::all();
        // ^ reads user_data
        Person::all();
        // ^ reads people
        OrderStatus::all();
        // ^ reads order_statuses
        Box::all();
        // ^ reads boxes
      }
      """#)
  }
}
