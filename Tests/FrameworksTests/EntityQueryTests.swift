import Basics
import Facts
import Testing

/// Queries over entity names: paths lead to the tables of the entities they join.
@Suite("Queries over entities")
struct EntityQueryTests {
  private let php = #"""
    //- /src/Entity.php
    <?php
    namespace App\Entity;
    use Doctrine\ORM\Mapping as ORM;
    #[ORM\Entity] class Country { #[ORM\Id, ORM\Column] public int $id; }
    #[ORM\Entity] class Address { #[ORM\Id, ORM\Column] public int $id; #[ORM\ManyToOne] public Country $country; }
    #[ORM\Entity] class Customer {
      #[ORM\Id, ORM\Column] public int $id; #[ORM\ManyToOne] public Address $address; #[ORM\Column] public string $name;
    }
    #[ORM\Embeddable] class Money { #[ORM\Column] public int $amount; }
    #[ORM\Entity] #[ORM\Table(name: 'orders')] class Order {
      #[ORM\Id, ORM\Column] public int $id; #[ORM\ManyToOne] public Customer $customer;
      #[ORM\Embedded(class: Money::class)] public Money $total;
      #[ORM\ManyToMany(targetEntity: Tag::class)] public $tags;
      #[ORM\OneToMany(targetEntity: Line::class, mappedBy: 'order')] public $lines;
    }
    #[ORM\Entity] class Line {
      #[ORM\Id, ORM\Column] public int $id; #[ORM\ManyToOne] public Order $order; #[ORM\Column] public int $amount;
    }
    #[ORM\Entity] class Tag { #[ORM\Id, ORM\Column] public int $id; }

    """#

  @Test func pathsInDQL() throws {
    try check(
      php + #"""
        //- /src/Queries.php
        <?php
        namespace App;
        use App\Entity\Order;
        class Queries {
          public function __construct(private EntityManagerInterface $em) {}
          public function joins() {
            $this->em->createQuery('SELECT o FROM App\Entity\Order o JOIN o.customer c LEFT JOIN c.address a WHERE a.country = 1');
            // ^ reads orders, reads Customer, reads Address
            $this->em->createQuery('SELECT o, SIZE(o.lines) FROM App\Entity\Order o WHERE o.total.amount > 3');
            // ^ reads orders, reads Line
            $this->em->createQuery('SELECT NEW App\Dto(o.id) FROM App\Entity\Order o JOIN App\Entity\Tag t WITH t.id = o.id');
            // ^ reads orders, reads Tag
          }
          public function keysAlone() {
            $this->em->createQuery('SELECT IDENTITY(o.customer), COUNT(DISTINCT o.customer) FROM App\Entity\Order o');
            // ^ reads orders
          }
          public function changes() {
            $this->em->createQuery('UPDATE App\Entity\Order o SET o.customer = 1 WHERE o.id IN (SELECT l.id FROM App\Entity\Line l)');
            // ^ writes orders, reads Line
            $this->em->createQuery('DELETE FROM App\Entity\Line l WHERE EXISTS (SELECT 1 FROM App\Entity\Customer c)');
            // ^ writes Line, reads Customer
            $this->em->createQuery('DELETE App\Entity\Order o WHERE o.customer = 1');
            // ^ writes orders
          }
          public function built($all) {
            $dql = 'SELECT o FROM ' . Order::class . ' o';
            if ($all) { $dql .= ' JOIN o.lines l'; }
            return $this->em->createQuery($dql)->getResult();
            // ^ reads orders, reads Line
          }
          public function builder() {
            return $this->em->createQueryBuilder()->select('o')->from(Order::class, 'o')->join('o.customer', 'c')
            // ^ reads orders, reads Customer, reads Address, reads Tag
              ->leftJoin('c.address', 'a')->join(Entity\Tag::class, 't', 'WITH', 't.id = o.id')->getQuery()->getResult();
          }
          public function others($cache) {
            $cache->createQuery('SELECT o FROM App\Entity\Order o');
            $text = 'SELECT IDENTITY(o) FROM App\Entity\Order o';
          }
        }
        """#)
  }

  private let java = """
    //- /shop/Entities.java
    package shop;
    import jakarta.persistence.*;
    @Entity class Country { @Id Long id; String code; }
    @Embeddable class Place { String street; @ManyToOne Country country; }
    @Entity class Customer { @Id Long id; String name; @Embedded Place place; @OneToMany(mappedBy = "customer") List<Purchase> purchases; }
    @Entity @Table(name = "purchases") class Purchase {
      @Id Long id; int total; @ManyToOne Customer customer; @OneToMany(mappedBy = "purchase") List<Item> items;
      @ElementCollection @CollectionTable(name = "purchase_notes") List<String> notes;
    }
    @Entity class Item { @Id Long id; int amount; @ManyToOne Purchase purchase; @ManyToOne Product product; }
    @Entity class Product { @Id Long id; String title; @ManyToMany @JoinTable(name = "product_tag") Set<Tag> tags; }
    @Entity class Tag { @Id Long id; String label; }

    """

  @Test func pathsInJPQL() throws {
    try check(
      java + """
        //- /shop/Queries.java
        package shop;
        import jakarta.persistence.*;
        class Queries {
          private static final String BASE = "select p from Purchase p ";
          @PersistenceContext private EntityManager em;
          void joins() {
            em.createQuery("select p from Purchase p join p.customer c join fetch p.items i left join i.product x where x.title = 'a'");
            // ^ reads purchases, reads Customer, reads Item, reads Product
            em.createQuery("select i.product.title from Item i where i.purchase.customer.name = :n");
            // ^ reads Item, reads Product, reads purchases, reads Customer
            em.createQuery("select c from Customer c where c.place.country.code = 'x' and c.place.street = 'y'");
            // ^ reads Customer, reads Country
            em.createQuery("from Purchase p where :tag member of p.items and p.notes is not empty");
            // ^ reads purchases, reads Item, reads purchase_notes
            em.createQuery("select p from Product p join p.tags t");
            // ^ reads Product, reads product_tag, reads Tag
          }
          void keysAlone() {
            em.createQuery("select p from Purchase p where p.customer.id = 1 and p.customer = :c order by p.customer.id");
            // ^ reads purchases
            em.createQuery("select count(p.customer) from Purchase p group by p.customer");
            // ^ reads purchases
          }
          void subqueries() {
            em.createQuery("select c from Customer c where exists (select 1 from Purchase p where p.customer = c and p.total > (select avg(i.amount) from Item i))");
            // ^ reads Customer, reads purchases, reads Item
            em.createQuery("update Purchase p set p.total = 0 where p.customer in (select c from Customer c where c.name = 'a')").executeUpdate();
            // ^ writes purchases, reads Customer
            em.createQuery("delete from Item i where i.purchase.id = 3").executeUpdate();
            // ^ writes Item
          }
          void built(boolean named) {
            String query = BASE + "join p.items i";
            if (named) query += " where p.customer.name = :n";
            em.createQuery(query, Purchase.class).getResultList();
            // ^ reads purchases, reads Item, reads Customer
            StringBuilder text = new StringBuilder("delete from ");
            text.append("Tag t");
            em.createQuery(text.toString()).executeUpdate();
            // ^ writes Tag
          }
          void other(Parser parser) { parser.createQuery("from Tag t"); }
        }
        """)
  }
}
