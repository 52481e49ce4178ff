import AWSProvider
import PlimsollCore
import Testing

@testable import Ledger

/// Sums of a bill's charges, and what terms they come from.
@Suite("Agreements out of a bill")
struct AgreementExtractionTests {
    private static func row(
        _ role: String, _ amount: String, name: String = "", month: String = "2026-01", service: String = "compute",
        of serviceName: String = "EC2", rows: Int = 1, cents: Bool = false, net: String = "0"
    ) -> JSONValue {
        .object([
            "provider": .string("aws"), "billing_account": .string("p"), "currency": .string("USD"),
            "m": .string(month),
            "role": .string(role), "name": .string(name), "service_name": .string(serviceName),
            "service": .string(role == "base" ? service : ""), "amount": .string(amount), "net": .string(net),
            "n": .int(rows), "cents": .bool(cents), "first": .string(month + "-01T00:00:00Z"),
        ])
    }

    private func found(_ rows: [JSONValue]) -> AgreementExtraction.Found {
        AgreementExtraction(vocabularies: [AWS.billVocabulary], rows: rows).found
    }

    private func percent(_ text: String) -> Quantity { Quantity(text) ?? .zero }

    @Test("a percentage that is even in every month") func even() {
        let result = found([
            Self.row("base", "1000"), Self.row("base", "503.37", month: "2026-02"),
            Self.row("discount", "-72.5", name: "EdpDiscount"),
            Self.row("discount", "-36.494325", name: "EdpDiscount", month: "2026-02"),
        ])
        #expect(
            result.agreements == [
                Agreement(name: "EdpDiscount", billingAccount: "p", kind: .discount(percent: percent("7.25")))
            ])
        #expect(result.gaps.isEmpty)
    }

    @Test("a percentage that changes is no agreement, but a gap") func changing() {
        let result = found([
            Self.row("base", "1000"), Self.row("base", "1000", month: "2026-02"),
            Self.row("discount", "-50", name: "EdpDiscount"),
            Self.row("discount", "-70", name: "EdpDiscount", month: "2026-02"),
        ])
        #expect(result.agreements.isEmpty)
        #expect(result.gaps.map(\.what) == ["EdpDiscount: -120 USD of `EC2`"])
        #expect(result.gaps.first?.reason.contains("no even percentage") == true)
    }

    @Test("a tax in whole cents is told as far as cents tell it") func cents() {
        let large = found([Self.row("base", "12345.678901"), Self.row("tax", "1018.52", name: "Tax", cents: true)])
        #expect(large.agreements.map(\.kind) == [.tax(percent: percent("8.25"))])
        // 61.50 of 17.70 could be many percentages.
        let small = found([Self.row("base", "17.7016"), Self.row("tax", "1.43", name: "Tax", cents: true)])
        #expect(small.agreements.isEmpty && small.gaps.count == 1)
    }

    @Test("discounts of services apart, then one of all on what is left") func scoped() {
        let result = found([
            Self.row("base", "100"), Self.row("base", "40", service: "Storage", of: "S3"),
            Self.row("base", "33", service: "", of: "EC2"),
            Self.row("discount", "-4", name: "PrivateRateDiscount", of: "S3"),
            Self.row("discount", "-8.45", name: "EdpDiscount"),
        ])
        #expect(result.agreements.map(\.service) == ["Storage", ""])
        #expect(
            result.agreements.map(\.kind) == [.discount(percent: percent("10")), .discount(percent: percent("5"))])
    }

    @Test(
        "published support tiers, else a percentage, else a gap",
        arguments: [
            ("1700", "tiers"), ("1250", "percent"), ("1234.567891234567", "gap"),
        ])
    func support(amount: String, what: String) {
        let result = found([Self.row("base", "20000"), Self.row("support", amount, name: "AWSSupportBusiness")])
        switch (what, result.agreements.first?.kind) {
        case ("tiers", .support(let tiers, let minimum)): #expect(tiers.count == 4 && minimum == Money(100))
        case ("percent", .support(let tiers, let minimum)):
            #expect(tiers == [.init(from: .zero, percent: percent("6.25"))] && minimum == .zero)
        case ("gap", nil): #expect(result.gaps.count == 1)
        default: Issue.record("\(what): \(result.agreements)")
        }
    }

    @Test("net columns without rows of discounts are a discount; with rows they are not counted twice") func net() {
        let net = [Self.row("base", "1000", net: "-120")]
        #expect(found(net).agreements.map(\.kind) == [.discount(percent: percent("12"))])
        let both = net + [Self.row("discount", "-120", name: "EdpDiscount")]
        #expect(found(both).agreements.map(\.name) == ["EdpDiscount"])
    }

    @Test("fees of every month and of one month") func fees() {
        let months = ["2026-01", "2026-02"]
        let result = found(
            months.flatMap { [Self.row("base", "10", month: $0), Self.row("fixed", "5", name: "monthly", month: $0)] }
                + [Self.row("fixed", "7", name: "once", month: "2026-02")])
        #expect(
            result.agreements.map(\.kind) == [
                .fixed(amount: Money(5), on: nil), .fixed(amount: Money(7), on: Day("2026-02-01")),
            ])
    }

    @Test("a credit ends with the month that shows it, and that it does is a gap") func credit() {
        let result = found([
            Self.row("base", "100"), Self.row("credit", "-30", name: "start-up"),
            Self.row("base", "100", month: "2026-02"), Self.row("credit", "-20", name: "start-up", month: "2026-02"),
        ])
        #expect(result.agreements.map(\.kind) == [.credit(amount: Money(50), expires: Day("2026-03-01"))])
        #expect(result.agreements.map(\.service) == ["compute"])
        #expect(result.gaps.count == 1)
    }
}
