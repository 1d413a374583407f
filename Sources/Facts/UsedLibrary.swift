/// A library the code imports, and in how many files.
package struct UsedLibrary: Hashable, Sendable {
  /// Libraries that bear on how data moves; code of tests counts as well, as imports are facts of files.
  package enum Name: String, Hashable, Sendable, CaseIterable {
    case eventuateTram = "Eventuate Tram"
    case jakarta = "Jakarta EE"
    case killBillQueue = "Kill Bill queue"
    case rocketMQ = "RocketMQ"
    case seata = "Seata"
    case springBoot = "Spring Boot"
    case springModulith = "Spring Modulith"
    case txLCN = "TX-LCN"

    /// What paths of imports begin with where it is used.
    package var imports: [String] {
      switch self {
      case .eventuateTram: ["io.eventuate.tram"]
      // Other packages of the same name existed before Java EE moved.
      case .jakarta: ["jakarta.persistence", "jakarta.servlet", "jakarta.transaction", "jakarta.validation"]
      case .killBillQueue: ["org.killbill.bus", "org.killbill.notificationq", "org.killbill.queue"]
      case .rocketMQ: ["org.apache.rocketmq"]
      case .seata: ["io.seata", "org.apache.seata"]
      case .springBoot: ["org.springframework.boot"]
      case .springModulith: ["org.springframework.modulith"]
      case .txLCN: ["com.codingapi.txlcn", "com.codingapi.tx"]
      }
    }
  }

  /// Which library.
  package var name: Name
  /// How many files import it.
  package var files: Int

  /// A library and its number of files.
  package init(name: Name, files: Int) {
    self.name = name
    self.files = files
  }
}
