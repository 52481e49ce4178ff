import Foundation
import PlimsollCore
import Rating
import Testing

@Test(.enabled(if: ProcessInfo.processInfo.environment["DUMP"] != nil)) func dump() throws {
    var c = OracleCase(seed: Int(ProcessInfo.processInfo.environment["DUMP"] ?? "0") ?? 0).input
    print("window", c.window as Any)
    for l in c.usage { print("U", l.key.sortFields.joined(separator: ","), l.series.start, l.series.scale, l.series.values) }
    for p in c.prices { print("P", p.region, p.zone, p.service, p.sku, p.os, p.tenancy, p.offer.rawValue, p.term, p.payment, p.price, p.tierFrom, p.tierTo as Any, p.validFrom as Any, p.validTo as Any) }
    for m in c.commitments { print("C", m.id, m.account, m.offer.rawValue, m.sharing, m.region, m.zone, m.family, m.sku, m.os, m.tenancy, m.quantity, m.hourlyCommitment, m.term as Any, m.payment as Any, m.hourly, m.upfront, m.start as Any, m.end as Any) }
    for a in c.accounts { print("A", a) }
    c.detail = [.hour, .resource, .commitment]
    for r in try Rater.rate(c).rows { print("R", r.hour as Any, r.key?.sortFields.joined(separator: ",") ?? "", r.commitment ?? "", r.quantity, r.amounts.effective, r.amounts.onDemand) }
}

@Test(.enabled(if: ProcessInfo.processInfo.environment["TIME"] != nil)) func timing() throws {
    let clock = ContinuousClock()
    var made: Duration = .zero, oracleTime: Duration = .zero, rater: Duration = .zero, detail: Duration = .zero
    for seed in 0..<300 {
        var c = RatingInput()
        made += clock.measure { c = OracleCase(seed: seed).input }
        oracleTime += clock.measure { var o = OracleBilling(c); _ = o.bill() }
        rater += try clock.measure { _ = try Rater.rate(c) }
        c.detail = OracleTests.details[seed % 8]
        detail += try clock.measure { _ = try Rater.rate(c) }
    }
    print("TIMES", made, oracleTime, rater, detail)
}
