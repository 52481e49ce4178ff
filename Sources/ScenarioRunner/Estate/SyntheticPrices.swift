internal import PlimsollCore

/// Made-up prices for machines that have none: drawn from a seed, with the usual relations between
/// offers, and called synthetic in `source`.
struct SyntheticPrices {
    private static let variants: [(Term, Payment, Int, Int, Int)] = [
        (.oneYear, .none, 640, 730, 740), (.oneYear, .partial, 610, 700, 710), (.oneYear, .all, 600, 690, 700),
        (.threeYears, .none, 450, 540, 550), (.threeYears, .partial, 420, 510, 520),
        (.threeYears, .all, 400, 490, 500),
    ]

    private let seed: Int
    private var random: SplitMix64

    init(seed: Int) {
        self.seed = seed
        random = SplitMix64(seed: seed)
    }

    /// Prices of every machine in `keys`, in the order given; one price a machine and region.
    mutating func rows(_ keys: [UsageKey], sizeFactor: (String) -> Quantity?) -> [PriceRow] {
        var regions: [String: Int] = [:]
        for region in Set(keys.map(\.region)).sorted() { regions[region] = random.draw(1_000...1_250) }
        var types: [String: (rate: Int, shift: Int)] = [:]
        for sku in Set(keys.map(\.sku)).sorted() { types[sku] = (random.draw(95...280), random.draw(-40...40)) }
        var result: [PriceRow] = []
        var seen: Set<UsageKey> = []
        for var key in keys.sorted() {
            (key.billingAccount, key.account, key.resource, key.zone) = ("", "", "", "")
            guard seen.insert(key).inserted, let type = types[key.sku], let region = regions[key.region] else {
                continue
            }
            let size = sizeFactor(key.sku) ?? Quantity(8)
            // Hundredths of a cent an hour for one unit of size, in a region dearer by up to a quarter.
            let raw = size.raw / 10_000 * Int128(type.rate) * Int128(region) / 1_000
            let rounded = FixedPoint.divideHalfEven(raw, by: 100_000_000) * 100_000_000
            add(key, Money(raw: max(rounded, 100_000_000)), type.shift, to: &result)
        }
        return result
    }

    private func add(_ key: UsageKey, _ onDemand: Money, _ shift: Int, to rows: inout [PriceRow]) {
        var row = PriceRow()
        (row.provider, row.region, row.service, row.sku) = (key.provider, key.region, key.service, key.sku)
        (row.os, row.license, row.tenancy, row.unit) = (key.os, key.license, key.tenancy, key.unit)
        (row.currency, row.price, row.source) = ("USD", onDemand, "synthetic: seed \(seed)")
        rows.append(row)
        for (term, payment, reserved, family, wide) in Self.variants {
            (row.term, row.payment) = (term.rawValue, payment.rawValue)
            let rate = Self.share(onDemand, reserved + shift)
            (row.offer, row.price, row.upfront) = (.riStandard, rate, .zero)
            let whole = Money(raw: rate.raw * Int128(term.hours))
            if payment == .all { (row.price, row.upfront) = (.zero, whole) }
            if payment == .partial { (row.price, row.upfront) = (Money(raw: rate.raw / 2), Money(raw: whole.raw / 2)) }
            rows.append(row)
            (row.upfront, row.offer, row.price) = (.zero, .familyPlan, Self.share(onDemand, family - 60 + shift))
            rows.append(row)
            (row.offer, row.price) = (.computePlan, Self.share(onDemand, wide + shift / 2))
            rows.append(row)
        }
    }

    /// So many thousandths of a price, to five places.
    private static func share(_ price: Money, _ permille: Int) -> Money {
        let raw = price.raw * Int128(permille) / 1_000
        return Money(raw: FixedPoint.divideHalfEven(raw, by: 10_000_000) * 10_000_000)
    }
}
