import Basics
import Facts
import Testing

/// Mapping files of Doctrine in XML and YAML say what attributes say.
@Suite("Doctrine mapping files")
struct DoctrineMappingTests {
  private let classes = #"""
    //- /src/Entity/classes.php
    <?php
    namespace App\Entity;
    class Order { private $id; private $number; private $total; private $customer; private $lines; private $tags; private $invoice;
      public function setNumber($number) { $this->number = $number; } }
    class Customer { private $id; private $name; private $orders; }
    class Line { private $order; private $position; private $amount; }
    class Tag { private $id; private $orders; }
    class Invoice { private $id; }
    class Money { private $amount; private $currency; }
    class Party { protected $id; }
    class Person extends Party { private $surname; }
    class Base { protected $created; }
    class Draft { private $id; }
    //- /src/Repository/Orders.php
    <?php
    namespace App\Repository;
    class Orders extends EntityRepository {}
    //- /src/Service.php
    <?php
    namespace App;
    use App\Entity\Customer;
    use App\Entity\Person;
    class Service {
      public function __construct(private EntityManagerInterface $em, private Repository\Orders $orders) {}
      public function run($id) {
        $order = $this->orders->find($id);
        // ^ reads orders
        $order->setNumber('x');
        // ^ writes orders
        $this->em->persist(new Customer());
        // ^ writes clients
        $this->em->createQuery('SELECT o FROM App\Entity\Order o JOIN o.tags t JOIN o.customer c WHERE o.total.amount > 1');
        // ^ reads orders, reads order_tags, reads Tag, reads clients
        $this->em->createQuery('SELECT o FROM App\Entity\Tag t JOIN t.orders o');
        // ^ reads orders, reads order_tags, reads Tag
        $this->em->persist(new Person());
        // ^ writes party, writes person
        $this->em->persist(new Entity\Draft());
        $this->em->persist(new Entity\Money());
      }
    }

    """#

  private let xml = #"""
    //- /config/doctrine/Order.orm.xml
    <doctrine-mapping xmlns="http://doctrine-project.org/schemas/orm/doctrine-mapping">
      <entity name="App\Entity\Order" table="orders" repository-class="App\Repository\Orders">
        <id name="id" type="integer" column="order_id"><generator strategy="AUTO"/></id>
        <field name="number" length="20" unique="true"/>
        <embedded name="total" class="Money"/>
        <many-to-one field="customer" target-entity="App\Entity\Customer" inversed-by="orders">
          <join-column name="client_id" referenced-column-name="id" nullable="false" on-delete="CASCADE"/>
        </many-to-one>
        <one-to-many field="lines" target-entity="Line" mapped-by="order"><cascade><cascade-persist/></cascade></one-to-many>
        <many-to-many field="tags" target-entity="Tag" inversed-by="orders">
          <join-table name="order_tags">
            <join-columns><join-column name="order_id"/></join-columns>
            <inverse-join-columns><join-column name="tag_id"/></inverse-join-columns>
          </join-table>
        </many-to-many>
        <one-to-one field="invoice" target-entity="Invoice"/>
      </entity>
      <embeddable name="App\Entity\Money"><field name="amount" type="integer"/><field name="currency" length="3"/></embeddable>
      <mapped-superclass name="App\Entity\Base"><field name="created" type="datetime"/></mapped-superclass>
      <entity name="Other\Draft"><id name="id" type="integer"/></entity>
    </doctrine-mapping>
    //- /config/doctrine/rest.dcm.xml
    <doctrine-mapping>
      <entity name="App\Entity\Customer" table="clients">
        <id name="id" type="integer"/><field name="name" column="title" type="string" length="40" nullable="true"/>
        <one-to-many field="orders" target-entity="Order" mapped-by="customer"/>
      </entity>
      <entity name="App\Entity\Line">
        <id name="order" association-key="true"/><id name="position" type="integer"/>
        <field name="amount" type="decimal" precision="12" scale="2"/>
        <many-to-one field="order" target-entity="Order"><join-column name="order_id"/></many-to-one>
      </entity>
      <entity name="App\Entity\Tag"><id name="id" type="integer"/>
        <many-to-many field="orders" target-entity="Order" mapped-by="tags"/>
      </entity>
      <entity name="App\Entity\Invoice"><id name="id" type="integer"/></entity>
      <entity name="App\Entity\Party" table="party" inheritance-type="JOINED">
        <id name="id" type="integer"/><discriminator-column name="kind" type="string"/>
      </entity>
      <entity name="App\Entity\Person" table="person"><field name="surname"/></entity>
    </doctrine-mapping>

    """#

  private let yaml = #"""
    //- /config/doctrine/Order.orm.yml
    App\Entity\Order:
      type: entity
      table: orders
      repositoryClass: App\Repository\Orders
      id:
        id: { type: integer, column: order_id, generator: { strategy: AUTO } }
      fields:
        number: { length: 20, unique: true }
      embedded:
        total: { class: Money }
      manyToOne:
        customer:
          targetEntity: App\Entity\Customer
          inversedBy: orders
          joinColumn: { name: client_id, referencedColumnName: id, nullable: false, onDelete: CASCADE }
      oneToMany:
        lines: { targetEntity: Line, mappedBy: order, cascade: [persist] }
      manyToMany:
        tags:
          targetEntity: Tag
          inversedBy: orders
          joinTable:
            name: order_tags
            joinColumns: { order_id: { referencedColumnName: id } }
            inverseJoinColumns: { tag_id: { referencedColumnName: id } }
      oneToOne:
        invoice: { targetEntity: Invoice }
    App\Entity\Money:
      type: embeddable
      fields: { amount: { type: integer }, currency: { length: 3 } }
    App\Entity\Base:
      type: mappedSuperclass
      fields: { created: { type: datetime } }
    Other\Draft: { type: entity, id: { id: { type: integer } } }
    //- /config/doctrine/rest.orm.yml
    App\Entity\Customer:
      type: entity
      table: clients
      id: { id: { type: integer } }
      fields: { name: { column: title, type: string, length: 40, nullable: true } }
      oneToMany: { orders: { targetEntity: Order, mappedBy: customer } }
    App\Entity\Line:
      type: entity
      id: { order: { associationKey: true }, position: { type: integer } }
      fields: { amount: { type: decimal, precision: 12, scale: 2 } }
      manyToOne: { order: { targetEntity: Order, joinColumn: { name: order_id } } }
    App\Entity\Tag:
      type: entity
      id: { id: { type: integer } }
      manyToMany: { orders: { targetEntity: Order, mappedBy: tags } }
    App\Entity\Invoice: { type: entity, id: { id: { type: integer } } }
    App\Entity\Party:
      type: entity
      table: party
      inheritanceType: JOINED
      discriminatorColumn: { name: kind, type: string }
      id: { id: { type: integer } }
    App\Entity\Person: { type: entity, table: person, fields: { surname: { type: string } } }
    //- /config/doctrine/services.yml
    App\Entity\Draft: { type: entity, id: { id: { type: integer } } }

    """#

  @Test func accessesOfClassesThatXMLMaps() throws { try check(classes + xml) }

  @Test func accessesOfClassesThatYAMLMaps() throws { try check(classes + yaml) }

  @Test func schemaOfBoth() throws {
    for documents in [xml, yaml] {
      let tables = try MarkedSystem(classes + documents).linked(parsed: false).catalog.tables
      let found = tables.map { table in
        let columns = table.columns.map { "\($0.name) \($0.type)\($0.isNullable ? "" : "!")" }
        let keys = table.foreignKeys.sorted { $0.columns[0] < $1.columns[0] }.map {
          " \($0.columns.joined(separator: "+"))->\($0.target)"
        }.joined()
        let uniques = table.uniqueKeys.map { " uq \($0.joined(separator: "+"))" }.joined()
        return
          "\(table.name)(\(columns.sorted().joined(separator: ", "))) pk \(table.primaryKey.joined(separator: "+"))\(keys)\(uniques)"
      }
      #expect(
        Set(found) == [
          "orders(client_id int!, invoice_id int, number varchar(20)!, order_id int!, total_amount int!, "
            + "total_currency varchar(3)!) pk order_id client_id->clients invoice_id->Invoice uq number",
          "clients(id int!, title varchar(40)) pk id",
          "Line(amount numeric(12,2)!, order_id int!, position int!) pk order_id+position order_id->orders",
          "Tag(id int!) pk id", "Invoice(id int!) pk id",
          "order_tags(order_id int!, tag_id int!) pk order_id+tag_id order_id->orders tag_id->Tag",
          "party(id int!, kind varchar(255)!) pk id", "person(id int!, surname varchar(255)!) pk id id->party",
        ])
    }
  }

  /// Bundles ship models as mapped superclasses with a table: the system makes entities of them.
  @Test func superclassesWithTables() throws {
    try check(
      #"""
      //- /src/Model.php
      <?php
      namespace Shop;
      class Product { private $id; }
      class Variant { private $id; }
      class OwnVariant extends Variant {}
      class Use {
        public function run(EntityManagerInterface $em) {
          $em->persist(new Product());
          // ^ writes shop_product
          $em->persist(new OwnVariant());
          // ^ writes own_variant
        }
      }
      //- /model/Product.orm.xml
      <doctrine-mapping>
        <mapped-superclass name="Shop\Product" table="shop_product"><id name="id" type="integer"/></mapped-superclass>
        <mapped-superclass name="Shop\Variant" table="shop_variant"><id name="id" type="integer"/></mapped-superclass>
        <entity name="Shop\OwnVariant" table="own_variant"/>
      </doctrine-mapping>
      """#)
  }
}
