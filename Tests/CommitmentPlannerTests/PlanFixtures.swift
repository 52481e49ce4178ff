import AWSProvider
import CommitmentPlanner
import PlimsollCore
import Rating

/// A small seeded generator (SplitMix64).
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Random small estates with prices under the offers that may be planned with.
enum Estates {
    static let start = Hour(index: 490_896)

    static func make(seed: UInt64, families: Int, hours: Int, offers: [Offer]) -> RatingInput {
        var dice = Dice(state: seed)
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        for family in 0..<families {
            for size in ["large", "xlarge"] {
                let key = UsageKey(
                    provider: "aws", billingAccount: "payer", account: "account-\(Int.random(in: 0..<3, using: &dice))",
                    region: "region-\(family % 2)", service: "compute", sku: "f\(family).\(size)", os: "linux",
                    tenancy: "shared", unit: "Hrs")
                let base = Int64.random(in: 0..<20, using: &dice)
                let values = (0..<hours).map { _ in max(0, base + Int64.random(in: -6..<7, using: &dice)) }
                input.usage.append(UsageLine(key: key, series: HourSeries(start: start, scale: 0, values: values)))
                addPrices(key, offers, size == "large" ? 1 : 2, &dice, &input)
            }
        }
        return input
    }

    private static func addPrices(
        _ key: UsageKey, _ offers: [Offer], _ weight: Int, _ dice: inout Dice, _ input: inout RatingInput
    ) {
        var row = PriceRow()
        (row.provider, row.region, row.service, row.sku) = (key.provider, key.region, key.service, key.sku)
        (row.os, row.tenancy, row.unit, row.currency) = (key.os, key.tenancy, key.unit, "USD")
        let onDemand = Int128(Int.random(in: 800..<1200, using: &dice) * weight)
        row.price = Money(raw: onDemand * 100_000_000)
        input.prices.append(row)
        for offer in offers {
            let percent: Range<Int> = offer == .computePlan ? 68..<76 : 55..<64
            row.offer = offer
            (row.term, row.payment) = ("1y", "none")
            row.price = Money(raw: onDemand * 1_000_000 * Int128(Int.random(in: percent, using: &dice)))
            input.prices.append(row)
        }
    }
}
