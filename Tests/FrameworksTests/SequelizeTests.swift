import Basics
import Facts
import Testing

@Suite("Sequelize")
struct SequelizeTests {
  static let models = """
    //- /models/order.js
    module.exports = (sequelize, DataTypes) => {
      const Order = sequelize.define('Order', {
        state: { type: DataTypes.STRING(20), allowNull: false },
        total: DataTypes.DECIMAL(10, 2),
      }, { underscored: true });
      Order.associate = (models) => {
        Order.belongsTo(models.Customer, { as: 'customer', foreignKey: 'customerId', onDelete: 'CASCADE' });
        Order.hasMany(models.Item, { as: 'items' });
        Order.belongsToMany(models.Tag, { through: 'order_tags', as: 'tags' });
      };
      return Order;
    };
    //- /models/customer.js
    const { Model } = require('sequelize');
    module.exports = (sequelize, DataTypes) => {
      class Customer extends Model {
        static associate(models) { Customer.hasMany(models.Order, { foreignKey: 'customerId', as: 'orders' }); }
      }
      Customer.init({ email: { type: DataTypes.STRING, unique: true } }, { sequelize, tableName: 'clients', timestamps: false });
      return Customer;
    };
    //- /models/item.ts
    import { Table, Column, Model, ForeignKey, BelongsTo, PrimaryKey } from 'sequelize-typescript';
    import { Order } from './order';
    @Table({ tableName: 'order_items', timestamps: false })
    export class Item extends Model {
      @PrimaryKey @Column id: number;
      @ForeignKey(() => Order) @Column({ field: 'order_id' }) orderId: number;
      @BelongsTo(() => Order) order: Order;
      @Column label: string;
    }
    //- /models/tag.js
    const { DataTypes } = require('sequelize');
    const sequelize = require('../db');
    const Tag = sequelize.define('tag', { label: DataTypes.STRING }, { freezeTableName: true, timestamps: false });
    module.exports = Tag;

    """

  @Test func findersWritersAndAssociations() throws {
    try check(
      Self.models + """
        //- /services/orders.js
        const { Order, Customer, Item } = require('../models');
        const db = require('../models');
        exports.list = async (req, res) => {
          const orders = await Order.findAll({ where: { state: 'x' }, include: [{ model: Customer, as: 'customer' }, 'items'] });
          // ^ reads orders, reads clients, reads order_items
          res.json(orders.map(o => o.items));
        };
        exports.add = async (req) => {
          const order = await db.Order.create({ state: 'new' });
          // ^ writes orders
          await order.addTag(1);
          // ^ writes order_tags
          await order.createItem({ label: 'a' });
          // ^ writes order_items
          const items = await order.getItems();
          // ^ reads order_items
          for (const item of items) {
            item.label = 'b';
            await item.save();
            // ^ writes order_items
          }
          const [customer] = await Customer.findOrCreate({ where: { email: 'x' } });
          // ^ reads clients, writes clients
          await customer.destroy();
          // ^ writes clients
          await Item.update({ label: 'x' }, { where: { id: 1 } });
          // ^ writes order_items
          await db.sequelize.query('UPDATE tag SET label = 1');
          // ^ writes tag
        };
        """)
  }

  @Test func lookAlikesAreLeftAlone() throws {
    try check(
      Self.models + """
        //- /services/other.js
        const { Client } = require('redis');
        class Registry { findAll() { return []; } create() {} }
        exports.use = (registry, list) => {
          const store = new Registry();
          store.findAll();
          store.create({});
          registry.update({});
          list.find(x => x.id);
          const Order = new Registry();
          return list.map(o => o.customer);
        };
        """)
  }

  @Test func theSchemaOfModels() throws {
    let system = try MarkedSystem(Self.models).linked(parsed: false)
    #expect(system.catalog.tables.map(\.name.text) == ["clients", "order_items", "order_tags", "orders", "tag"])
    let orders = try #require(system.catalog.tables.first { $0.name.text == "orders" })
    #expect(orders.columns.map(\.name) == ["id", "state", "total", "created_at", "updated_at", "customer_id"])
    #expect(
      orders.columns.map(\.type) == [
        "integer", "varchar(20)", "decimal(10,2)", "timestamp with time zone", "timestamp with time zone", "integer",
      ])
    #expect(orders.foreignKeys.map(\.onDelete) == [.cascade])
    let items = try #require(system.catalog.tables.first { $0.name.text == "order_items" })
    #expect(items.columns.map(\.name) == ["id", "order_id", "label"])
    #expect(items.foreignKeys.map(\.target.text) == ["orders"])
  }

  @Test func migrationsInOrder() throws {
    let system = try MarkedSystem(
      """
      //- /migrations/20240102-more.js
      'use strict';
      module.exports = {
        async up(queryInterface, Sequelize) {
          await queryInterface.addColumn('orders', 'note', { type: Sequelize.TEXT });
          await queryInterface.removeColumn('orders', 'old');
          await queryInterface.addConstraint('orders', { fields: ['note'], type: 'unique', name: 'u' });
        },
        async down(queryInterface) { await queryInterface.removeColumn('orders', 'note'); },
      };
      //- /migrations/20240101-init.js
      module.exports = {
        up: (queryInterface, Sequelize) => queryInterface.createTable('orders', {
          id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false },
          old: Sequelize.STRING,
          userId: { type: Sequelize.UUID, field: 'user_id', references: { model: 'users', key: 'id' }, onDelete: 'SET NULL' },
        }),
        down: (queryInterface) => queryInterface.dropTable('orders'),
      };
      """
    ).linked(parsed: false)
    let orders = try #require(system.catalog.tables.first)
    #expect(orders.columns.map(\.name) == ["id", "user_id", "note"])
    #expect(orders.columns.map(\.type) == ["integer", "uuid", "text"])
    #expect(orders.primaryKey == ["id"])
    #expect(orders.uniqueKeys == [["note"]])
    #expect(orders.foreignKeys.map(\.onDelete) == [.setNull])
  }
}
