import Basics
import Facts

/// Recognises Prisma: models of schema files, and the client made from them.
struct PrismaRecognizer: FrameworkRecognizer {
  let name = "Prisma"
  let languages: Set<SourceLanguage> = [.javascript, .typescript]
  let sessionTypes: Set<String> = [
    "PrismaClient", "PrismaService", "Prisma.TransactionClient", "TransactionClient", "prisma",
  ]
  let loadsRelations = false
  let optionKeys: Set<String> = [
    "where", "include", "select", "orderBy", "data", "create", "update", "by", "cursor", "distinct", "_count", "_sum",
    "_avg", "_min", "_max", "having",
  ]

  func isUsed(in system: SystemIndex) -> Bool {
    system.files.contains { $0.file.fileName.hasSuffix(".prisma") } || system.uses(packages: ["@prisma/client"])
  }

  func entities(in system: SystemIndex) -> [EntityMapping] { PrismaModelReader(system: system).entities() }

  func histories(in system: SystemIndex) -> [SchemaHistory] { [] }

  let rules: [DataRule] = [
    DataRule(.query, ["findMany"], .read, .entities, followsRelations: true),
    DataRule(
      .query, ["findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow"], .read, .entity,
      followsRelations: true),
    DataRule(.query, ["count", "aggregate", "groupBy"], .read, .value, followsRelations: true),
    DataRule(
      .query,
      [
        "create", "createMany", "createManyAndReturn", "update", "updateMany", "updateManyAndReturn", "upsert",
        "delete", "deleteMany",
      ], .writeGraph, .entity),
    DataRule(
      .session, ["$queryRaw", "$queryRawUnsafe", "$executeRaw", "$executeRawUnsafe"], .sql(0), .value),
    DataRule(.session, ["$extends", "$connect"], .nothing, .session),
  ]
}
