import AWSProvider
import PlimsollCore
import Rating
import Testing

@Suite("Built-in prices and catalogue")
struct BuiltInPricesTests {
    private let prices = AWS.builtInPrices

    private func find(
        _ region: String, _ sku: String, _ offer: Offer, _ term: String = "", _ payment: String = "",
        os: String = "linux"
    ) -> PriceRow? {
        prices.first {
            $0.region == region && $0.sku == sku && $0.offer == offer && $0.term == term && $0.payment == payment
                && $0.os == os
        }
    }

    @Test("figures of 2017-11-12") func facts() {
        #expect(find("us-east-1", "m4.large", .onDemand)?.price == Money("0.1"))
        #expect(find("us-east-1", "m4.large", .riStandard, "1y", "none")?.price == Money("0.062"))
        let all = find("us-east-1", "m4.large", .riStandard, "1y", "all")
        #expect(all?.price == .zero)
        #expect(all?.upfront == Money("508.08"))
        let partial = find("us-east-1", "m4.large", .riConvertible, "3y", "partial")
        #expect(partial?.price == Money("0.023"))
        #expect(partial?.upfront == Money("604.44"))
        #expect(find("us-east-1", "m4.large", .familyPlan, "1y", "none")?.price == Money("0.062"))
        #expect(find("us-east-1", "m4.large", .computePlan, "1y", "none")?.price == Money("0.071"))
    }

    @Test("recent figures") func recent() {
        #expect(find("eu-west-1", "x2iedn.32xlarge", .onDemand)?.price == Money("32.012"))
        #expect(find("us-east-1", "x2iedn.32xlarge", .riStandard, "3y", "none")?.price == Money("8.55659"))
        let tokyo = find("ap-northeast-1", "c5.xlarge", .riStandard, "3y", "partial", os: "windows")
        #expect(tokyo?.upfront == Money(3_543))
        #expect(tokyo?.price == Money("0.135"))
        let plan = find("ap-northeast-1", "c5.xlarge", .computePlan, "1y", "none", os: "windows")
        #expect(plan?.price == Money("0.361"))
    }

    @Test("every row says where it is from; a made-up one says so first") func sources() {
        #expect(prices.count > 5_000)
        for row in prices {
            #expect(!row.source.isEmpty && row.currency == "USD" && !row.unit.isEmpty)
            guard row.offer == .familyPlan || row.offer == .computePlan else { continue }
            #expect(row.source.hasPrefix("synthetic: ") || row.source.hasPrefix("AWS Pricing Calculator"))
        }
        #expect(prices.filter { $0.service != "compute" }.allSatisfy { $0.source.hasPrefix("synthetic: ") })
    }

    @Test("rows are unique") func unique() {
        let keys = prices.map {
            [$0.region, $0.service, $0.sku, $0.os, $0.offer.rawValue, $0.term, $0.payment].joined(separator: ",")
        }
        #expect(Set(keys).count == keys.count)
    }

    @Test("no commitment is dearer than on-demand") func cheaper() {
        var onDemand: [[String]: Money] = [:]
        for row in prices where row.offer == .onDemand { onDemand[[row.region, row.sku, row.os]] = row.price }
        for row in prices where row.offer != .onDemand {
            guard let list = onDemand[[row.region, row.sku, row.os]], let term = Term(rawValue: row.term) else {
                Issue.record("\(row.sku) in \(row.region) has no on-demand price")
                continue
            }
            let perTerm = row.price.raw * Int128(term.hours) + row.upfront.raw
            let listPerTerm = list.raw * Int128(term.hours)
            let isCheaper = row.service == "lambda" ? perTerm <= listPerTerm : perTerm < listPerTerm
            #expect(
                isCheaper, "\(row.sku) \(row.os) in \(row.region), \(row.offer.rawValue) \(row.term) \(row.payment)")
        }
    }

    @Test("the catalogue has every SKU, with the factor its name says") func catalog() throws {
        let known = Dictionary(grouping: AWS.builtInCatalog, by: \.sku)
        #expect(known.allSatisfy { $0.value.count == 1 })
        #expect(Set(prices.map(\.sku)) == Set(known.keys))
        let expected = [
            ("t2.nano", "t2", "1", "0.5", "0.25"), ("m4.16xlarge", "m4", "64", "256", "128"),
            ("c4.8xlarge", "c4", "36", "60", "64"), ("x2iedn.32xlarge", "x2iedn", "128", "4096", "256"),
        ]
        for (sku, family, vcpu, memory, factor) in expected {
            let row = try #require(known[sku]?.first)
            #expect(row.family == family)
            #expect(row.vcpu == Quantity(vcpu))
            #expect(row.memoryGiB == Quantity(memory))
            #expect(row.sizeFactor == Quantity(factor))
            #expect(row.arch == "x86_64")
        }
        for row in AWS.builtInCatalog where row.sku.contains(".") {
            #expect(row.sizeFactor != nil, "\(row.sku)")
            #expect(row.vcpu != nil && row.memoryGiB != nil, "\(row.sku)")
        }
    }
}
