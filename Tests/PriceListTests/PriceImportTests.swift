import Foundation
import Ledger
import PlimsollCore
import Testing

@Suite("Importing price lists", .enabled(if: PriceListFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct PriceImportTests {
    private func list(_ count: Int = 3) -> OfferFile {
        var file = OfferFile()
        for number in 0..<count {
            file.add("A\(number)", ["Instance Type": "m5.s\(number)", "PricePerUnit": "0.\(100 + number)0000000"])
        }
        return file
    }

    @Test("files that are none: 0 bytes, cut-off gzip and JSON, a directory, nothing there, HTML")
    func broken() throws {
        let lists = try PriceListFixture()
        func code(_ path: String) -> String {
            lists.failure([path]).map { "\($0.exitCode) \($0.diagnostics[0].code)" } ?? "none"
        }
        #expect(code(try lists.write("empty.csv", "")) == "badInput prices.empty-file")
        #expect(code(lists.folder.path) == "noInput input.directory")
        #expect(code(lists.folder.path + "/no.csv") == "noInput input.missing")
        #expect(code(try lists.write("page.csv", "<!DOCTYPE html>\n<p>403</p>\n")) == "badInput prices.unrecognised")
        #expect(code(try lists.write("other.json", #"{"a": [1, 2]}"#)) == "badInput prices.unrecognised")
        let text = list(200).csv
        let packed = try lists.pack(lists.write("list.csv", text))
        let bytes = try Data(contentsOf: URL(filePath: packed))
        try bytes.prefix(bytes.count - 200).write(to: URL(filePath: packed))
        #expect(code(packed) == "badInput import.bad-gzip")
        let json = list(50).json
        for part in [2, 3] {
            let cut = try lists.write("cut-\(part).json", String(json.prefix(json.count * part / 4)))
            #expect(code(cut) == "badInput prices.bad-json")
        }
        #expect(code(try lists.write("odd.json", json.dropLast(2) + ";}")) == "badInput prices.bad-json")
    }

    @Test("a header that lacks a column says which and where; a format that is none says which there are")
    func headers() throws {
        let lists = try PriceListFixture()
        var file = list()
        file.columns.removeAll { $0 == "PricePerUnit" }
        let path = try lists.write("list.csv", file.csv)
        for format in [nil, "aws-offer-csv"] {
            let failure = try #require(lists.failure([path], format: format))
            #expect(failure.exitCode == .badInput && failure.diagnostics[0].code == "prices.missing-column")
            #expect(
                failure.diagnostics[0].message.contains("`PricePerUnit`") && failure.diagnostics[0].place?.line == 6)
        }
        let unknown = try #require(lists.failure([path], format: "aws-ofer-csv"))
        #expect(unknown.exitCode == .usage && unknown.diagnostics[0].hint?.contains("`aws-offer-csv`") == true)
        let wrong = try #require(
            lists.failure([try lists.write("good.csv", list().csv)], format: "gcp-billing-catalog"))
        #expect(wrong.exitCode == .badInput && wrong.diagnostics[0].code == "prices.unrecognised")
        // Columns that only describe may be absent.
        file = list()
        file.columns.removeAll { ["GPU", "MarketOption", "Region Code", "CapacityStatus"].contains($0) }
        #expect(try lists.run([lists.write("few.csv", file.csv)]).rows.count == 3)
    }

    @Test("a header alone is a book without prices")
    func headerOnly() throws {
        let lists = try PriceListFixture()
        let book = try lists.run([lists.write("list.csv", OfferFile().csv)])
        #expect(book.rows.isEmpty && book.summary.rowsIn == 0)
    }

    @Test("cells that cannot be read are listed with file, row, column, value and reason")
    func rejects() throws {
        let lists = try PriceListFixture()
        var file = list(6)
        file.rows[1]["PricePerUnit"] = "0,12"
        file.rows[2]["PricePerUnit"] = "-1"
        file.rows[3]["EffectiveDate"] = "soon"
        file.rows[4]["Currency"] = ""
        var lines = file.csv.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines.insert("\"A5\",\"JRTCKXETXF\",cut", at: 10)
        let book = try lists.run([lists.write("list.csv", lines.joined(separator: "\n"))])
        #expect(book.rows.map(\.sku) == ["m5.s0", "m5.s5"])
        #expect(book.summary.rejected == 5)
        let listed = book.rejects.map { $0.split(separator: ",", maxSplits: 1).last.map(String.init) ?? "" }
        #expect(listed.contains("8,price,\"0,12\",is no decimal number"))
        #expect(listed.contains("9,price,-1,is negative"))
        #expect(listed.contains("10,valid_from,soon,is no date"))
        #expect(listed.contains("12,currency,,is empty"))
    }

    @Test("a filter keeps rows out and counts them; the same row twice is one price")
    func filters() throws {
        let lists = try PriceListFixture()
        var file = list(4)
        file.rows.append(file.rows[0])
        file.add("Z", ["Region Code": "us-east-1"])
        file.reserve("A0", "T", "1yr", "Partial Upfront", fee: "300", hourly: "0.03")
        let path = try lists.write("list.csv", file.csv)
        let twice = try lists.run([path, path])
        #expect(twice.summary.prices == 6 && twice.summary.fees == 2 && twice.summary.duplicates == 8)
        let all = try lists.run([path], filter: PriceFilter(offers: ["on-demand"]))
        #expect(all.summary.prices == 5 && all.summary.duplicates == 1 && all.summary.ambiguous == 0)
        let few = try lists.run([path], filter: PriceFilter(regions: ["eu-west-1"], skus: ["m5.s1", "m5.s2"]))
        #expect(few.rows.map(\.sku) == ["m5.s1", "m5.s2"] && few.summary.outside == 6)
    }

    @Test("prices that contradict each other are told")
    func ambiguous() throws {
        let lists = try PriceListFixture()
        var file = list(2)
        file.add("B", ["Instance Type": "m5.s1", "PricePerUnit": "0.5"])
        let book = try lists.run([lists.write("list.csv", file.csv)])
        #expect(book.summary.ambiguous == 1 && book.summary.ambiguousExample == "m5.s1" && book.rows.count == 3)
    }

    @Test("the contract itself, CSV and Parquet, goes through unchanged; its faults have their places")
    func contract() throws {
        let lists = try PriceListFixture()
        let text = """
            provider,region,service,sku,offer,term,payment,upfront,price,currency,unit,tier_from,tier_to,valid_from
            x,r,compute,a,on-demand,,,,0.1,USD,Hrs,,100,2026-01-01
            x,r,compute,a,on-demand,,,,0.05,USD,Hrs,100,,2026-01-01
            x,r,compute,a,reservation,1y,all,500,0,EUR,Hrs,,,

            """
        let path = try lists.write("own.csv", text)
        let book = try lists.run([path])
        #expect(book.rows == (try Interchange.prices(Array(text.utf8), file: "own.csv").value))
        #expect(book.summary.formats == ["plimsoll"])
        let again = try lists.run([book.path])
        #expect(again.rows == book.rows)
        let bad = try #require(lists.failure([try lists.write("bad.csv", text.replacing("0.05", with: "cheap"))]))
        #expect(
            bad.exitCode == .badInput && bad.diagnostics[0].code == "prices.bad-price"
                && bad.diagnostics[0].place?.line == 3)
        let damaged = try lists.write("damaged.parquet", "PAR1 and no more")
        #expect(lists.failure([damaged])?.diagnostics[0].code == "prices.unreadable")
    }

    @Test("several lists are one book; the same lists give the same bytes")
    func together() throws {
        let lists = try PriceListFixture()
        let first = try lists.write("one.csv", list(300).csv)
        var second = OfferFile()
        second.add("U", ["Region Code": "us-east-1"])
        let other = try lists.write("two.json", second.json)
        let book = try lists.run([first, other])
        #expect(book.rows.count == 301 && Set(book.rows.map(\.region)) == ["eu-west-1", "us-east-1"])
        let again = try lists.run([first, other])
        let bytes = try [book.path, again.path].map { try Data(contentsOf: URL(filePath: $0)) }
        #expect(bytes[0] == bytes[1])
    }

    @Test("books in a ledger: kept under their name, replaced whole, found again")
    func store() throws {
        let lists = try PriceListFixture()
        let store = PriceStore(LedgerStore(lists.folder.appending(path: "ledger").path))
        let importer = PriceImporter(lists.duckdb, mappings: PriceListFixture.mappings)
        func add(_ file: OfferFile) throws -> PriceStore.Stored {
            try store.add("ec2", [lists.write("list.csv", file.csv)], format: nil, filter: .init(), importer) { _ in }
        }
        #expect(try !add(list(3)).isUnchanged)
        #expect(try add(list(3)).isUnchanged)
        let second = try add(list(4))
        #expect(!second.isUnchanged && second.manifest.summary.prices == 4)
        let found = try #require(try store.book("ec2"))
        #expect(try PriceQuery(lists.duckdb, [found]).count(.init()) == 4)
        #expect(throws: Failure.self) {
            try store.add("ec2", [lists.write("bad.csv", "<html>")], format: nil, filter: .init(), importer) { _ in }
        }
        #expect(try store.manifests().map(\.summary.prices) == [4])
        let names = try FileManager.default.contentsOfDirectory(atPath: lists.folder.path + "/ledger/prices").sorted()
        #expect(names == ["ec2.json", second.manifest.file, second.manifest.catalog ?? ""].sorted())
    }

    private static let head = "provider,region,service,sku,offer,term,payment,upfront,price,currency,unit,valid_from\n"
    private static let old = """
        x,r,compute,a,on-demand,,,,0.1,USD,Hrs,2026-01-01
        x,r,compute,b,on-demand,,,,0.3,USD,Hrs,2026-01-01
        x,r,compute,c,on-demand,,,,0.2,USD,Hrs,2026-01-01
        x,r,compute,d,on-demand,,,,0,USD,Hrs,2026-01-01
        x,r,compute,e,reservation,1y,partial,876,0.1,USD,Hrs,2026-01-01
        x,r,compute,f,on-demand,,,,0.4,USD,Hrs,2026-01-01
        x,r,compute,f,on-demand,,,,0.5,USD,Hrs,2026-02-01

        """
    private static let new = """
        x,r,compute,a,on-demand,,,,0.11,USD,Hrs,2026-03-01
        x,r,compute,b,on-demand,,,,0.2,USD,Hrs,2026-03-01
        x,r,compute,g,on-demand,,,,0.2,USD,Hrs,2026-01-01
        x,r,compute,d,on-demand,,,,0.1,USD,Hrs,2026-01-01
        x,r,compute,e,reservation,1y,partial,438,0.15,USD,Hrs,2026-01-01
        x,r,compute,f,on-demand,,,,0.5,USD,Hrs,2026-01-01

        """

    @Test("what changed: new, gone, dearer, cheaper, in per cent of the whole term")
    func difference() throws {
        let lists = try PriceListFixture()
        let books = [
            PriceBookFile(path: try lists.write("old.csv", Self.head + Self.old)),
            PriceBookFile(path: try lists.write("new.csv", Self.head + Self.new)),
        ]
        let difference = try PriceDifference(lists.duckdb, old: [books[0]], new: [books[1]])
        let counts = try difference.counts()
        let found = [counts.new, counts.gone, counts.dearer, counts.cheaper, counts.shifted, counts.same]
        let expected: [Int] = [1, 1, 2, 1, 1, 1]
        #expect(found == expected)
        var bytes: [UInt8] = []
        try difference.stream(.csv) { bytes += $0 }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
        #expect(
            lines == [
                "cheaper,-33.33,x,r,,compute,b,,,,on-demand,,,USD,Hrs,,0.3,0.2,,",
                "dearer,10.00,x,r,,compute,a,,,,on-demand,,,USD,Hrs,,0.1,0.11,,",
                "shifted,0.00,x,r,,compute,e,,,,reservation,1y,partial,USD,Hrs,,0.1,0.15,876,438",
                "dearer,,x,r,,compute,d,,,,on-demand,,,USD,Hrs,,0,0.1,,",
                "new,,x,r,,compute,g,,,,on-demand,,,USD,Hrs,,,0.2,,",
                "gone,,x,r,,compute,c,,,,on-demand,,,USD,Hrs,,0.2,,,",
            ])
    }
}
