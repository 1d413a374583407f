package import Basics

/// How many places of one boundary touch a column.
package struct ColumnUse: Hashable, Sendable {
  /// Name of the boundary, or `shared`.
  package var service: String
  /// Places, at least 1.
  package var count: Int
}

/// Who touches one column.
package struct ColumnProof: Hashable, Sendable {
  /// The column as declared; `*` for statements about whole rows, empty where the columns of a statement are unknown.
  package var name: String
  /// Writing boundaries, most places first.
  package var writers: [ColumnUse]
  /// Reading boundaries, most places first.
  package var readers: [ColumnUse]
}

/// The smallest change of evidence that would make another boundary the owner.
package struct OwnerFlip: Hashable, Sendable {
  /// What decides the owner today; raw values are the public spelling.
  package enum Basis: String, Hashable, Sendable {
    /// The owner writes at least as much as any other boundary.
    case writes
    /// Another boundary writes more: the division of the tables decides.
    case division
    /// Nothing writes the table: it lies where its readers, keys or neighbours lie.
    case placement
    /// People decided.
    case decision
  }

  /// What decides today.
  package var basis = Basis.placement
  /// Write places that would have to move from the owner to the runner-up; 0 where places do not decide.
  package var placesToMove = 0
  /// Write places, each read in full, that would have to appear in the runner-up instead; 0 where places do not decide.
  package var placesToAppear = 0
  /// Write places of the owner that are inferred or guessed.
  package var unsurePlaces = 0
  /// Whether the runner-up would write more if those were left out.
  package var hangsOnUnsure = false
  /// In plain words; empty when there is nobody to flip to.
  package var sentence = ""

  /// Nothing is known.
  package init() {}
}

/// What writes a table without a statement in the code that a request runs.
package struct HiddenWriter: Hashable, Sendable {
  /// What writes; raw values are the public spelling.
  package enum Kind: String, Hashable, Sendable { case cascade, job, routine, trigger }

  /// What writes.
  package var kind: Kind
  /// The trigger, routine or job, or the table whose deletes cascade.
  package var name: String
  /// The boundary it acts for; empty when unknown.
  package var service: String
  /// Columns written, sorted; `*` for whole rows.
  package var columns: [String]
  /// Where it is declared; of a job the write.
  package var span: SourceSpan
  /// What it does, in a few words.
  package var effect: String
}

/// How the joint ownership of one table is resolved, in numbers and places.
package struct JointResolution: Hashable, Sendable {
  /// Columns that go to one boundary.
  package struct Part: Hashable, Sendable {
    /// The boundary.
    package var service: String
    /// Columns, in the order of the table.
    package var columns: [String]

    /// Columns of a boundary.
    package init(service: String, columns: [String]) {
      self.service = service
      self.columns = columns
    }
  }

  /// A boundary that has to call the owner.
  package struct Delegate: Hashable, Sendable {
    /// The boundary, or `shared`.
    package var service: String
    /// Places of the write statements that move to the owner, sorted.
    package var places: [SourceSpan]
    /// Places where it calls the owner's code already.
    package var callsNow: Int
  }

  /// A boundary's part of the write evidence.
  package struct Share: Hashable, Sendable {
    /// The boundary.
    package var service: String
    /// 0 to 1.
    package var share: Double
  }

  /// Of a table split: what each part holds besides the key, the owner's first.
  package var parts: [Part] = []
  /// Of a table split: the columns both parts are keyed by.
  package var key: [String] = []
  /// Of a table split: columns nobody writes, with the boundary that reads each most, else the owner.
  package var unwritten: [Part] = []
  /// Of delegation: who calls the owner, most places first.
  package var delegates: [Delegate] = []
  /// The writers' parts of the write evidence, strongest first.
  package var shares: [Share] = []
  /// What one writer would have to reach to dominate, or, of a consolidation, what the mutual writes had to reach; 0 to 1.
  package var threshold = 0.0
  /// Of a consolidation: the part of both boundaries' writes that goes to the other's tables, 0 to 1.
  package var mutualShare = 0.0

  /// Nothing to resolve.
  package init() {}
}

/// What shows that a table belongs where it is proposed to be.
package struct OwnerProof: Hashable, Sendable {
  /// Who touches which column: in the order of the table, then names the schema does not know.
  package var columns: [ColumnProof] = []
  /// What would flip it.
  package var flip = OwnerFlip()
  /// Writers that a look at the code does not show, sorted by kind and name.
  package var hiddenWriters: [HiddenWriter] = []
  /// How joint ownership is resolved.
  package var joint = JointResolution()

  /// Nothing shown.
  package init() {}
}
