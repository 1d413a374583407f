extension ConfigFileKind {
  /// A broker of RocketMQ that carries transactional messages.
  static let rocketMQBroker = ConfigFileKind(
    name: "RocketMQ broker", format: .properties, matches: { fileName($0) == "broker.conf" },
    layers: { _ in [KeyLayer(prefix: "", list: .rocketMQBroker), KeyLayer(prefix: "", list: .rocketMQStore)] },
    rules: { _ in
      [
        SafetyRule("rejectTransactionMessage", .oneOf(["false"]), "transactional messages would be refused"),
        SafetyRule(
          "transactionCheckMax", .atLeast(15),
          "a message that was checked so often is neither delivered nor rolled back"),
        SafetyRule("transactionTimeOut", .atLeast(6000), "checks would begin before the local transaction ends"),
        SafetyRule("flushDiskType", .oneOf(["SYNC_FLUSH"]), "an acknowledged message could be lost with the broker"),
        SafetyRule("brokerRole", .oneOf(["SYNC_MASTER"]), "an acknowledged message could be lost with the broker"),
        SafetyRule("autoCreateTopicEnable", .oneOf(["false"]), "topics made by themselves are not of type TRANSACTION"),
      ]
    })
}
