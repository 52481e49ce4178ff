import Foundation
import Ledger
import PlimsollCore
import Rating
import Testing

/// Files are synthetic, in the columns that the vendor publishes.
@Suite("AWS price lists", .enabled(if: PriceListFixture.isAvailable, "duckdb is missing: run scripts/bootstrap"))
struct AWSPriceListTests {
    private func offers() -> OfferFile {
        var file = OfferFile()
        file.add("A1")
        file.add(
            "A2",
            [
                "Operating System": "Windows", "License Model": "License Included", "operation": "RunInstances:0002",
                "PricePerUnit": "0.1990000000",
            ])
        file.add(
            "A3",
            [
                "Operating System": "Windows", "License Model": "Bring your own license",
                "operation": "RunInstances:0800",
            ])
        file.add(
            "A4",
            [
                "Operating System": "Windows", "Pre Installed S/W": "SQL Std", "operation": "RunInstances:0006",
                "PricePerUnit": "0.6790000000",
            ])
        file.add("A5", ["Operating System": "RHEL", "operation": "RunInstances:0010", "PricePerUnit": "0.1670000000"])
        file.add("A6", ["Operating System": "SUSE", "operation": "RunInstances:000g", "PricePerUnit": "0.1570000000"])
        file.add(
            "A7", ["Tenancy": "Dedicated", "usageType": "EU-DedicatedUsage:m5.large", "PricePerUnit": "0.1130000000"])
        file.add("A8", ["Tenancy": "Host", "usageType": "EU-HostBoxUsage:m5.large", "PricePerUnit": "0.0000000000"])
        file.add("A9", ["CapacityStatus": "UnusedCapacityReservation", "usageType": "EU-UnusedBox:m5.large"])
        file.add("B1", ["CapacityStatus": "AllocatedCapacityReservation", "PricePerUnit": "0"])
        file.add(
            "B2",
            ["Region Code": "", "Tenancy": "Shared", "Instance Type": "m5.xlarge", "vCPU": "4", "Memory": "1,952 GiB"])
        file.add(
            "B3",
            [
                "Operating System": "Other OS", "operation": "RunInstances:zz00",
                "License Model": "Bring your own license",
            ])
        return file
    }

    private static let expected = [
        "eu-west-1 allocated-capacity-reservation m5.large linux - shared on-demand - - 0 0 Hrs",
        "eu-west-1 compute m5.large - zz00+byol shared on-demand - - 0 0.107 Hrs",
        "eu-west-1 compute m5.large linux - dedicated on-demand - - 0 0.113 Hrs",
        "eu-west-1 compute m5.large linux - host on-demand - - 0 0 Hrs",
        "eu-west-1 compute m5.large linux - shared on-demand - - 0 0.107 Hrs",
        "eu-west-1 compute m5.large rhel - shared on-demand - - 0 0.167 Hrs",
        "eu-west-1 compute m5.large sles - shared on-demand - - 0 0.157 Hrs",
        "eu-west-1 compute m5.large windows - shared on-demand - - 0 0.199 Hrs",
        "eu-west-1 compute m5.large windows byol shared on-demand - - 0 0.107 Hrs",
        "eu-west-1 compute m5.large windows sql-std shared on-demand - - 0 0.679 Hrs",
        "eu-west-1 compute m5.xlarge linux - shared on-demand - - 0 0.107 Hrs",
        "eu-west-1 unused-capacity-reservation m5.large linux - shared on-demand - - 0 0.107 Hrs",
    ]

    @Test("systems, licences, tenancies and capacity reservations become the contract's words")
    func words() throws {
        let lists = try PriceListFixture()
        let book = try lists.run([lists.write("list.csv", offers().csv)])
        #expect(book.rows.map(\.short) == Self.expected)
        #expect(book.summary.formats == ["aws-offer-csv"])
        let first = try #require(book.rows.first)
        #expect(
            first.validFrom == Day("2026-11-01") && first.source == "AWS price list AmazonEC2, version 20261101000000")
    }

    @Test("the JSON form gives the same book, packed or not, whatever the order of columns")
    func forms() throws {
        var file = offers()
        file.reserve("A1", "T1", "1yr", "Partial Upfront", fee: "300", hourly: "0.0340000000")
        file.reserve("A1", "T2", "3yr", "All Upfront", fee: "900", hourly: "0.0000000000", class: "convertible")
        let lists = try PriceListFixture()
        let csv = try lists.run([lists.write("list.csv", file.csv)])
        let json = try lists.run([lists.write("list.json", file.json)])
        let packed = try lists.run([lists.pack(lists.write("packed.json", file.json))])
        file.columns = file.columns.reversed()
        let other = try lists.run([lists.pack(lists.write("other.csv", file.csv))])
        for book in [json, packed, other] { #expect(book.rows == csv.rows && book.catalog == csv.catalog) }
        #expect(json.summary.formats == ["aws-offer-json"])
        #expect(csv.rows.count == Self.expected.count + 2)
    }

    @Test("facts of machines go to the catalogue")
    func catalog() throws {
        var file = OfferFile()
        file.add("A1")
        file.add(
            "A2",
            [
                "Instance Type": "t4g.nano", "Physical Processor": "AWS Graviton2 Processor", "vCPU": "2",
                "Memory": "0.5 GiB", "Network Performance": "Up to 5 Gigabit", "Normalization Size Factor": "0.25",
            ])
        file.add(
            "A3",
            [
                "Instance Type": "p3.2xlarge", "GPU": "1", "Memory": "61 GiB",
                "Network Performance": "Up to 12500 Megabit",
                "Normalization Size Factor": "16",
            ])
        file.add("A4", ["Product Family": "Storage", "Unit": "GB-Mo", "Instance Type": "", "operation": ""])
        let lists = try PriceListFixture()
        let book = try lists.run([lists.write("list.csv", file.csv)])
        let rows = book.catalog
        #expect(rows.map(\.sku) == ["m5.large", "p3.2xlarge", "t4g.nano"])
        #expect(rows.map(\.family) == ["m5", "p3", "t4g"])
        #expect(rows.map(\.sizeFactor) == [Quantity("4"), Quantity("16"), Quantity("0.25")])
        #expect(rows.map(\.memoryGiB) == [Quantity("8"), Quantity("61"), Quantity("0.5")])
        #expect(rows.map(\.arch) == ["x86_64", "x86_64", "arm64"])
        #expect(rows.map(\.networkGbps) == [Quantity("10"), Quantity("12.5"), Quantity("5")])
        #expect(rows.map(\.gpuCount) == [nil, Quantity("1"), nil])
        #expect(rows.map(\.burstable) == [false, false, true])
        #expect(book.rows.contains { $0.short == "eu-west-1 AmazonEC2 A4 - - - on-demand - - 0 0.107 GB-Mo" })
    }

    @Test("tiers keep their ends")
    func tiers() throws {
        var file = OfferFile()
        let own = [
            "Product Family": "Data Transfer", "Instance Type": "", "operation": "", "Unit": "GB", "CapacityStatus": "",
        ]
        file.add(
            "D1", own.merging(["StartingRange": "0", "EndingRange": "10240", "PricePerUnit": "0.0900000000"]) { $1 })
        file.add(
            "D1", own.merging(["StartingRange": "10240", "EndingRange": "Inf", "PricePerUnit": "0.0850000000"]) { $1 })
        let lists = try PriceListFixture()
        let rows = try lists.run([lists.write("list.csv", file.csv)]).rows
        #expect(rows.map(\.tierFrom) == [.zero, Quantity("10240")])
        #expect(rows.map(\.tierTo) == [Quantity("10240"), nil])
    }

    @Test("what is no price is counted by reason")
    func leftOut() throws {
        var file = OfferFile()
        file.add("A1")
        file.add("A2", ["TermType": "Weekly"])
        file.reserve("A1", "T1", "1yr", "Heavy Utilization", fee: "300", hourly: "0.03")
        file.reserve("A1", "T2", "1yr", "Partial Upfront", fee: nil, hourly: "0.03")
        file.reserve("A1", "T3", "1yr", "Partial Upfront", fee: "300", hourly: nil)
        file.reserve("A1", "T4", "3yr", "All Upfront", fee: "900", hourly: nil)
        file.reserve("A1", "T5", "2yr", "No Upfront", fee: nil, hourly: "0.05")
        file.reserve("A1", "T6", "1yr", "Partial Upfront", fee: "300", hourly: "0.03")
        file.reserve("A1", "T6", "1yr", "Partial Upfront", fee: "301", hourly: nil)
        let lists = try PriceListFixture()
        let book = try lists.run([lists.write("list.csv", file.csv)])
        #expect(
            Dictionary(uniqueKeysWithValues: book.summary.leftOut.map { ($0.reason, $0.rows) }) == [
                "its term type is Weekly": 1, "its purchase option is Heavy Utilization": 2,
                "its upfront fee is not in the file": 1, "its rate by the hour is not in the file": 1,
                "its lease is 2yr": 1, "its upfront fee is given twice": 3,
            ])
        #expect(
            book.rows.map(\.short) == [
                "eu-west-1 compute m5.large linux - shared on-demand - - 0 0.107 Hrs",
                "eu-west-1 compute m5.large linux - shared ri-standard 3y all 900 0 Hrs",
            ])
    }

    /// An oracle of a few lines: the rates and fees of a shuffled file, joined by a dictionary.
    @Test("Reserved Instances: every fee joins its own rate", arguments: 1...8)
    func pairing(seed: Int) throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var file = OfferFile()
        var expected: [String] = []
        for number in 0..<40 {
            let type = "x\(number % 7).s\(number)"
            let own = ["Instance Type": type]
            for (code, lease) in [("Y1", "1yr"), ("Y3", "3yr")] {
                let option = next(3)
                let (fee, cents) = (100 + next(5_000), next(900))
                let hourly = option == 2 ? "0.0000000000" : "0.\(String(1_000 + cents))000000"
                file.reserve(
                    "S\(number)", code, lease, ["No Upfront", "Partial Upfront", "All Upfront"][option],
                    fee: option == 0 ? nil : String(fee), hourly: hourly, own)
                let price = Money(hourly) ?? .zero
                let words = ["none", "partial", "all"]
                expected.append(
                    "eu-west-1 compute \(type) linux - shared ri-standard \(lease.prefix(1))y \(words[option]) "
                        + "\(option == 0 ? 0 : fee) \(price) Hrs")
            }
        }
        for index in file.rows.indices.reversed() { file.rows.swapAt(index, next(index + 1)) }
        let lists = try PriceListFixture()
        let book = try lists.run([lists.write("list.csv", file.csv)])
        #expect(book.rows.map(\.short).sorted() == expected.sorted())
        #expect(book.summary.fees == file.rows.count - expected.count)
    }

    private static let planExpected = [
        "eu-west-1 AWSLambda L1 - - - compute-sp 1y all 0 0.0000138 Lambda-GB-Second",
        "eu-west-1 AmazonRDS D1 - - - database-sp 1y none 0 0.1 Hrs",
        "eu-west-1 AmazonSageMaker M1 - - - sagemaker-sp 3y partial 0 0.2 Hrs",
        "eu-west-1 compute m5.large linux - dedicated compute-sp 1y all 0 0.085 Hrs",
        "eu-west-1 compute m5.large linux - shared compute-sp 1y all 0 0.078 Hrs",
        "eu-west-1 compute m5.large windows - shared family-sp 3y none 0 0.151 Hrs",
        "eu-west-1 unused-capacity-reservation m5.large linux - shared compute-sp 1y all 0 0.078 Hrs",
    ]

    @Test("Savings Plans, CSV and JSON: offers, terms, payments; systems by their operations")
    func plans() throws {
        let lists = try PriceListFixture()
        for text in [("plans.csv", PlanFile.csv), ("plans.json", PlanFile.json)] {
            let book = try lists.run([lists.write(text.0, text.1)])
            #expect(book.rows.map(\.short) == Self.planExpected, "\(text.0)")
            #expect(book.summary.rowsIn == PlanFile.rates.count)
            #expect(book.rows.allSatisfy { $0.validFrom == Day("2026-10-01") && $0.source.hasSuffix("version 2026") })
        }
    }

    private static let samples: URL = {
        let named = ProcessInfo.processInfo.environment["PLIMSOLL_SHARED"].map { URL(filePath: $0) }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = root.deletingLastPathComponent().appending(path: "shared")
        return (named ?? beside).appending(path: "data/prices")
    }()

    private static func sample(_ name: String) -> String { samples.appending(path: name).path }
    private static func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: sample(name)) }

    @Test(
        "the sample of an offer file",
        .enabled(if: isThere("aws_offers_ec2_eu-west-1_sample.csv"), "the sample price lists are not here"))
    func offerSample() throws {
        let lists = try PriceListFixture()
        let book = try lists.run([Self.sample("aws_offers_ec2_eu-west-1_sample.csv")])
        #expect(book.summary.rowsIn == 106 && book.summary.padded == 98)
        let shorts = Set(book.rows.map(\.short))
        #expect(shorts.contains("eu-west-1 compute c1.medium linux - shared ri-standard 3y all 1680 0 Hrs"))
        #expect(shorts.contains("eu-west-1 compute c3.2xlarge windows sql-ent dedicated on-demand - - 0 3.894 Hrs"))
    }

    @Test(
        "the sample of a Savings Plans file",
        .enabled(if: isThere("aws_savingsplan_eu-west-1_sample.json"), "the sample price lists are not here"))
    func planSample() throws {
        let lists = try PriceListFixture()
        let book = try lists.run([Self.sample("aws_savingsplan_eu-west-1_sample.json")])
        #expect(book.summary.rowsIn == 15 && book.summary.prices == 15)
        let shorts = Set(book.rows.map(\.short))
        #expect(shorts.contains("eu-west-1 compute c1.medium linux - shared compute-sp 1y all 0 0.098 Hrs"))
        #expect(shorts.contains("eu-west-1 compute c1.medium linux - dedicated family-sp 1y none 0 0.087 Hrs"))
    }
}
