import Reporting
import Testing

@Suite struct LayerTableTests {
  private var table: LayerTable {
    var call = LayerRow()
    call.name = "call"
    call.source = "calls, all of them"
    call.pairs = 12
    call.weight = 30.5
    call.share = 0.75
    call.inside = 0.5
    call.agreement = 1
    var write = LayerRow()
    write.name = "write"
    return LayerTable([call, write])
  }

  @Test func csvKeepsItsColumns() {
    #expect(
      table.text(format: "csv") == """
        layer,pairs,weight,share,inside,owners_without,source
        call,12,30.5,0.75,0.5,1,"calls, all of them"
        write,0,0,0,0,0,

        """)
  }

  @Test func jsonHoldsTheSame() {
    #expect(
      table.text(format: "json").hasPrefix(
        #"{"layers":[{"inside":0.5,"layer":"call","ownersWithout":1,"pairs":12,"share":0.75,"source":"calls, all of them","weight":30.5},"#
      ))
  }

  @Test func textIsAligned() {
    let lines = table.text(format: "text").split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].hasPrefix("call      12    30.5"))
    #expect(LayerTable.formats == LayerTable.formats.sorted())
  }
}
