import Basics
import Facts
import Testing

@Suite("Doctrine and Symfony")
struct DoctrineTests {
  private let entities = #"""
    //- /src/Entity/Order.php
    <?php
    namespace App\Entity;
    use Doctrine\ORM\Mapping as ORM;
    #[ORM\Entity(repositoryClass: OrderRepository::class)]
    #[ORM\Table(name: 'orders')]
    class Order {
      #[ORM\Id, ORM\GeneratedValue, ORM\Column] private ?int $id = null;
      #[ORM\Column(length: 20)] private string $number;
      #[ORM\Column(type: Types::DATETIME_MUTABLE, nullable: true)] private $paidAt;
      #[ORM\ManyToOne(targetEntity: Customer::class, inversedBy: 'orders')] private Customer $customer;
      #[ORM\OneToMany(targetEntity: Line::class, mappedBy: 'order')] private Collection $lines;
      #[ORM\ManyToMany(targetEntity: Tag::class)] #[ORM\JoinTable(name: 'order_tags')] private Collection $tags;
      public function setNumber($number) { $this->number = $number; }
      public function getCustomer() { return $this->customer; }
    }
    //- /src/Entity/Customer.php
    <?php
    namespace App\Entity;
    use Doctrine\ORM\Mapping as ORM;
    /**
     * @ORM\Entity
     * @ORM\Table(name="clients")
     */
    class Customer {
      /** @ORM\Id @ORM\Column(type="integer") */
      private $id;
      /** @ORM\Column(type="string", length=40) */
      private $name;
    }
    //- /src/Entity/Line.php
    <?php
    namespace App\Entity;
    use Doctrine\ORM\Mapping as ORM;
    #[ORM\Entity] class Line {
      #[ORM\Id, ORM\Column] private int $id;
      #[ORM\ManyToOne] private Order $order;
      #[ORM\ManyToOne] private Product $product;
    }
    #[ORM\Entity] class Product { #[ORM\Id, ORM\Column] private int $id; }
    #[ORM\Entity] class Tag { #[ORM\Id, ORM\Column] private int $id; }
    //- /src/Repository/OrderRepository.php
    <?php
    namespace App\Repository;
    use App\Entity\Order;
    class OrderRepository extends ServiceEntityRepository {
      public function __construct(ManagerRegistry $registry) { parent::__construct($registry, Order::class); }
      public function open() {
        return $this->createQueryBuilder('o')->join('o.lines', 'l')->join('l.product', 'p')->getQuery()->getResult();
        // ^ reads orders, reads Line, reads Product
      }
      public function close() {
        $this->createQueryBuilder('o')->update()->set('o.number', 1)->getQuery()->execute();
        // ^ writes orders
      }
    }

    """#

  @Test func entityManagersAndRepositories() throws {
    try check(
      entities + #"""
        //- /src/Service.php
        <?php
        namespace App;
        use App\Entity\Order;
        use App\Entity\Customer;
        class Service {
          public function __construct(private EntityManagerInterface $em, private OrderRepository $orders) {}
          public function run($id) {
            $order = $this->orders->find($id);
            // ^ reads orders
            $order->setNumber('x');
            // ^ writes orders
            $customer = new Customer();
            $this->em->persist($customer);
            // ^ writes clients
            $this->em->remove($order);
            // ^ writes orders
            $this->em->getRepository(Customer::class)->findOneByName('x');
            // ^ reads clients
            $this->em->find(Customer::class, 1);
            // ^ reads clients
            $this->em->createQuery('SELECT o FROM App\Entity\Order o WHERE o.id = :id');
            // ^ reads orders
            $this->em->createQueryBuilder()->select('c')->from(Customer::class, 'c')->getQuery()->getResult();
            // ^ reads clients
            $this->em->createQueryBuilder()->delete(Customer::class, 'c')->getQuery()->execute();
            // ^ writes clients
            $this->orders->findBy(['number' => 1]);
            // ^ reads orders
            $this->em->flush();
          }
          public function connection(Connection $connection) {
            $connection->insert('logs', ['a' => 1]);
            // ^ writes logs
            $connection->update('settings', ['a' => 1]);
            // ^ writes settings
            $connection->fetchAllAssociative('SELECT * FROM countries');
            // ^ reads countries
          }
        }
        """#)
  }

  @Test func schemaFromMappingsAndMigrations() throws {
    let system = try MarkedSystem(entities).linked(parsed: false)
    let orders = try #require(system.catalog.tables.first { $0.name.text == "orders" })
    #expect(
      orders.columns.map { "\($0.name) \($0.type)\($0.isNullable ? " null" : "")" } == [
        "id int", "number varchar(20)", "paidAt timestamp(0) without time zone null", "customer_id int null",
      ])
    #expect(orders.foreignKeys.map(\.target.text) == ["clients"])
    #expect(system.catalog.tables.contains { $0.name.text == "order_tags" })
    let migrated = try MarkedSystem(
      #"""
      //- /migrations/Version2.php
      <?php
      class Version2 extends AbstractMigration {
        public function up(Schema $schema): void { $this->addSql('ALTER TABLE a ADD c INT NOT NULL'); }
        public function down(Schema $schema): void { $this->addSql('DROP TABLE a'); }
      }
      //- /migrations/Version1.php
      <?php
      class Version1 extends AbstractMigration {
        public function up(Schema $schema): void { $this->addSql('CREATE TABLE a (b INT NOT NULL)'); }
      }
      """#
    ).linked(parsed: false)
    #expect(migrated.catalog.tables.map { $0.columns.map(\.name) } == [["b", "c"]])
  }

  @Test func entryPoints() throws {
    let system = try MarkedSystem(
      #"""
      //- /src/Controller.php
      <?php
      #[Route('/orders')]
      class Controller {
        #[Route('/{id}', name: 'show', methods: ['GET'])] public function show() {}
        /** @Route("/all") */
        public function all() {}
      }
      #[AsMessageHandler] class Handler { public function __invoke(OrderPlaced $event) {} }
      #[AsCommand('app:import')] class Import extends Command { public function execute() {} }
      """#
    ).linked(parsed: false)
    #expect(
      Set(system.entryPoints.map { "\(system.units[$0.unit].name) \($0.kind.rawValue) \($0.trigger)" }) == [
        "Controller::show route GET /orders/{id}", "Controller::all route ANY /orders/all",
        "Handler::__invoke message OrderPlaced", "Import::execute command app:import",
      ])
  }

  @Test func objectsThatAreGivenTables() throws {
    try check(
      #"""
      //- /a.php
      <?php
      class Store {
        public function run($db) {
          $this->db->table('users')->where('id', 1)->get();
          // ^ reads users
          $this->db->insert('posts', ['a' => 1]);
          // ^ writes posts
          $this->cache->insert('posts', 1);
          $wpdb->update('options', ['a' => 1], ['b' => 2]);
          // ^ writes options
        }
      }
      """#)
  }
}
