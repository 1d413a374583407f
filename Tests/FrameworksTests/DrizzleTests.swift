import Testing

@Suite("Drizzle and MikroORM")
struct DrizzleTests {
  @Test func drizzle() throws {
    try check(
      """
      //- /schema.ts
      import { pgTable, integer, text } from 'drizzle-orm/pg-core';
      export const orders = pgTable('shop_orders', { id: integer('id').primaryKey(), note: text('note') });
      export const stock = pgTable('shop_stock', { id: integer('id').primaryKey() });
      //- /store.ts
      import { orders, stock } from './schema';
      const db = drizzle(pool);
      export async function run(list: any, arr: any) {
        await db.select().from(orders).leftJoin(stock, eq(orders.id, stock.id));
        // ^ reads shop_orders, reads shop_stock
        await db.insert(orders).values({ id: 1 });
        // ^ writes shop_orders
        await db.update(orders).set({ note: 'a' });
        // ^ writes shop_orders
        await db.delete(stock).where(eq(stock.id, 1));
        // ^ writes shop_stock
        await db.query.orders.findMany();
        // ^ reads shop_orders
        Array.from(orders);
        list.insert(orders);
        new Set(arr).delete(stock);
        list.query.orders.find();
        select(orders);
      }
      """)
  }

  @Test func mikro() throws {
    try check(
      """
      //- /entities.ts
      import { Entity, PrimaryKey, Property } from '@mikro-orm/core';
      @Entity({ tableName: 'shop_orders' })
      export class Order { @PrimaryKey() id!: number; @Property() note!: string; }
      //- /store.ts
      import { EntityManager, EntityRepository } from '@mikro-orm/postgresql';
      import { Order } from './entities';
      export class Store {
        constructor(private readonly em: EntityManager, private readonly repo: EntityRepository<Order>, private readonly bag: Bag<Order>) {}
        async run() {
          await this.em.find(Order, {});
          // ^ reads shop_orders
          await this.em.findOneOrFail(Order, 1);
          // ^ reads shop_orders
          const o = this.em.create(Order, { note: 'a' });
          // ^ writes shop_orders
          await this.em.persistAndFlush(o);
          // ^ writes shop_orders
          await this.em.nativeDelete(Order, { id: 1 });
          // ^ writes shop_orders
          await this.repo.findAll();
          // ^ reads shop_orders
          this.bag.find(Order, {});
          this.bag.findAll();
          [new Order()].find(x => x.id);
          new Map().delete(Order);
        }
      }
      """)
  }
}
