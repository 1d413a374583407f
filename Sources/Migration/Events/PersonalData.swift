/// What a column may tell about a person, judged by whole words of its name and by its type.
///
/// A flag is evidence, not proof: a word has to stand at the end of the name, where it says what the value is
/// (`email` and `customer_email`, not `email_template`), and the type has to be able to hold such a value.
enum PersonalData: String, CaseIterable {
  case email, phone, name, address, birthDate = "birth date", ip = "ip address", account = "account or card number"
  case secret = "password or token", identity = "identity number"

  /// What was found, and on what evidence.
  struct Finding: Hashable {
    let kind: PersonalData
    /// `column "email", varchar(120)`.
    let evidence: String
  }

  /// The finding for a column of a table; nil when nothing speaks for one.
  static func finding(column: PlannedColumn, table: String) -> Finding? {
    var words = Self.words(column.name)
    if case .other = column.type.kind, ["inet", "inet4", "inet6"].contains(column.type.sql.lowercased()) {
      return Finding(kind: .ip, evidence: "type \(column.type.sql)")
    }
    func found(_ kind: PersonalData) -> Finding {
      Finding(kind: kind, evidence: "name \(column.name), type \(column.type.sql)")
    }
    for _ in 0...words.count {
      // The longest words say most: an address of mails is no place.
      let lengths = allCases.filter { $0.fits(column.type.kind) }.map { ($0, $0.length(endingOf: words)) }
      if let longest = lengths.map(\.1).max(), longest > 0, let kind = lengths.first(where: { $0.1 == longest }) {
        return found(kind.0)
      }
      if PersonalData.name.fits(column.type.kind), isPersonsName(words, table: table) { return found(.name) }
      // What follows the word may only say which one it is, or how it is kept.
      guard let last = words.last, neutral.contains(last) || last.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return nil
      }
      words.removeLast()
    }
    return nil
  }

  /// Whether values of this kind can be held; a date of the last mail is no address.
  private func fits(_ kind: ValueKind) -> Bool {
    switch (self, kind) {
    case (.birthDate, .date), (.birthDate, .timestamp), (.birthDate, .timestampZone), (_, .text),
      (_, .padded):
      true
    case (.phone, .integer), (.ip, .integer), (.account, .integer), (.identity, .integer): true
    case (.phone, .decimal), (.account, .decimal), (.identity, .decimal): true
    case (.secret, .binary), (.ip, .binary), (.email, .binary), (.account, .binary): true
    case (.address, .json), (.name, .json), (.secret, .json), (.secret, .uuid): true
    default: false
    }
  }

  /// How many of the last words are one of the endings of this kind; 0 when none is.
  private func length(endingOf words: [String]) -> Int {
    Self.endings[self, default: []].filter { words.count >= $0.count && Array(words.suffix($0.count)) == $0 }
      .map(\.count).max() ?? 0
  }

  /// `name` alone is a person's when the table or the word before it is about persons.
  private static func isPersonsName(_ words: [String], table: String) -> Bool {
    guard let last = words.last, ["name", "nombre", "nom"].contains(last) else { return false }
    let before = words.dropLast().last
    if let before { return persons.contains(before) }
    return Self.words(table).contains {
      persons.contains($0) || persons.contains(String($0.dropLast())) && $0.hasSuffix("s")
    }
  }

  /// The words of a name: split at what is no letter or digit, where a capital follows a small letter, and before the
  /// last capital of several (`IPAddress`); digits stand alone.
  static func words(_ name: String) -> [String] {
    enum Kind { case lower, upper, digit, other }
    func kind(_ scalar: Unicode.Scalar) -> Kind {
      let properties = scalar.properties
      if properties.numericType == .decimal { return .digit }
      if properties.isUppercase { return .upper }
      return properties.isAlphabetic ? .lower : .other
    }
    var words: [String] = []
    var word = ""
    let scalars = Array(name.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let now = kind(scalar)
      let before = index > 0 ? kind(scalars[index - 1]) : .other
      let after = index + 1 < scalars.count ? kind(scalars[index + 1]) : .other
      let isStart =
        now != before && !(before == .upper && now == .lower) || now == .upper && before == .upper && after == .lower
      if isStart, !word.isEmpty {
        words.append(word.lowercased())
        word = ""
      }
      if now != .other { word.unicodeScalars.append(scalar) }
    }
    if !word.isEmpty { words.append(word.lowercased()) }
    return words
  }

  private static func split(_ lines: [String]) -> [[String]] { lines.map { $0.split(separator: " ").map(String.init) } }

  /// Words that may follow without changing what the value is.
  private static let neutral: Set<String> = [
    "address", "alt", "cipher", "confirmation", "digest", "encrypted", "enc", "hash", "hashed", "home", "id", "key",
    "line", "masked", "new", "no", "nr", "number", "num", "old", "plain", "primary", "private", "salt", "secondary",
    "text", "txt", "value", "work", "current", "previous", "raw",
  ]

  /// Words for people, in the singular.
  private static let persons: Set<String> = [
    "account", "admin", "applicant", "author", "benutzer", "buyer", "cardholder", "client", "cliente", "contact",
    "customer", "doctor", "driver", "employee", "empleado", "guest", "holder", "kunde", "manager", "member", "owner",
    "passenger", "patient", "payee", "payer", "people", "person", "persona", "player", "receiver", "recipient",
    "seller",
    "sender", "staff", "student", "subscriber", "teacher", "tenant", "user", "usuario", "utilisateur", "vet", "visitor",
    "worker", "character",
  ]

  /// What names of each kind end with, each as the words in order.
  private static let endings: [PersonalData: [[String]]] = [
    .email: split([
      "email", "email address", "mail address", "e mail", "mail", "mailbox", "emailaddress", "correo", "courriel",
      "epost",
    ]),
    .phone: split([
      "phone", "telephone", "tel", "telno", "mobile", "mobil", "cellphone", "cell phone", "fax", "msisdn", "telefon",
      "telefono", "handy", "phonenumber", "phonenumbers", "phone numbers", "telefonnummer", "mobilenumber",
    ]),
    .name: split([
      "firstname", "first name", "lastname", "last name", "middlename", "middle name", "fullname", "full name",
      "surname", "givenname", "given name", "familyname", "family name", "nickname", "nick name", "username",
      "user name", "maidenname", "maiden name", "realname", "real name", "vorname", "nachname", "apellido", "apellidos",
      "prenom", "login name", "fname", "lname", "cardholder", "card holder",
    ]),
    .address: split([
      "address", "addr", "street", "streetname", "street name", "street address", "zip", "zipcode", "zip code",
      "postcode", "post code", "postalcode", "postal code", "anschrift", "adresse", "strasse", "plz", "direccion",
      "domicilio", "postleitzahl",
    ]),
    .birthDate: split([
      "birthdate", "birth date", "birthday", "birth day", "date of birth", "dateofbirth", "dob", "born", "geburtsdatum",
      "geburtstag", "fecha nacimiento", "date naissance",
    ]),
    .ip: split([
      "ip", "ipaddr", "ip addr", "ip address", "ipaddress", "ipv", "remote addr", "remote address", "client ip",
    ]),
    .account: split([
      "iban", "bic", "cardnumber", "card number", "card no", "cardno", "creditcard", "credit card", "cvv", "cvc",
      "bankaccount", "bank account", "kontonummer", "card num",
    ]),
    .secret: split([
      "password", "passwd", "passwort", "pwd", "passphrase", "secret", "token", "apikey", "api key", "contrasena",
      "credential", "credentials", "otp", "private key", "authtoken", "sessionid", "session id", "password hash",
    ]),
    .identity: split([
      "ssn", "passport", "passport number", "social security number", "national id", "nationalid", "tax id", "taxid",
      "personnummer", "dni", "cpf", "driving licence", "drivers license", "driver license", "identity card", "id card",
    ]),
  ]
}
