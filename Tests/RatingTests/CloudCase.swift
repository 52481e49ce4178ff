import AlibabaProvider
import AzureProvider
import GCPProvider
import PlimsollCore
import Rating

/// A small random estate on one cloud, with prices and commitments.
struct CloudCase {
    private var random: Seeded
    private let provider: String
    private(set) var input = RatingInput()
    private var window = HourGrid(start: Hour(index: 0), end: Hour(index: 0))

    init(seed: Int, provider: String) {
        random = Seeded(seed)
        self.provider = provider
        switch provider {
        case "gcp": input.programs = GCP.benefitPrograms
        case "azure": input.programs = Azure.benefitPrograms
        default: input.programs = Alibaba.benefitPrograms
        }
        makeWindow()
        if provider == "azure" { makeCatalog() }
        for _ in 0..<random.number(1...(provider == "gcp" ? 4 : 7)) { addLine() }
        addPrices()
        for number in 0..<random.number(0...4) { addCommitment(number) }
    }

    /// Google Cloud's windows are long enough for sustained use, and lie about the day its flexible model changed.
    private mutating func makeWindow() {
        let first = Day(year: 2026, month: 1, day: 10).firstHour.advanced(by: random.number(0...500))
        let hours = provider == "gcp" ? random.number(100...760) : random.number(1...8)
        window = HourGrid(start: first, end: first.advanced(by: hours))
        input.window = window
    }

    private mutating func makeCatalog() {
        for (sku, family, factor) in [("D2", "D", 1), ("D4", "D", 2), ("D8", "D", 4), ("F2", "F", 2), ("F6", "F", 6)] {
            var row = CatalogRow()
            (row.provider, row.sku, row.family, row.sizeFactor) = ("azure", sku, family, Quantity(factor))
            input.catalog.append(row)
        }
    }

    // MARK: Usage

    private static let skus = [
        "gcp": [
            "n1/vcpu", "n1/vcpu", "n1/gib", "n2/vcpu", "e2/vcpu", "n1-standard-2", "n1-standard-4", "n1-standard-4",
        ],
        "azure": ["D2", "D4", "D8", "F2", "F6"],
        "alibaba": ["ecs.g7.large", "ecs.g7.xlarge", "ecs.g7.2xlarge", "ecs.c7.large"],
    ]

    private mutating func addLine() {
        var key = UsageKey(
            provider: provider, billingAccount: "p", account: random.pick(["a", "a", "b", "c"]), sku: "")
        key.sku = random.pick(Self.skus[provider] ?? [])
        key.region = random.chance(85) ? "r1" : "r2"
        key.service = "compute"
        key.unit = "h"
        if provider == "azure" {
            key.os = random.pick(["linux", "linux", "windows"])
            if key.os == "windows", random.chance(30) { key.license = "hybrid-benefit" }
            key.resourceGroup = random.pick(["", "x", "y"])
        }
        if provider == "alibaba" {
            key.zone = random.pick(["", "z1", "z2"])
            key.os = "linux"
        }
        if input.usage.contains(where: { $0.key == key }) { return }
        input.usage.append(
            UsageLine(key: key, series: series(), order: random.number(0...1_000) * 8 + input.usage.count))
    }

    /// Blocks of equal hours, so that a month has few levels.
    private mutating func series() -> HourSeries {
        let scale = random.pick([0, 0, 0, 1, 2])
        let step = Int64([1, 5, 25][scale])
        var values: [Int64] = []
        while values.count < window.count {
            let value = random.chance(20) ? 0 : Int64(random.number(1...6)) * step
            let length = provider == "gcp" ? random.number(10...300) : 1
            values += Array(repeating: value, count: min(length, window.count - values.count))
        }
        return HourSeries(start: window.start, scale: scale, values: values)
    }

    // MARK: Prices

    private mutating func addPrices() {
        var keys = input.usage.map(\.key)
        for key in input.usage.map(\.key) {
            var other = key
            (other.license, other.os) = ("", key.os == "windows" ? "linux" : key.os)
            keys.append(other)
        }
        let splits = random.chance(60)
        for key in keys where key.sku.hasPrefix("n1-") && splits {
            for sku in ["n1/vcpu", "n1/gib"] {
                var part = key
                part.sku = sku
                keys.append(part)
            }
        }
        var seen: Set<[String]> = []
        for key in keys where seen.insert([key.sku, key.region, key.os, key.license]).inserted {
            guard key.license.isEmpty else { continue }
            let price = Int128(random.number(2...12)) * 10_000_000_000
            addOnDemand(key, price)
            addRates(key, price)
        }
    }

    private mutating func addOnDemand(_ key: UsageKey, _ price: Int128) {
        // Windows costs more than any Linux machine here.
        let whole = key.os == "windows" ? price + 200_000_000_000 : price
        var row = Make.price(key, .onDemand, "0")
        row.price = Money(raw: whole)
        if random.chance(20) {
            var late = row
            late.price = Money(raw: whole + 5_000_000_000)
            (row.validTo, late.validFrom) = (Day(year: 2026, month: 1, day: 25), Day(year: 2026, month: 1, day: 25))
            input.prices.append(late)
        }
        input.prices.append(row)
        if random.chance(15), key.os != "windows" {
            var own = Make.price(key, .negotiated, "0")
            own.price = Money(raw: price * 6 / 10)
            input.prices.append(own)
        }
    }

    private mutating func addRates(_ key: UsageKey, _ price: Int128) {
        guard key.os != "windows" else { return }
        let offers = [
            "gcp": ["cud-resource", "cud-flex"], "azure": ["reservation", "compute-savings-plan"],
            "alibaba": ["reservation", "savings-plan-ecs", "savings-plan-general"],
        ]
        for offer in offers[provider] ?? [] {
            guard !key.sku.hasPrefix("n1-"), random.chance(85) else { continue }
            for term in [Term.oneYear, .threeYears] {
                var row = Make.price(key, Offer(rawValue: offer), "0", term: term.rawValue, payment: "none")
                row.price = Money(raw: price * Int128(random.pick([40, 50, 50, 60, 70])) / 100)
                input.prices.append(row)
            }
        }
    }

    // MARK: Commitments

    private mutating func addCommitment(_ number: Int) {
        guard let model = input.usage.isEmpty ? nil : random.pick(input.usage).key else { return }
        var item = Make.plan(.computePlan, "0", id: "c\(number)", account: random.pick(["a", "b"]))
        (item.provider, item.billingAccount) = (provider, "p")
        item.term = random.chance(50) ? .oneYear : .threeYears
        if random.chance(30) { item.sharing = provider == "azure" && random.chance(50) ? .resourceGroup : .account }
        if item.sharing == .resourceGroup { item.resourceGroup = random.pick(["x", "y"]) }
        let isCount = random.chance(50)
        let counts = ["gcp": "cud-resource", "azure": "reservation", "alibaba": "reservation"]
        let spends = ["gcp": "cud-flex", "azure": "compute-savings-plan", "alibaba": "savings-plan-ecs"]
        item.offer = Offer(rawValue: (isCount ? counts : spends)[provider] ?? "")
        if provider == "alibaba", !isCount, random.chance(40) { item.offer = Offer(rawValue: "savings-plan-general") }
        if provider == "gcp", isCount, item.sharing != .account { item.sharing = .organization }
        if isCount {
            count(&item, model)
        } else {
            item.hourlyCommitment = Money(raw: Int128(random.number(1...30)) * 10_000_000_000)
        }
        addDates(&item)
        input.commitments.append(item)
    }

    private mutating func count(_ item: inout Commitment, _ model: UsageKey) {
        item.region = model.region
        item.sku = model.sku.hasPrefix("n1-") ? random.pick(["n1/vcpu", "n1/gib"]) : model.sku
        item.quantity = Quantity(random.number(1...3))
        item.hourly = Money(raw: Int128(random.number(1...50)) * 1_000_000_000)
        guard provider != "gcp", random.chance(50) else {
            if provider == "alibaba", random.chance(50) { item.zone = "z1" }
            return
        }
        item.family = provider == "azure" ? String(model.sku.prefix(1)) : String(model.sku.prefix { $0 != "." })
        if provider == "alibaba" { item.family = model.sku.split(separator: ".").dropLast().joined(separator: ".") }
    }

    private mutating func addDates(_ item: inout Commitment) {
        guard random.chance(50) else { return }
        item.start = Instant(hour: window.start.advanced(by: random.number(-200...window.count)))
        item.end = Instant(hour: window.start.advanced(by: window.count + random.number(1...3) * 100))
        if random.chance(40) { item.end = Instant(hour: window.start.advanced(by: window.count * 2 / 3 + 1)) }
        if let start = item.start, let end = item.end, !(start.hour < end.hour) { item.start = nil }
    }
}
