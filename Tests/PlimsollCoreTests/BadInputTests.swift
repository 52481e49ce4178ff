import PlimsollCore
import Testing

@Suite("Interchange files: what is refused, and how")
struct BadInputTests {
    /// A file that is wrong, and the errors it must give as `code@line:column`.
    struct Case: Sendable, CustomTestStringConvertible {
        var table: String
        var text: String
        var expected: [String]
        var testDescription: String { expected.first ?? table }

        init(_ table: String, _ text: String, _ expected: String...) {
            self.table = table
            self.text = text
            self.expected = expected
        }
    }

    private static let usageHeader = "hour,provider,sku,os,quantity\n"
    private static let hour = "2026-01-01T00:00:00Z"

    static let cases: [Case] = [
        Case("usage", "", "usage.empty-file@0:0"),
        Case("usage", "hour,provider,skuu,quantity\n", "usage.missing-column@1:1"),
        Case("usage", "hour,provider,sku,sku,quantity\n", "usage.duplicate-column@1:19"),
        Case("usage", usageHeader + "\(hour),aws,x,linux\n", "usage.bad-row@2:1"),
        Case("usage", usageHeader + "\(hour),aws,\"x,linux,1\n\n", "usage.unclosed-quote@2:26"),
        Case("usage", usageHeader + "\(hour),aws,\"x\"y,linux,1\n", "usage.broken-quote@2:29"),
        Case("usage", usageHeader + "\(hour),aws,x\"y,linux,1\n", "usage.broken-quote@2:27"),
        Case("usage", usageHeader + "\"\(hour)\",\"a\nws\",x,linus,1\n", "usage.unknown-os@3:7"),
        Case("usage", usageHeader + "2026-01-01T00:30:00Z,aws,x,,1\n", "usage.bad-hour@2:1"),
        Case("usage", usageHeader + "2026-01-01,aws,x,,1\n1/1/26,aws,x,,1\n", "usage.bad-hour@3:1"),
        Case("usage", usageHeader + "0026-01-01T00:00:00Z,aws,x,,1\n", "usage.bad-hour@2:1"),
        Case("usage", usageHeader + ",aws,x,,1\n", "usage.empty-cell@2:1"),
        Case("usage", usageHeader + "\(hour),,x,,1\n", "usage.empty-cell@2:22"),
        Case("usage", usageHeader + "\(hour),aws,x,,\n", "usage.empty-cell@2:29"),
        Case("usage", usageHeader + "\(hour),aws,x,,NaN\n", "usage.bad-quantity@2:29"),
        Case("usage", usageHeader + "\(hour),aws,x,,-1\n", "usage.negative-quantity@2:29"),
        Case("usage", usageHeader + "\(hour),aws,x,,1e20\n", "usage.out-of-range@2:29"),
        Case("usage", usageHeader + "\(hour),aws,x,,1e15\n\(hour),aws,x,,0.00001\n", "usage.out-of-range@3:29"),
        Case("prices", "provider,sku,offer,price,currency\naws,x,ondemand,1,USD\n", "prices.unknown-offer@2:7"),
        Case("prices", "provider,sku,offer,price,currency\naws,x,on-demand,-1,USD\n", "prices.negative-price@2:17"),
        Case(
            "prices", "provider,sku,offer,term,price,currency,tier_from,tier_to\naws,x,ri-standard,2y,1,USD,5,5\n",
            "prices.unknown-term@2:19", "prices.empty-tier@2:30"),
        Case(
            "prices",
            "provider,sku,offer,price,currency,valid_from,valid_to\naws,x,on-demand,1,USD,2026-02-30,2026-01-01\n",
            "prices.bad-valid_from@2:23"),
        Case("commitments", "id,provider,offer\na,aws,on-demand\n", "commitments.unknown-offer@2:7"),
        Case("commitments", "id,provider,offer\na,aws,compute-sp\n", "commitments.missing-hourly_commitment@2:1"),
        Case("commitments", "id,provider,offer\na,aws,ri-standard\n", "commitments.missing-quantity@2:1"),
        Case(
            "commitments", "id,provider,offer,quantity\na,aws,ri-standard,1\na,aws,ri-standard,-2\n",
            "commitments.duplicate-id@3:1", "commitments.negative-quantity@3:19"),
        Case(
            "commitments", "id,provider,offer,quantity,start,end\na,aws,ri-standard,1,2026-02-01,2026-01-01\n",
            "commitments.bad-end@2:32"),
        Case("accounts", "account,sharing\na,yes\n", "accounts.unknown-sharing@2:3"),
        Case("accounts", "account\na\na\n", "accounts.duplicate-account@3:1"),
        Case("fx", "date,from,to,rate\n2026-01-01,EUR,USD,0\n", "fx.bad-rate@2:20"),
        Case(
            "catalog", "provider,sku,size_factor,burstable\naws,x,0,maybe\n", "catalog.bad-size_factor@2:7",
            "catalog.bad-burstable@2:9"),
    ]

    static func decode(_ table: String, _ bytes: [UInt8]) throws(Failure) {
        switch table {
        case "usage": _ = try Interchange.usage(bytes, file: "f.csv")
        case "prices": _ = try Interchange.prices(bytes, file: "f.csv")
        case "catalog": _ = try Interchange.catalog(bytes, file: "f.csv")
        case "commitments": _ = try Interchange.commitments(bytes, file: "f.csv")
        case "accounts": _ = try Interchange.accounts(bytes, file: "f.csv")
        default: _ = try Interchange.fx(bytes, file: "f.csv")
        }
    }

    @Test("names code, line and column, with a hint", arguments: cases)
    func refused(_ item: Case) {
        do throws(Failure) {
            try Self.decode(item.table, Array(item.text.utf8))
            Issue.record("accepted")
        } catch {
            #expect(error.exitCode == .badInput)
            let found = error.diagnostics.map { "\($0.code)@\($0.place?.line ?? 0):\($0.place?.column ?? 0)" }
            #expect(found == item.expected)
            for diagnostic in error.diagnostics { #expect(diagnostic.hint?.isEmpty == false) }
        }
    }

    @Test("a misspelt column is recognised")
    func suggestion() {
        do throws(Failure) {
            try Self.decode("usage", Array("hour,provider,skuu,quantity\n".utf8))
        } catch {
            #expect(error.diagnostics.first?.hint?.contains("`skuu`") == true)
        }
    }

    @Test("all errors of a file, 50 shown, the rest counted")
    func capped() {
        var text = Self.usageHeader
        for _ in 0..<120 { text += "\(Self.hour),aws,x,,-1\n" }
        do throws(Failure) {
            try Self.decode("usage", Array(text.utf8))
            Issue.record("accepted")
        } catch {
            #expect(error.diagnostics.count == 51)
            #expect(error.diagnostics.last?.message.contains("70 more") == true)
        }
    }

    @Test("bytes that are no UTF-8")
    func encoding() {
        do throws(Failure) {
            try Self.decode("accounts", Array("account\n".utf8) + [0xFF, 0xFE, 0x0A])
            Issue.record("accepted")
        } catch {
            #expect(error.diagnostics.map(\.code) == ["accounts.bad-encoding"])
        }
    }

    @Test("random bytes never trap")
    func fuzz() {
        var state: UInt64 = 7
        func next(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        let pieces: [[UInt8]] = ["\"", ",", "\n", "\r\n", "2026-01-01T00:00:00Z", "aws", "1.5", "-", "x"].map {
            Array($0.utf8)
        }
        for _ in 0..<2_000 {
            var bytes = Array(InterchangeSchema.usage.header.utf8) + [0x0A]
            for _ in 0..<next(60) { bytes += pieces[next(9)] }
            _ = try? Interchange.usage(bytes, file: "f")
        }
    }
}
