import AWSProvider
import PlimsollCore
import Rating

/// The SplitMix64 generator: the same cases on every machine.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &self)] }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

/// A small random estate with prices and commitments, full of the rules' corners.
struct OracleCase {
    /// What kinds of corners a case may have.
    struct Corners {
        var tiers = true
        var negotiated = true
    }

    private var random: Seeded
    private let corners: Corners
    private(set) var input = RatingInput()
    private var window = HourGrid(start: Hour(index: 0), end: Hour(index: 0))
    private var payerOf: [String: String] = [:]
    private var tieredSKU: String?

    private static let machines = [
        "m5.large", "m5.large", "m5.xlarge", "m5.2xlarge", "m5.metal", "r5.large", "r5.4xlarge", "t3.nano", "t3.micro",
        "t3.small", "t3.medium", "g4dn.xlarge", "g4dn.2xlarge", "i3.metal", "i3.16xlarge", "odd.big",
    ]
    private static let variants: [(Term, Payment)] = [
        (.oneYear, .none), (.oneYear, .partial), (.threeYears, .all), (.threeYears, .none),
    ]

    init(seed: Int, corners: Corners = Corners()) {
        random = Seeded(seed)
        self.corners = corners
        input.programs = AWS.benefitPrograms
        makeWindow()
        makeAccounts()
        makeCatalog()
        for _ in 0..<random.number(1...8) { addLine() }
        addPrices()
        for number in 0..<random.number(0...5) { addCommitment(number) }
    }

    // MARK: Estate

    private mutating func makeWindow() {
        // 2026-01-30T18:00Z and the like: some windows cross a month's end.
        let first = Hour(index: 490_896 + 29 * 24 + 18 + random.number(0...24))
        let hours = random.chance(80) ? random.number(1...5) : random.number(6...30)
        window = HourGrid(start: first, end: first.advanced(by: hours))
        if random.chance(20) {
            let from = first.advanced(by: random.number(-2...2))
            input.window = HourGrid(start: from, end: from.advanced(by: hours))
        }
    }

    private mutating func makeAccounts() {
        payerOf = ["a": "p1", "b": "p1", "c": "p1", "d": random.chance(50) ? "p2" : "p1"]
        guard random.chance(40) else { return }
        for account in payerOf.keys.sorted() where random.chance(80) {
            var row = AccountRow()
            row.account = account
            row.billingAccount = random.chance(80) ? payerOf[account] ?? "" : ""
            row.sharing = random.chance(65)
            input.accounts.append(row)
        }
    }

    private mutating func makeCatalog() {
        var odd = CatalogRow()
        (odd.provider, odd.sku, odd.family, odd.sizeFactor) = ("aws", "odd.big", "m5", Quantity(12))
        input.catalog = [odd]
        guard random.chance(15) else { return }
        var known = CatalogRow()
        (known.provider, known.sku, known.family, known.sizeFactor) = ("aws", "m5.2xlarge", "m5", Quantity(20))
        input.catalog.append(known)
    }

    private mutating func addLine() {
        let account = random.pick(["a", "a", "b", "c", "d"])
        var key = UsageKey(provider: "aws", billingAccount: payerOf[account] ?? "", account: account, sku: "")
        key.region = random.chance(80) ? "us-east-1" : "eu-west-1"
        if random.chance(72) {
            key.service = "compute"
            key.sku = random.pick(Self.machines)
            key.os = random.chance(85) ? "linux" : "windows"
            key.tenancy = random.chance(90) ? "shared" : "dedicated"
            key.zone = random.pick(["", key.region + "a", key.region + "a", key.region + "b"])
            key.unit = "Hrs"
            if random.chance(8) { key.pricing = .spot }
        } else {
            addService(&key)
        }
        if random.chance(5) { key.account = "" }
        if random.chance(6), let twin = input.usage.first?.key { key = twin }
        input.usage.append(UsageLine(key: key, series: series(), order: input.usage.count))
    }

    private static let nodes = [
        "db.m5.large", "db.m5.xlarge", "db.r5.large", "cache.r6g.large", "cache.r6g.2xlarge", "ra3.4xlarge",
        "ra3.16xlarge",
    ]

    /// Usage of other services than EC2; nodes have their engine in the column `license`.
    private mutating func addService(_ key: inout UsageKey) {
        key.service = random.pick(["fargate", "lambda", "node", "node", "sagemaker"])
        key.sku = key.service + random.pick(["-x", "-y"])
        key.unit = key.service == "lambda" ? "GB-s" : "vCPU-Hours"
        guard key.service == "node" else { return }
        (key.sku, key.unit) = (random.pick(Self.nodes), "Hrs")
        if key.sku.hasPrefix("db.") { key.license = random.pick(["", "mysql", "mysql", "postgresql", "sqlserver-se"]) }
    }

    private mutating func series() -> HourSeries {
        let scale = random.pick([0, 0, 1, 2, 3])
        let start = window.start.advanced(by: random.chance(80) ? 0 : random.number(0...3))
        let count = max(1, window.end.index - start.index)
        let top = scale == 0 ? 6 : [20, 400, 2000][scale - 1]
        let step = scale == 2 ? 25 : 1
        return HourSeries(
            start: start, scale: scale,
            values: (0..<count).map { _ in random.chance(20) ? 0 : Int64(random.number(0...top) / step * step) })
    }

    // MARK: Prices

    private mutating func addPrices() {
        var seen: Set<[String]> = []
        if corners.tiers, random.chance(15) { tieredSKU = input.usage.first?.key.sku }
        for line in input.usage {
            let key = line.key
            let product = [key.region, key.sku, key.os, key.tenancy]
            guard seen.insert(product).inserted else { continue }
            addOnDemand(key)
            let offers = [Offer.riStandard, .riConvertible, .familyPlan, .computePlan]
            for offer in offers + Self.ownPlans where random.chance(offer.isSpend ? 85 : 75) { addRates(key, offer) }
        }
    }

    /// On-demand prices are multiples of 0.1, so that equal savings are common.
    private mutating func addOnDemand(_ key: UsageKey) {
        guard random.chance(97) else { return }
        var row = blank(key, .onDemand)
        row.price = Money(raw: Int128(random.number(1...12)) * 100_000_000_000)
        if tieredSKU == key.sku {
            row.region = random.chance(50) ? "*" : key.region
            row.os = "*"
            row.tenancy = "*"
            guard !input.prices.contains(where: { $0.sku == key.sku && $0.region == row.region }) else { return }
            addTiers(row)
        } else {
            append(row)
        }
        if random.chance(10) {
            var zonal = row
            zonal.zone = key.zone
            zonal.price = Money(raw: row.price.raw + 50_000_000_000)
            if tieredSKU != key.sku { input.prices.append(zonal) }
        }
        if corners.negotiated, random.chance(15), tieredSKU != key.sku {
            row.offer = .negotiated
            row.price = Money(raw: row.price.raw * 93 / 100)
            input.prices.append(row)
        }
        row.offer = .spot
        row.price = Money(raw: 31_400_000_001)
        if random.chance(80) { input.prices.append(row) }
    }

    private mutating func addTiers(_ row: PriceRow) {
        var tier = row
        tier.tierTo = Quantity(5)
        input.prices.append(tier)
        (tier.tierFrom, tier.tierTo, tier.price.raw) = (Quantity(5), Quantity("12.5"), row.price.raw * 8 / 10)
        input.prices.append(tier)
        (tier.tierFrom, tier.tierTo, tier.price.raw) = (Quantity("12.5") ?? .zero, nil, row.price.raw / 2)
        input.prices.append(tier)
    }

    private mutating func addRates(_ key: UsageKey, _ offer: Offer) {
        let listed = input.prices.last { $0.sku == key.sku && $0.offer == .onDemand }
        let list = listed?.price.raw ?? 500_000_000_000
        if random.chance(15) {
            var row = blank(key, offer)
            (row.term, row.payment) = ("*", "*")
            row.price = Money(raw: list * Int128(random.number(4...9)) / 10)
            append(row)
        }
        for (term, payment) in Self.variants where random.chance(80) {
            var row = blank(key, offer)
            (row.term, row.payment) = (term.rawValue, payment.rawValue)
            let percent = random.chance(70) ? random.pick([50, 60, 60, 70, 80]) : random.number(35...100)
            row.price = Money(raw: list * Int128(percent) / 100)
            if random.chance(15) { row.price.raw += Int128(random.number(1...999)) * 1_000_000 }
            append(row)
        }
    }

    private static let ownPlans = ["sagemaker-sp", "database-sp"].map(Offer.init(rawValue:))

    private mutating func blank(_ key: UsageKey, _ offer: Offer) -> PriceRow {
        var row = PriceRow()
        (row.provider, row.service, row.sku, row.unit) = (key.provider, key.service, key.sku, key.unit)
        (row.region, row.os, row.tenancy) = (key.region, key.os, key.tenancy)
        (row.offer, row.currency) = (offer, "USD")
        if key.service == "node" { row.license = "*" }
        if random.chance(8) { row.region = "*" }
        if random.chance(8) { row.service = "*" }
        if random.chance(5) { row.os = "*" }
        return row
    }

    /// Sometimes the price changes at a midnight within the window, sometimes it ends there.
    private mutating func append(_ row: PriceRow) {
        guard random.chance(12) else {
            input.prices.append(row)
            return
        }
        let middle = Hour(index: window.start.index + 12).day
        var early = row
        early.validTo = middle
        input.prices.append(early)
        guard random.chance(85) else { return }
        var late = row
        late.validFrom = middle
        late.price = Money(raw: row.price.raw * 9 / 10)
        input.prices.append(late)
    }

    // MARK: Commitments

    private mutating func addCommitment(_ number: Int) {
        var item = Commitment()
        item.id = "c\(random.number(0...9))\(number)"
        item.provider = "aws"
        item.account = random.pick(["a", "a", "b", "c", "d"])
        item.billingAccount = input.accounts.first { $0.account == item.account }?.billingAccount ?? ""
        if item.billingAccount.isEmpty { item.billingAccount = payerOf[item.account] ?? "" }
        if random.chance(5) { item.account = "" }
        item.currency = "USD"
        if random.chance(20) { item.sharing = .account }
        let variant = random.pick(Self.variants)
        (item.term, item.payment) = (variant.0, variant.1)
        let kind = random.number(0...9)
        if kind < 6 { reserve(&item, isZonal: kind < 2) } else { plan(&item) }
        addDates(&item)
        input.commitments.append(item)
    }

    private mutating func reserve(_ item: inout Commitment, isZonal: Bool) {
        item.offer = random.chance(70) ? .riStandard : .riConvertible
        let nodes = input.usage.map(\.key).filter { $0.service == "node" }
        if !isZonal, !nodes.isEmpty, random.chance(60) { return reserve(&item, node: random.pick(nodes)) }
        let machines = input.usage.map(\.key).filter { $0.service == "compute" }
        let model = machines.isEmpty ? nil : random.pick(machines)
        item.region = model?.region ?? "us-east-1"
        item.sku = model?.sku ?? "m5.large"
        item.os = model?.os ?? "linux"
        item.tenancy = model?.tenancy ?? "shared"
        if isZonal { item.zone = random.chance(60) ? model?.zone ?? "" : "us-east-1a" }
        if !isZonal, random.chance(30), item.sku.hasPrefix("m5.") {
            item.sku = random.pick(["m5.large", "m5.4xlarge"])
        }
        if random.chance(6) { item.region = "" }
        if random.chance(10) { item.os = "" }
        if random.chance(10) { item.tenancy = "" }
        item.quantity = random.chance(85) ? Quantity(random.number(1...4)) : Quantity(raw: 1_500_000_000_000)
        item.hourly = Money(raw: Int128(random.number(0...300)) * 1_000_000_000)
        if item.payment != Payment.none { item.upfront = Money(random.number(1...3000)) }
    }

    private mutating func reserve(_ item: inout Commitment, node: UsageKey) {
        item.offer = .riStandard
        (item.region, item.sku) = (node.region, node.sku)
        if node.sku.hasPrefix("db.m5"), random.chance(40) { item.sku = "db.m5.4xlarge" }
        if random.chance(80) { item.license = node.license }
        item.quantity = Quantity(random.number(1...3))
        item.hourly = Money(raw: Int128(random.number(0...300)) * 1_000_000_000)
    }

    private mutating func plan(_ item: inout Commitment) {
        item.offer = random.pick([.familyPlan, .familyPlan, .computePlan, .computePlan, .computePlan])
        if random.chance(20) { item.offer = random.pick(Self.ownPlans) }
        item.hourlyCommitment = Money(raw: Int128(random.number(1...60)) * 100_000_000_000)
        if random.chance(20) { item.hourlyCommitment.raw += Int128(random.number(1...999)) * 1_000_000_000 }
        guard item.offer == .familyPlan else { return }
        item.region = random.chance(90) ? "us-east-1" : ""
        item.family = "m5"
        if let sku = input.usage.first?.key.sku, sku.contains("."), random.chance(50), sku != "odd.big",
            !OracleNodes.isNode(sku)
        {
            item.family = String(sku.prefix { $0 != "." })
        }
    }

    private mutating func addDates(_ item: inout Commitment) {
        if random.chance(30) {
            let second = random.chance(20) ? 1800 : 0
            let offset = random.chance(50) ? random.number(0...6) : random.number(-9_000...0)
            item.start = Instant(hour: window.start.advanced(by: offset), second: second)
        }
        if random.chance(25) {
            let end = window.start.advanced(by: random.number(1...20))
            if item.start.map({ $0.hour < end }) != false { item.end = Instant(hour: end) }
        }
    }
}
