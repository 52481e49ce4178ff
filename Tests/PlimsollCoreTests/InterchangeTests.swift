import PlimsollCore
import Testing

@Suite("Interchange files: what is read")
struct InterchangeTests {
    private func usage(_ text: String) throws -> [UsageLine] {
        try Interchange.usage(Array(text.utf8), file: "u.csv").value
    }

    @Test("rows of a key become one series; rows of a key and hour are summed")
    func series() throws {
        let lines = try usage(
            """
            hour,provider,sku,quantity
            2026-01-01T02:00:00Z,aws,m5.large,1.50
            2026-01-01T00:00:00Z,aws,m5.large,2
            2026-01-01T02:00:00Z,aws,m5.large,0.25
            2026-01-01T01:00:00Z,aws,c5.large,3
            """)
        #expect(lines.map(\.key.sku) == ["m5.large", "c5.large"])
        #expect(lines[0].series.start.description == "2026-01-01T00:00:00Z")
        #expect(lines[0].series.scale == 2)
        #expect(lines[0].series.values == [200, 0, 175])
        #expect(lines[1].series.scale == 0)
        #expect(lines.map(\.order) == [0, 1])
    }

    @Test("on-demand and empty pricing, quoted and bare cells are the same key")
    func sameKey() throws {
        let lines = try usage(
            "hour,provider,sku,pricing,quantity\n2026-01-01T00:00:00Z,aws,m5.large,,1\n"
                + "2026-01-01T00:00:00Z,\"aws\",\"m5.large\",on-demand,2\n")
        #expect(lines.count == 1)
        #expect(lines.first?.series.values == [3])
    }

    @Test("decimals that cancel leave no scale")
    func trimmed() throws {
        let lines = try usage(
            "hour,provider,sku,quantity\n2026-01-01T00:00:00Z,aws,x,0.5\n2026-01-01T00:00:00Z,aws,x,0.5\n")
        #expect(lines.first?.series == HourSeries(start: Hour(index: 490_896), scale: 0, values: [1]))
    }

    @Test("byte order mark, CRLF, quoted line ends, unknown and reordered columns, blank lines")
    func dialects() throws {
        let text =
            "\u{FEFF}quantity,extra,hour,sku,provider\r\n1,\"a\r\nb \"\"c\"\"\",2026-01-01T00:00:00Z,\"x,y\",aws\r\n\r\n"
        let lines = try usage(text)
        #expect(lines.first?.key.sku == "x,y")
        #expect(lines.first?.series.values == [1])
    }

    @Test("rows backwards in time")
    func backwards() throws {
        var text = "hour,provider,sku,quantity\n"
        for index in (490_896..<492_896).reversed() { text += "\(Hour(index: index)),aws,x,\(index - 490_895)\n" }
        let lines = try usage(text)
        #expect(lines.first?.series.values == (1...2_000).map { Int64($0) })
    }

    @Test("a header alone is valid")
    func headerOnly() throws {
        for schema in InterchangeSchema.all where schema.layout == .csv {
            let bytes = Array((schema.header + "\n").utf8)
            switch schema.name {
            case "usage": #expect(try Interchange.usage(bytes, file: "f").value.isEmpty)
            case "prices": #expect(try Interchange.prices(bytes, file: "f").value.isEmpty)
            case "catalog": #expect(try Interchange.catalog(bytes, file: "f").value.isEmpty)
            case "commitments": #expect(try Interchange.commitments(bytes, file: "f").value.isEmpty)
            case "accounts": #expect(try Interchange.accounts(bytes, file: "f").value.isEmpty)
            case "fx": #expect(try Interchange.fx(bytes, file: "f").value.isEmpty)
            default: break
            }
        }
    }

    @Test("numbers finer than 12 places are rounded and counted once")
    func rounding() throws {
        let text = "provider,sku,offer,price,currency\naws,a,on-demand,0.0000000000005,USD\naws,b,on-demand,1e-13,USD\n"
        let decoded = try Interchange.prices(Array(text.utf8), file: "p.csv")
        #expect(decoded.warnings.map(\.code) == ["prices.rounded"])
        #expect(decoded.warnings.first?.place?.line == 2)
        #expect(decoded.warnings.first?.message.contains("2 numbers") == true)
    }

    @Test("an offer dearer than on-demand is said")
    func dearer() throws {
        let text =
            "provider,sku,offer,term,price,upfront,currency\naws,a,on-demand,,0.1,,USD\naws,a,ri-standard,1y,0.05,876,USD\n"
        let decoded = try Interchange.prices(Array(text.utf8), file: "p.csv")
        #expect(decoded.warnings.map(\.code) == ["prices.dearer-than-on-demand"])
        #expect(decoded.warnings.first?.place?.line == 3)
    }

    @Test("what is written reads back the same")
    func roundTrip() throws {
        var key = UsageKey(provider: "aws", sku: "m5, \"large\"")
        key.resource = "i-1\n2"
        key.pricing = .spot
        let line = UsageLine(
            key: key, series: HourSeries(start: Hour(index: 490_896), scale: 3, values: [0, 1_500, 0, 7, 0]))
        #expect(try Interchange.usage(Interchange.write(usage: [line]), file: "u").value == [line])

        var item = Commitment()
        (item.id, item.provider, item.offer) = ("a", "aws", .computePlan)
        (item.hourlyCommitment, item.term, item.payment) = (Money(raw: 1), .threeYears, .partial)
        item.start = Instant("2026-01-01T00:30:00Z")
        var read = try Interchange.commitments(Interchange.write(commitments: [item]), file: "c").value
        read[0].place = nil
        #expect(read == [item])

        var price = PriceRow()
        (price.provider, price.sku, price.currency) = ("aws", "*", "USD")
        (price.tierTo, price.validTo, price.upfront) = (Quantity(10), Day("2026-02-01"), Money(3))
        price.offer = .riStandard
        #expect(try Interchange.prices(Interchange.write(prices: [price]), file: "p").value == [price])
    }
}
