import Basics
import Facts
import Testing

@Suite("Knex, Objection.js, Drizzle and Kysely")
struct KnexTests {
  private let tables = """
    //- /schema.sql
    CREATE TABLE orders (id INT PRIMARY KEY, state VARCHAR(20));
    CREATE TABLE items (id INT PRIMARY KEY, order_id INT);
    CREATE TABLE customers (id INT PRIMARY KEY);
    //- /db.js
    module.exports = require('knex')({ client: 'pg', connection: process.env.URL });

    """

  @Test func queriesOnTablesByName() throws {
    try check(
      tables + """
        //- /orders.js
        const knex = require('./db');
        exports.list = async () => {
          return knex('orders').join('items', 'orders.id', 'items.order_id').where({ state: 'x' }).select('*');
          // ^ reads orders, reads items
        };
        exports.save = async (order) => {
          await knex('orders').where({ id: order.id }).update({ state: 'y' });
          // ^ writes orders
          await knex('items').insert({ order_id: 1 });
          // ^ writes items
          await knex.insert({ id: 2 }).into('customers');
          // ^ writes customers
          const rows = await knex.select('id').from('customers').first();
          // ^ reads customers
          await knex.transaction(async (trx) => {
            await trx('orders').del();
            // ^ writes orders
          });
          await knex.raw('UPDATE items SET order_id = ?', [1]);
          // ^ writes items
        };
        //- /service.ts
        import { Knex } from 'knex';
        export class Orders {
          constructor(private readonly db: Knex) {}
          async all(table: string) {
            const query = this.db('orders');
            // ^ reads orders
            if (table) query.where('state', table);
            return query;
          }
          async drop() { await this.db<any>('items as i').where('i.id', 1).delete(); }
          // ^ writes items
        }
        """)
  }

  @Test func lookAlikesAreLeftAlone() throws {
    try check(
      tables + """
        //- /other.js
        const lodash = require('lodash');
        function wrap(name) { return { insert() {}, del() {} }; }
        exports.use = (list, cache) => {
          wrap('orders').insert({});
          cache('items').del();
          lodash('orders').join('items');
          return ['orders', 'items'].join('customers');
        };
        """)
  }

  @Test func modelsOfObjection() throws {
    try check(
      tables + """
        //- /models.js
        const { Model } = require('objection');
        class Order extends Model {
          static get tableName() { return 'orders'; }
          static get relationMappings() {
            return { items: { relation: Model.HasManyRelation, modelClass: Item, join: { from: 'orders.id', to: 'items.order_id' } } };
          }
        }
        class Item extends Model { static tableName = 'items'; }
        async function use() {
          const orders = await Order.query().where('id', 1).withGraphFetched('items');
          // ^ reads orders, reads items
          await Item.query().patch({ label: 'x' }).where('id', 2);
          // ^ writes items
          return orders.map(o => o.items);
        }
        """)
  }

  @Test func migrationsOfKnex() throws {
    let system = try MarkedSystem(
      """
      //- /migrations/20240102_b.js
      exports.up = (knex) => knex.schema.alterTable('orders', (t) => {
        t.text('note');
        t.dropColumn('old');
        t.renameColumn('state', 'status');
      });
      exports.down = (knex) => knex.schema.table('orders', (t) => t.dropColumn('note'));
      //- /migrations/20240101_a.js
      exports.up = async function (knex) {
        await knex.schema.createTable('orders', function (table) {
          table.increments('id');
          table.string('state', 20).notNullable().defaultTo('open');
          table.integer('old');
          table.integer('customer_id').unsigned().references('id').inTable('customers').onDelete('CASCADE');
          table.timestamps(true, true);
        }).createTable('tags', (t) => { t.uuid('id').primary(); });
      };
      """
    ).linked(parsed: false)
    #expect(system.catalog.tables.map(\.name.text) == ["orders", "tags"])
    let orders = try #require(system.catalog.tables.first)
    #expect(orders.columns.map(\.name) == ["id", "status", "customer_id", "created_at", "updated_at", "note"])
    #expect(orders.columns.map(\.type) == ["serial", "varchar(20)", "integer", "timestamptz", "timestamptz", "text"])
    #expect(orders.columns.map(\.isNullable) == [false, false, true, false, false, true])
    #expect(orders.foreignKeys.map(\.onDelete) == [.cascade])
  }

  @Test func migrationsWithObjects() throws {
    let system = try MarkedSystem(
      """
      //- /migrations/1-a.js
      const async = require('async');
      exports.up = function (db, cb) {
        async.series([
          db.createTable.bind(db, 'projects', { id: { type: 'string', length: 40, primaryKey: true }, name: 'text' }),
          db.runSql.bind(db, 'CREATE TABLE users (id serial primary key)'),
        ], cb);
      };
      //- /migrations/2-b.js
      exports.up = (pgm) => {
        pgm.createTable('tags', { id: 'id', user_id: { type: 'integer', notNull: true, references: 'users', onDelete: 'CASCADE' } });
        pgm.addColumns('projects', { state: { type: 'text' } });
      };
      """
    ).linked(parsed: false)
    #expect(system.catalog.tables.map(\.name.text) == ["projects", "tags", "users"])
    let projects = try #require(system.catalog.tables.first)
    #expect(projects.columns.map(\.name) == ["id", "name", "state"])
    #expect(projects.columns.map(\.type) == ["varchar(40)", "text", "text"])
    #expect(system.catalog.tables[1].foreignKeys.map(\.onDelete) == [.cascade])
  }

  @Test func namedSubqueriesAreNoTables() throws {
    try check(
      tables + """
        //- /with.js
        const knex = require('./db');
        exports.list = async () => {
          return knex.with('ranked', (qb) => qb.select('id').from('orders')).select('*').from('ranked').join('items', 'x', 'y');
          // ^ reads orders, reads items
        };
        exports.docs = { summary: 'x', description: 'Update the order with the given number.' };
        """)
  }

  @Test func tablesOfDrizzle() throws {
    let text = """
      //- /schema.ts
      import { pgTable, serial, integer, varchar, text } from 'drizzle-orm/pg-core';
      import { relations } from 'drizzle-orm';
      export const customers = pgTable('customers', { id: serial('id').primaryKey(), email: text('email').notNull().unique() });
      export const orders = pgTable('shop_orders', {
        id: serial('id').primaryKey(),
        state: varchar('state', { length: 20 }).default('open'),
        customerId: integer('customer_id').references(() => customers.id, { onDelete: 'cascade' }),
      });
      export const ordersRelations = relations(orders, ({ one }) => ({ customer: one(customers) }));
      //- /use.ts
      import { drizzle } from 'drizzle-orm/node-postgres';
      import { eq } from 'drizzle-orm';
      import { orders, customers } from './schema';
      export const db = drizzle(process.env.URL);
      export async function use() {
        await db.select().from(orders).leftJoin(customers, eq(orders.customerId, customers.id));
        // ^ reads shop_orders, reads customers
        await db.insert(orders).values({ state: 'x' });
        // ^ writes shop_orders
        await db.transaction(async (tx) => {
          await tx.update(orders).set({ state: 'y' }).where(eq(orders.id, 1));
          // ^ writes shop_orders
          await tx.delete(customers);
          // ^ writes customers
        });
        return db.query.orders.findMany({ with: { customer: true } });
        // ^ reads shop_orders, reads customers
      }
      """
    try check(text)
    let orders = try #require(
      MarkedSystem(text).linked(parsed: false).catalog.tables.first { $0.name.text == "shop_orders" })
    #expect(orders.columns.map(\.type) == ["serial", "varchar(20)", "integer"])
    #expect(orders.foreignKeys.map(\.target.text) == ["customers"])
  }

  @Test func queriesOfKysely() throws {
    try check(
      tables + """
        //- /use.ts
        import { Kysely } from 'kysely';
        export async function use(db: Kysely<Database>) {
          await db.selectFrom('orders').innerJoin('items as i', 'i.order_id', 'orders.id').selectAll().execute();
          // ^ reads orders, reads items
          await db.insertInto('items').values({ id: 1 }).execute();
          // ^ writes items
          await db.updateTable('orders').set({ state: 'x' }).execute();
          // ^ writes orders
          await db.deleteFrom('customers').execute();
          // ^ writes customers
        }
        """)
  }
}
