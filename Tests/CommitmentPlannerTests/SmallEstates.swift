import AWSProvider
import AlibabaProvider
import AzureProvider
import CommitmentPlanner
import GCPProvider
import PlimsollCore
import Rating

/// A random estate small enough to try everything that could be bought for it.
struct SmallEstate {
    /// Something that can be bought, with how the vendor applies it, said here a second time.
    struct Product {
        /// A commitment of one step: one machine, or 0.001 an hour.
        var item: Commitment
        /// Lower is applied first.
        var stage: Int
        /// What one unit of usage takes, by line, in units of one machine or one currency unit; nil = not served.
        var rates: [Double?]
        /// Order within the stage: the smaller size, or the greater saving, or the earlier line first.
        var order: Order

        enum Order { case size, saving, billing }

        var isSpend: Bool { item.offer.isSpend }
        /// What one step holds.
        var step: Double { isSpend ? 0.001 : 1 }
        /// What one step costs an hour.
        var fee: Double { isSpend ? 0.001 : item.hourly.double }
    }

    let seed: Int
    let kind: Kind
    var input = RatingInput()
    var options = PlanOptions(terms: [.oneYear], payments: [.none])
    var products: [Product] = []
    /// Whether an owner's usage goes before that of others.
    private(set) var ownerFirst = true
    /// On-demand prices by line.
    private(set) var prices: [Double] = []
    /// What usage left over costs by line: a negotiated price, now and then.
    private(set) var paid: [Double] = []
    /// Steps of each product that are held already.
    private(set) var held: [Int] = []
    private var dice: Dice

    enum Kind: Int, CaseIterable {
        case sizes, exact, nested, nestedTwice, reservedAndPlan, azure, google, googleFlexible, alibaba, alibabaPlans
    }

    init(seed: Int) {
        self.seed = seed
        kind = Kind.allCases[seed % Kind.allCases.count]
        dice = Dice(state: UInt64(seed))
        switch kind {
        case .sizes: aws(skus: ["m5.large", "m5.xlarge"], [("ri-standard", "m5")])
        case .exact: aws(skus: ["m5.large", "m5.xlarge"], [("ri-standard", "")], os: "windows")
        case .nested: aws(skus: ["m5.large", "c5.large", "m5.xlarge"], [("family-sp", "m5"), ("compute-sp", "")])
        case .nestedTwice:
            aws(skus: ["m5.large", "c5.large"], [("family-sp", "m5"), ("family-sp", "c5"), ("compute-sp", "")])
        case .reservedAndPlan:
            aws(skus: ["m5.large", "m5.xlarge", "c5.large"], [("ri-standard", "m5"), ("compute-sp", "")])
        case .azure: azure()
        case .google: google(["n2/vcpu", "n2/gib"], isFlexible: false)
        case .googleFlexible: google(["n2/vcpu", "c2/vcpu"], isFlexible: true)
        case .alibaba: alibaba([("reservation", "ecs.g7"), ("savings-plan-general", "")])
        case .alibabaPlans: alibaba([("savings-plan-ecs", ""), ("savings-plan-general", "")])
        }
        hold()
    }

    /// Of every fifth estate something is held already.
    private mutating func hold() {
        held = Array(repeating: 0, count: products.count)
        guard random(0..<5) == 0, !products.isEmpty else { return }
        let product = random(0..<products.count)
        var item = products[product].item
        held[product] = products[product].isSpend ? random(1..<30) : random(1..<3)
        item.id = "held"
        if products[product].isSpend {
            item.hourlyCommitment = Money(raw: Int128(held[product]) * 1_000_000_000)
        } else {
            item.quantity = Quantity(held[product])
        }
        input.commitments.append(item)
    }

    // MARK: Usage and prices

    private mutating func random(_ range: Range<Int>) -> Int { Int.random(in: range, using: &dice) }

    /// A few different hours, repeated up to 48 times.
    private mutating func addUsage(_ provider: String, _ skus: [String], os: String, accounts: Int) {
        let (shapes, hours) = (random(2..<(kind == .nestedTwice ? 5 : 8)), random(6..<49))
        let pattern = (0..<hours).map { _ in random(0..<shapes) }
        let scale = random(0..<4) == 0 ? 1 : 0
        // By the present rules of all clouds.
        let start = Day(year: 2026, month: 3, day: 2).firstHour
        var lines: [UsageLine] = []
        for (index, sku) in skus.enumerated() {
            let owner = random(0..<accounts)
            let account = owner == 0 ? "payer" : "account-\(owner)"
            var key = UsageKey(provider: provider, billingAccount: "payer", account: account, region: "r", sku: sku)
            (key.service, key.os, key.tenancy, key.unit) = ("compute", os, "shared", "h")
            let peak = scale == 1 ? 35 : 5
            let values = (0..<shapes).map { _ in Int64(random(0..<4) == 0 ? 0 : random(0..<peak)) }
            lines.append(
                UsageLine(
                    key: key,
                    series: HourSeries(start: start, scale: scale, values: pattern.map { values[$0] }),
                    order: (index * 7 + seed) % 5))
        }
        // As the rater sorts them: ties are decided by it.
        input.usage = lines.sorted { $0.key < $1.key }
        for line in input.usage {
            let list = random(6..<25)
            prices.append(Double(list) / 1_000)
            paid.append(Double(list) / 1_000)
            input.prices.append(row(line.key, "on-demand", Int128(list) * 1_000_000_000))
            guard random(0..<8) == 0 else { continue }
            let percent = random(60..<95)
            paid[paid.count - 1] = Double(list * percent) / 100_000
            input.prices.append(row(line.key, "negotiated", Int128(list * percent) * 10_000_000))
        }
    }

    private func row(_ key: UsageKey, _ offer: String, _ raw: Int128) -> PriceRow {
        var row = PriceRow()
        (row.provider, row.region, row.service, row.sku) = (key.provider, key.region, key.service, key.sku)
        (row.os, row.tenancy, row.unit, row.currency) = (key.os, key.tenancy, key.unit, "USD")
        row.offer = Offer(rawValue: offer)
        if offer != "on-demand", offer != "negotiated" { (row.term, row.payment) = ("1y", "none") }
        row.price = Money(raw: raw)
        return row
    }

    private func list(_ line: Int) -> Int128 { Int128((prices[line] * 1_000).rounded()) }

    // MARK: Products

    private func item(_ provider: String, _ offer: String) -> Commitment {
        var item = Commitment()
        (item.id, item.provider, item.billingAccount, item.account) = (offer, provider, "payer", "payer")
        (item.offer, item.term, item.payment) = (Offer(rawValue: offer), .oneYear, Payment.none)
        item.currency = "USD"
        return item
    }

    /// A plan in money over the lines of a family, or all.
    private mutating func addPlan(
        _ provider: String, _ offer: String, _ family: String, stage: Int, _ percent: Range<Int>
    ) {
        var product = Product(
            item: item(provider, offer), stage: stage, rates: [], order: provider == "alibaba" ? .billing : .saving)
        product.item.hourlyCommitment = Money(raw: 1_000_000_000)
        if offer == "family-sp" { (product.item.family, product.item.region) = (family, "r") }
        for (line, usage) in input.usage.enumerated() {
            guard family.isEmpty || usage.key.sku.hasPrefix(family + ".") else {
                product.rates.append(nil)
                continue
            }
            // Ten-thousandths, so that breakpoints lie between steps.
            let raw = list(line) * Int128(random(percent)) / 10 * 10_000_000
            // Where the customer pays less than the plan's rate, some vendors take that off the plan.
            let isLower = provider == "azure" || provider == "alibaba"
            product.rates.append(isLower ? min(Double(raw) / 1e12, paid[line]) : Double(raw) / 1e12)
            input.prices.append(row(usage.key, offer, raw))
        }
        if product.rates.contains(where: { $0 != nil }) { products.append(product) }
    }

    /// Machines of a family, counted in its smallest size; or of one exact SKU.
    private mutating func addMachines(
        _ provider: String, _ offer: String, _ skus: [(sku: String, size: Double)], family: String, stage: Int
    ) {
        let percent = random(45..<80)
        let used = skus.filter { sku in input.usage.contains { $0.key.sku == sku.sku } }
        guard let smallest = used.min(by: { $0.size < $1.size }) else { return }
        // In proportion to size, as the vendors' prices are.
        let first = input.usage.firstIndex { $0.key.sku == smallest.sku } ?? 0
        let perSize = list(first) * Int128(percent) * 10_000_000 / Int128(smallest.size)
        var product = Product(item: item(provider, offer), stage: stage, rates: [], order: .size)
        for usage in input.usage {
            let sku = used.first { $0.sku == usage.key.sku }
            product.rates.append(sku.map { $0.size / smallest.size })
            guard let sku else { continue }
            input.prices.append(row(usage.key, offer, perSize * Int128(sku.size)))
        }
        product.item.sku = smallest.sku
        product.item.family = family
        let key = input.usage[first].key
        (product.item.region, product.item.os, product.item.tenancy) = (key.region, key.os, key.tenancy)
        if provider == "gcp" { (product.item.os, product.item.tenancy) = ("", "") }
        product.item.quantity = Quantity(1)
        product.item.hourly = Money(raw: perSize * Int128(smallest.size))
        products.append(product)
    }

    // MARK: Clouds

    private mutating func aws(skus: [String], _ offers: [(offer: String, family: String)], os: String = "linux") {
        input.programs = AWS.benefitPrograms
        addUsage("aws", skus, os: os, accounts: 3)
        for (offer, family) in offers {
            switch offer {
            case "ri-standard" where family.isEmpty:
                for sku in skus { addMachines("aws", offer, [(sku, 1)], family: "m5", stage: 0) }
            case "ri-standard":
                addMachines("aws", offer, [("m5.large", 4), ("m5.xlarge", 8)], family: family, stage: 0)
            case "family-sp": addPlan("aws", offer, family, stage: 1, 500..<760)
            default: addPlan("aws", offer, family, stage: 2, 600..<850)
            }
        }
        options.offers = Array(Set(offers.map { Offer(rawValue: $0.offer) })).sorted()
    }

    private mutating func azure() {
        ownerFirst = false
        input.programs = Azure.benefitPrograms
        let skus = ["Standard_D2s_v3", "Standard_D4s_v3", "Standard_E2s_v3"]
        addUsage("azure", skus, os: "linux", accounts: 3)
        let sizes: [(sku: String, size: Double)] = [("Standard_D2s_v3", 1), ("Standard_D4s_v3", 2)]
        addMachines("azure", "reservation", sizes, family: "DSv3 Series", stage: 0)
        addPlan("azure", "compute-savings-plan", "", stage: 1, 600..<850)
        options.offers = [Offer(rawValue: "reservation"), Offer(rawValue: "compute-savings-plan")]
    }

    private mutating func google(_ skus: [String], isFlexible: Bool) {
        ownerFirst = false
        input.programs = GCP.benefitPrograms
        // One project: with more of them the project's own usage goes before that of others.
        addUsage("gcp", skus, os: "", accounts: 1)
        for sku in skus { addMachines("gcp", "cud-resource", [(sku, 1)], family: String(sku.prefix(2)), stage: 0) }
        if isFlexible { addPlan("gcp", "cud-flex", "", stage: 1, 600..<850) }
        options.offers = [Offer(rawValue: "cud-resource")] + (isFlexible ? [Offer(rawValue: "cud-flex")] : [])
    }

    private mutating func alibaba(_ offers: [(offer: String, family: String)]) {
        input.programs = Alibaba.benefitPrograms
        addUsage("alibaba", ["ecs.g7.large", "ecs.g7.xlarge", "ecs.c7.large"], os: "linux", accounts: 3)
        for (offer, family) in offers {
            let sizes: [(sku: String, size: Double)] = [("ecs.g7.large", 4), ("ecs.g7.xlarge", 8)]
            switch offer {
            case "reservation": addMachines("alibaba", offer, sizes, family: family, stage: 0)
            case "savings-plan-ecs": addPlan("alibaba", offer, family, stage: 1, 550..<800)
            default: addPlan("alibaba", offer, family, stage: 2, 600..<850)
            }
        }
        options.offers = offers.map { Offer(rawValue: $0.offer) }.sorted()
    }
}

extension Money {
    /// For searching.
    fileprivate var double: Double { Double(raw) / 1e12 }
}
