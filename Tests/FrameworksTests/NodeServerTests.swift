import Basics
import Facts
import Testing

@Suite("MikroORM, NestJS and Express")
struct NodeServerTests {
  @Test func mikroORM() throws {
    let text = """
      //- /order.ts
      import { Entity, PrimaryKey, Property, ManyToOne, OneToMany, ManyToMany, Collection } from '@mikro-orm/core';
      @Entity()
      export class Customer { @PrimaryKey() id!: number; @Property() fullName!: string; }
      @Entity({ tableName: 'orders' })
      export class Order {
        @PrimaryKey() id!: number;
        @Property({ length: 20 }) state: string = 'open';
        @ManyToOne(() => Customer, { deleteRule: 'cascade' }) customer!: Customer;
        @OneToMany(() => Item, item => item.order) items = new Collection<Item>(this);
        @ManyToMany(() => Tag) tags = new Collection<Tag>(this);
      }
      @Entity()
      export class Item { @PrimaryKey() id!: number; @ManyToOne() order!: Order; }
      @Entity()
      export class Tag { @PrimaryKey() id!: number; }
      //- /service.ts
      import { EntityManager, EntityRepository } from '@mikro-orm/core';
      import { InjectRepository } from '@mikro-orm/nestjs';
      import { Order, Customer } from './order';
      export class Orders {
        constructor(
          private readonly em: EntityManager,
          @InjectRepository(Customer) private readonly customers: EntityRepository<Customer>,
        ) {}
        async close(id: number) {
          const order = await this.em.findOneOrFail(Order, { id }, { populate: ['items', 'customer'] });
          // ^ reads orders, reads item, reads customer
          order.state = 'closed';
          // ^ writes orders
          await this.em.flush();
          const all = await this.customers.findAll();
          // ^ reads customer
          await this.em.transactional(async (em) => {
            await em.removeAndFlush(order);
            // ^ writes orders
          });
          return order.items;
        }
      }
      """
    try check(text)
    let catalog = try MarkedSystem(text).linked(parsed: false).catalog
    #expect(catalog.tables.map(\.name.text) == ["customer", "item", "orders", "orders_tags", "tag"])
    let orders = try #require(catalog.tables.first { $0.name.text == "orders" })
    #expect(orders.columns.map(\.name) == ["id", "state", "customer_id"])
    #expect(orders.columns.map(\.type) == ["int", "varchar(20)", "int"])
  }

  private func triggers(_ text: String) throws -> [String] {
    let system = try MarkedSystem(text).linked(parsed: false)
    return system.entryPoints.map { "\($0.kind.rawValue) \($0.trigger) \(system.units[$0.unit].name)" }.sorted()
  }

  @Test func decoratedEntryPoints() throws {
    let found = try triggers(
      """
      //- /orders.controller.ts
      import { Controller, Get, Post } from '@nestjs/common';
      import { Cron } from '@nestjs/schedule';
      import { MessagePattern } from '@nestjs/microservices';
      @Controller('orders')
      export class OrdersController {
        @Get(':id') one(id: string) {}
        @Post() create() {}
        @Cron('0 * * * *') hourly() {}
        @MessagePattern({ cmd: 'sum' }) sum() {}
      }
      """)
    #expect(
      found == [
        "job 0 * * * * OrdersController.hourly", "message sum OrdersController.sum",
        "route GET /orders/:id OrdersController.one", "route POST /orders OrdersController.create",
      ])
  }

  @Test func registeredEntryPoints() throws {
    let found = try triggers(
      """
      //- /routes.js
      const express = require('express');
      const orders = require('./orders');
      const router = express.Router();
      router.get('/orders', auth, orders.list);
      router.route('/orders/:id').put(orders.change);
      router.delete('/orders/:id', async (req, res) => { res.end(); });
      cache.get('/orders', other);
      map.get('x', y);
      //- /orders.js
      exports.list = async (req, res) => {};
      exports.change = async (req, res) => {};
      //- /app/shop/route.ts
      export async function GET() {}
      //- /pages/api/users/index.ts
      export default async function handler(req, res) {}
      """)
    #expect(
      found == [
        "route /api/users handler", "route DELETE /orders/:id DELETE /orders/:id", "route GET /orders list",
        "route GET /shop GET",
        "route PUT /orders/:id change",
      ])
  }
}
