import Basics
import Facts
import Testing

@Suite("TypeORM")
struct TypeORMTests {
  static let entities = """
    //- /src/order.entity.ts
    import { Entity, PrimaryGeneratedColumn, Column, ManyToOne, OneToMany, ManyToMany, JoinTable } from 'typeorm';
    import { Customer } from './customer.entity';
    import { OrderItem } from './order-item.entity';
    import { Tag } from './tag.entity';
    @Entity('orders')
    export class Order {
      @PrimaryGeneratedColumn() id: number;
      @Column({ name: 'order_status', length: 20 }) status: string;
      @ManyToOne(() => Customer, customer => customer.orders, { onDelete: 'CASCADE' }) customer: Customer;
      @OneToMany(() => OrderItem, item => item.order) items: OrderItem[];
      @ManyToMany(() => Tag) @JoinTable() tags: Tag[];
    }
    //- /src/customer.entity.ts
    import { Entity, PrimaryColumn, Column, OneToMany } from 'typeorm';
    import { Order } from './order.entity';
    @Entity()
    export class Customer {
      @PrimaryColumn('uuid') id: string;
      @Column({ nullable: true }) name?: string;
      @OneToMany(() => Order, order => order.customer) orders: Order[];
    }
    //- /src/order-item.entity.ts
    import { Entity, PrimaryGeneratedColumn, Column, ManyToOne } from 'typeorm';
    import { Order } from './order.entity';
    @Entity()
    export class OrderItem {
      @PrimaryGeneratedColumn('uuid') id: string;
      @ManyToOne(() => Order, order => order.items) order: Order;
      @Column('int') amount: number;
    }
    //- /src/tag.entity.ts
    import { Entity, PrimaryGeneratedColumn, Column } from 'typeorm';
    @Entity({ name: 'labels' })
    export class Tag {
      @PrimaryGeneratedColumn() id: number;
      @Column() label: string;
    }

    """

  @Test func repositoriesAndQueryBuilders() throws {
    try check(
      Self.entities + """
        //- /src/order.service.ts
        import { InjectRepository } from '@nestjs/typeorm';
        import { Repository } from 'typeorm';
        import { Order } from './order.entity';
        import { OrderItem } from './order-item.entity';
        export class OrderService {
          constructor(
            @InjectRepository(Order) private readonly orders: Repository<Order>,
            @InjectRepository(OrderItem) private readonly items: Repository<OrderItem>,
          ) {}
          async list() {
            return this.orders.find({ where: { status: 'open' }, relations: ['items', 'customer'], order: { id: 'ASC' } });
            // ^ reads orders, reads order_item, reads customer
          }
          async lines() {
            return this.items.find({ order: { amount: 'ASC' } });
            // ^ reads order_item
          }
          async joined() {
            return this.orders.createQueryBuilder('o')
              // ^ reads orders, reads order_item, reads orders_tags_labels, reads labels
              .leftJoinAndSelect('o.items', 'i')
              .innerJoin('o.tags', 't')
              .where('i.amount > :n', { n: 1 })
              .getMany();
          }
          async create(input: any) {
            const order = this.orders.create({ status: 'open' });
            order.status = 'new';
            await this.orders.save(order);
            // ^ writes orders
            for (const item of input.items) {
              await this.items.insert({ amount: item.amount });
              // ^ writes order_item
            }
            return order.items.length;
          }
          async close(id: number) {
            await this.orders.createQueryBuilder().update().set({ status: 'closed' }).where('id = :id', { id }).execute();
            // ^ writes orders
            await this.orders.delete(id);
            // ^ writes orders
          }
        }
        """)
  }

  @Test func managersAndTransactions() throws {
    try check(
      Self.entities + """
        //- /src/pay.ts
        import { DataSource, EntityManager, getRepository } from 'typeorm';
        import { Order } from './order.entity';
        import { Customer } from './customer.entity';
        export class Pay {
          constructor(private dataSource: DataSource) {}
          async run(id: number) {
            await this.dataSource.transaction(async (em) => {
              const order = await em.findOne(Order, { where: { id }, relations: { customer: true } });
              // ^ reads orders, reads customer
              order.status = 'paid';
              await em.save(order);
              // ^ writes orders
              await em.update(Customer, { id: 1 }, { name: 'x' });
              // ^ writes customer
            });
            await this.dataSource.manager.query('DELETE FROM labels');
            // ^ writes labels
          }
          async build() {
            await this.dataSource.createQueryBuilder().insert().into(Order).values({ status: 'x' }).execute();
            // ^ writes orders
            await this.dataSource.createQueryBuilder().delete().from(Customer).where('id = 1').execute();
            // ^ writes customer
            return this.dataSource.createQueryBuilder().select('c').from(Customer, 'c').getMany();
            // ^ reads customer
          }
        }
        export async function legacy() {
          return getRepository(Order).count();
          // ^ reads orders
        }
        """)
  }

  @Test func customRepositoriesAndActiveRecords() throws {
    try check(
      Self.entities + """
        //- /src/order.repository.ts
        import { Repository, BaseEntity, Entity, PrimaryGeneratedColumn } from 'typeorm';
        import { Order } from './order.entity';
        export class OrderRepository extends Repository<Order> {
          open() {
            return this.find({ where: { status: 'open' } });
            // ^ reads orders
          }
        }
        @Entity()
        export class AuditLog extends BaseEntity {
          @PrimaryGeneratedColumn() id: number;
        }
        export async function use(repo: OrderRepository) {
          await repo.open();
          const log = await AuditLog.findOneBy({ id: 1 });
          // ^ reads audit_log
          await log.save();
          // ^ writes audit_log
          await repo.softDelete(3);
          // ^ writes orders
        }
        """)
  }

  @Test func lookAlikesAreLeftAlone() throws {
    try check(
      Self.entities + """
        //- /src/other.ts
        import { Order } from './order.entity';
        class Cache<T> { find(x: any): T[] { return []; } save(x: T) {} delete(k: string) {} }
        export function use(cache: Cache<Order>, list: Order[], map: Map<string, Order>) {
          cache.find({ id: 1 });
          cache.save(new Order());
          list.find(o => o.id === 1);
          list.forEach(o => { o.status = 'x'; o.items.push(null); });
          map.delete('x');
          const found = list.filter(o => o.customer.name === 'y');
          return found.map(o => o.tags);
        }
        """)
  }

  @Test func theSchemaOfMappings() throws {
    let system = try MarkedSystem(Self.entities).linked(parsed: false)
    #expect(
      system.catalog.tables.map(\.name.text) == ["customer", "labels", "order_item", "orders", "orders_tags_labels"])
    let orders = try #require(system.catalog.tables.first { $0.name.text == "orders" })
    #expect(orders.columns.map(\.name) == ["id", "order_status", "customerId"])
    #expect(orders.columns.map(\.type) == ["integer", "character varying(20)", "uuid"])
    #expect(orders.columns.map(\.isNullable) == [false, false, true])
    #expect(orders.foreignKeys.map(\.onDelete) == [.cascade])
    let between = try #require(system.catalog.tables.first { $0.name.text == "orders_tags_labels" })
    #expect(between.columns.map(\.name) == ["ordersId", "labelsId"])
  }

  @Test func migrationsInOrder() throws {
    let system = try MarkedSystem(
      """
      //- /migrations/1700000000002-more.ts
      import { MigrationInterface, QueryRunner, TableColumn } from 'typeorm';
      export class More1700000000002 implements MigrationInterface {
        async up(queryRunner: QueryRunner) {
          await queryRunner.addColumn('orders', new TableColumn({ name: 'note', type: 'text', isNullable: true }));
          await queryRunner.query(`ALTER TABLE "orders" DROP COLUMN "old"`);
          await queryRunner.renameColumn('orders', 'state', 'status');
        }
        async down(queryRunner: QueryRunner) { await queryRunner.dropColumn('orders', 'note'); }
      }
      //- /migrations/1700000000001-init.ts
      import { MigrationInterface, QueryRunner, Table } from 'typeorm';
      export class Init1700000000001 implements MigrationInterface {
        async up(queryRunner: QueryRunner) {
          await queryRunner.createTable(new Table({ name: 'orders', columns: [
            { name: 'id', type: 'int', isPrimary: true, isGenerated: true },
            { name: 'state', type: 'varchar', length: '20' }, { name: 'old', type: 'int' },
          ], foreignKeys: [{ columnNames: ['id'], referencedTableName: 'base', referencedColumnNames: ['id'] }] }));
        }
        async down(queryRunner: QueryRunner) { await queryRunner.dropTable('orders'); }
      }
      """
    ).linked(parsed: false)
    let orders = try #require(system.catalog.tables.first)
    #expect(orders.columns.map(\.name) == ["id", "status", "note"])
    #expect(orders.columns.map(\.type) == ["integer", "character varying(20)", "text"])
    #expect(orders.primaryKey == ["id"])
    #expect(orders.foreignKeys.map(\.target.text) == ["base"])
  }
}
