import Basics
import Facts
import Testing

@Suite("Prisma")
struct PrismaTests {
  static let schema = """
    //- /prisma/schema.prisma
    datasource db {
      provider = "postgresql"
      url      = env("DATABASE_URL")
    }
    enum State { OPEN CLOSED }
    enum Kind {
      BIG
      SMALL @map("small")
    }
    model Order {
      id         Int      @id @default(autoincrement())
      state      String   @default("open") @map("order_state") @db.VarChar(20)
      kind       Kind?
      customerId Int      @map("customer_id") // who
      customer   Customer @relation(fields: [customerId], references: [id], onDelete: Cascade)
      items      OrderItem[]
      tags       Tag[]
      createdAt  DateTime @default(now())
      @@map("orders")
    }
    model Customer {
      id     Int     @id
      email  String  @unique
      orders Order[]
    }
    model OrderItem {
      orderId Int
      pos     Int
      order   Order @relation(fields: [orderId], references: [id])
      amount  Decimal
      @@id([orderId, pos])
      @@map("order_items")
    }
    model Tag {
      id     Int     @id
      orders Order[]
    }

    """

  @Test func theClient() throws {
    try check(
      Self.schema + """
        //- /src/orders.ts
        import { PrismaClient, Order } from '@prisma/client';
        export const prisma = new PrismaClient();
        export async function list() {
          return prisma.order.findMany({ where: { customer: { email: 'x' } }, include: { items: true }, orderBy: { id: 'asc' } });
          // ^ reads orders, reads Customer, reads order_items
        }
        export async function create(input: any) {
          return prisma.order.create({
            // ^ writes orders, writes order_items, reads Customer
            data: { state: 'new', items: { create: [{ pos: 1 }] }, customer: { connect: { id: 1 } } },
            include: { customer: true },
          });
        }
        export async function tag(id: number) {
          await prisma.order.update({ where: { id }, data: { tags: { connect: [{ id: 1 }] } } });
          // ^ writes orders, writes _OrderToTag
          await prisma.$transaction(async (tx) => {
            await tx.customer.deleteMany({});
            // ^ writes Customer
            const n = await tx.orderItem.count();
            // ^ reads order_items
          });
          await prisma.$executeRaw`UPDATE orders SET order_state = ${id} WHERE id = 1`;
          // ^ writes orders
        }
        """)
  }

  @Test func injectedServices() throws {
    try check(
      Self.schema + """
        //- /src/prisma.service.ts
        import { PrismaClient } from '@prisma/client';
        export class PrismaService extends PrismaClient {}
        //- /src/tags.service.ts
        import { PrismaService } from './prisma.service';
        export class TagsService {
          constructor(private readonly prisma: PrismaService) {}
          async all() {
            const tags = await this.prisma.tag.findMany();
            // ^ reads Tag
            return tags.filter(t => t.orders.length > 0);
          }
        }
        //- /src/resolver.ts
        export const resolvers = {
          Query: { tag: async (_: any, args: any, ctx: any) => ctx.prisma.tag.findUnique({ where: { id: args.id } }) },
          // ^ reads Tag
        };
        export const handler = async (req: any, { prisma }: any) => {
          await prisma.tag.delete({ where: { id: 1 } });
          // ^ writes Tag
        };
        """)
  }

  @Test func lookAlikesAreLeftAlone() throws {
    try check(
      Self.schema + """
        //- /src/other.ts
        import { Order } from '@prisma/client';
        export function use(order: Order, store: any, list: Order[]) {
          store.order.findMany();
          list.map(o => o.state);
          order.state = 'x';
          return order.kind;
        }
        """)
  }

  @Test func theSchemaOfModels() throws {
    let system = try MarkedSystem(Self.schema).linked(parsed: false)
    #expect(system.catalog.tables.map(\.name.text) == ["_OrderToTag", "Customer", "order_items", "orders", "Tag"])
    let orders = try #require(system.catalog.tables.first { $0.name.text == "orders" })
    #expect(orders.columns.map(\.name) == ["id", "order_state", "kind", "customer_id", "createdAt"])
    #expect(orders.columns.map(\.type) == ["serial", "varchar(20)", "\"Kind\"", "integer", "timestamp(3)"])
    #expect(orders.primaryKey == ["id"])
    #expect(orders.foreignKeys.map(\.onDelete) == [.cascade])
    let items = try #require(system.catalog.tables.first { $0.name.text == "order_items" })
    #expect(items.primaryKey == ["orderId", "pos"])
    let between = try #require(system.catalog.tables.first { $0.name.text == "_OrderToTag" })
    #expect(between.columns.map(\.name) == ["A", "B"])
  }
}
