import PlimsollCore
import Rating

/// Billing of Google Cloud, Azure and Alibaba Cloud written a second time, from the rules' documents and DESIGN
/// section 9 alone: one hour after the other, in exact rationals. Nothing here is shared with the rater.
///
/// It knows what the cases of ``CloudCase`` have: prices without stars and tiers, every account of one payer, all
/// sharing.
struct CloudOracle {
    struct Result {
        var list = Fraction.zero
        var contracted = Fraction.zero
        var effective = Fraction.zero
        var billed = Fraction.zero
        var onDemand = Fraction.zero
        /// By position in the input.
        var committed: [Fraction] = []
        var used: [Fraction] = []
        /// Commitments that serve alike have the same number: the vendor does not say which goes first.
        var group: [Int] = []
    }

    /// Something used in one hour.
    struct Item {
        var key: UsageKey
        /// Units of it that nothing has served yet.
        var left: Fraction
        /// Machines it is parts of, or is itself; nil for an amount.
        var machines: Fraction?
        var order: Int
        /// Price of what is left, and at list.
        var price: Fraction
        var list: Fraction
        /// Whether it is a licence alone.
        var isLicence = false
    }

    /// That a commitment may serve an item, and what decides when.
    struct Claim {
        var item: Int
        var supply: Int
        /// What one unit of usage takes.
        var need: Fraction
        /// Compared from left to right.
        var turn: [Fraction]
    }

    struct Supply {
        var position: Int
        var left: Fraction
    }

    let input: RatingInput
    let provider: String
    private let window: HourGrid
    private var result = Result()
    private var month = CloudOracleMonth()

    init(_ input: RatingInput, provider: String) {
        self.input = input
        self.provider = provider
        let starts = input.usage.map(\.series.grid.start)
        let ends = input.usage.map(\.series.grid.end)
        window = input.window ?? HourGrid(start: starts.min() ?? Make.start, end: ends.max() ?? Make.start)
    }

    mutating func bill() -> Result {
        result.committed = Array(repeating: .zero, count: input.commitments.count)
        result.used = result.committed
        result.group = input.commitments.indices.map { first(of: $0) }
        var hour = window.start
        while hour < window.end {
            if hour == hour.monthStart { month = CloudOracleMonth() }
            bill(hour)
            hour = hour.advanced(by: 1)
        }
        return result
    }

    private mutating func bill(_ hour: Hour) {
        var items = items(hour)
        for item in items {
            result.list += item.left * item.list
            result.contracted += item.left * item.price
        }
        var supplies: [Supply] = []
        for (position, commitment) in input.commitments.enumerated() where isActive(commitment, hour) {
            chargeFee(position, commitment, hour)
            supplies.append(Supply(position: position, left: capacity(commitment, hour)))
        }
        for claims in stages(items, supplies, hour) {
            for claim in claims.sorted(by: { precedes($0, $1, items, supplies) }) {
                let wanted = items[claim.item].left * claim.need
                let taken = min(wanted, supplies[claim.supply].left)
                guard !taken.isZero || claim.need.isZero else { continue }
                supplies[claim.supply].left -= taken
                items[claim.item].left = taken == wanted ? .zero : items[claim.item].left - taken / claim.need
                let commitment = input.commitments[supplies[claim.supply].position]
                result.used[supplies[claim.supply].position] += taken / size(commitment)
            }
        }
        chargeLeft(items, hour)
    }

    private mutating func chargeLeft(_ items: [Item], _ hour: Hour) {
        let off = provider == "gcp" ? month.discounts(items, hour) : Array(repeating: .zero, count: items.count)
        for (item, off) in zip(items, off) {
            let cost = item.left * item.price - off
            result.effective += cost
            result.billed += cost
            result.onDemand += cost
        }
    }

    private func precedes(_ a: Claim, _ b: Claim, _ items: [Item], _ supplies: [Supply]) -> Bool {
        for (left, right) in zip(a.turn, b.turn) where left != right { return left < right }
        if items[a.item].key != items[b.item].key { return items[a.item].key < items[b.item].key }
        if a.item != b.item { return a.item < b.item }
        let (left, right) = (supplies[a.supply].position, supplies[b.supply].position)
        let (mine, other) = (result.group[left], result.group[right])
        return mine != other ? isBefore(mine, other) : isBefore(left, right)
    }

    /// Where the vendor does not say which of two goes first: the one that began first.
    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (input.commitments[left], input.commitments[right])
        let (x, y) = (a.start?.hour.index ?? Int.min, b.start?.hour.index ?? Int.min)
        return (x, a.account, a.id) < (y, b.account, b.id)
    }

    /// The first of the commitments that serve like this one.
    private func first(of position: Int) -> Int {
        func scope(_ index: Int) -> [String] {
            let item = input.commitments[index]
            let dates = [item.start, item.end].map { $0?.description ?? "" }
            let texts = [
                item.account, item.resourceGroup, item.offer.rawValue, item.sharing.rawValue, item.region, item.zone,
            ]
            return texts + [item.family, item.sku, item.term?.rawValue ?? ""] + (provider == "alibaba" ? dates : [])
        }
        let alike = input.commitments.indices.filter { scope($0) == scope(position) }
        return alike.min(by: isBefore) ?? position
    }

    // MARK: Commitments

    private func isActive(_ commitment: Commitment, _ hour: Hour) -> Bool {
        if let start = commitment.start, hour < start.hour { return false }
        if let end = commitment.end { return hour < end.hour }
        return true
    }

    /// Google Cloud's flexible commitments before 2026-01-21 are of on-demand dollars.
    private func isOlderModel(_ commitment: Commitment, _ hour: Hour) -> Bool {
        commitment.offer.rawValue == "cud-flex" && hour.day < Day(year: 2026, month: 1, day: 21)
    }

    private mutating func chargeFee(_ position: Int, _ commitment: Commitment, _ hour: Hour) {
        var fee = Fraction(commitment.hourly) * Fraction(commitment.quantity)
        result.committed[position] += Fraction(commitment.quantity)
        if commitment.offer.isSpend {
            fee = Fraction(commitment.hourlyCommitment)
            result.committed[position] += fee
            if isOlderModel(commitment, hour) {
                fee = fee * Fraction(commitment.term == .oneYear ? 72 : 54) / Fraction(100)
            }
        }
        result.effective += fee
        result.billed += fee
    }

    private func capacity(_ commitment: Commitment, _ hour: Hour) -> Fraction {
        if commitment.offer.isSpend { return Fraction(commitment.hourlyCommitment) }
        return Fraction(commitment.quantity) * size(commitment)
    }

    /// Units of capacity in what `used` counts.
    private func size(_ commitment: Commitment) -> Fraction {
        commitment.offer.isSpend || !isFlexible(commitment) ? Fraction(1) : ratio(commitment.sku)
    }

    func isFlexible(_ commitment: Commitment) -> Bool {
        !commitment.family.isEmpty && commitment.zone.isEmpty && provider != "gcp"
    }

    /// A size's ratio: the catalogue's, on Alibaba Cloud else by the name.
    func ratio(_ sku: String) -> Fraction {
        if let known = input.catalog.first(where: { $0.sku == sku })?.sizeFactor { return Fraction(known) }
        switch sku.split(separator: ".").last {
        case "large": return Fraction(4)
        case "xlarge": return Fraction(8)
        case "2xlarge": return Fraction(16)
        default: return Fraction(1)
        }
    }

    func family(_ sku: String) -> String {
        if let known = input.catalog.first(where: { $0.sku == sku })?.family, !known.isEmpty { return known }
        if provider == "alibaba" { return sku.split(separator: ".").dropLast().joined(separator: ".") }
        return sku
    }

    // MARK: Usage and prices

    func price(_ key: UsageKey, _ offer: String, _ hour: Hour, _ term: Term? = nil, _ payment: Payment? = nil)
        -> Fraction?
    {
        let found = input.prices.filter { row in
            row.sku == key.sku && row.offer.rawValue == offer && row.region == key.region && row.os == key.os
                && row.license == key.license && row.unit == key.unit && row.term == term?.rawValue ?? ""
                && row.payment == payment?.rawValue ?? "" && row.validFrom.map { $0 <= hour.day } != false
                && row.validTo.map { hour.day < $0 } != false
        }
        return found.first.map { Fraction($0.price) }
    }

    private func items(_ hour: Hour) -> [Item] {
        var found: [Item] = []
        for line in input.usage {
            let quantity = Fraction(line.series[hour])
            guard !quantity.isZero else { continue }
            switch provider {
            case "gcp": found += gcpItems(line, quantity, hour)
            case "azure": found += azureItems(line, quantity, hour)
            default: found += plain(line.key, quantity, line.order, hour)
            }
        }
        return found
    }

    private func plain(_ key: UsageKey, _ quantity: Fraction, _ order: Int, _ hour: Hour) -> [Item] {
        guard let list = price(key, "on-demand", hour) else { return [] }
        let paid = price(key, "negotiated", hour) ?? list
        return [Item(key: key, left: quantity, machines: nil, order: order, price: paid, list: list)]
    }

    /// An `n1-standard` machine is its vCPUs and 3.75 GiB for each, where these have prices.
    private func gcpItems(_ line: UsageLine, _ quantity: Fraction, _ hour: Hour) -> [Item] {
        let name = line.key.sku.split(separator: "-")
        guard name.count == 3, name[0] == "n1", name[1] == "standard", let cores = Int(name[2]) else {
            return plain(line.key, quantity, line.order, hour)
        }
        var parts: [Item] = []
        for (sku, count) in [("n1/vcpu", Fraction(cores)), ("n1/gib", Fraction(cores * 15) / Fraction(4))] {
            var key = line.key
            (key.sku, key.os) = (sku, "")
            parts += plain(key, quantity * count, line.order, hour)
        }
        if parts.count < 2 { parts = plain(line.key, quantity, line.order, hour) }
        for index in parts.indices { parts[index].machines = quantity }
        return parts
    }

    /// Windows is a Linux machine and a licence for the difference.
    private func azureItems(_ line: UsageLine, _ quantity: Fraction, _ hour: Hour) -> [Item] {
        guard line.key.os == "windows" else { return plain(line.key, quantity, line.order, hour) }
        var bare = line.key
        (bare.os, bare.license) = ("linux", "")
        var machine = plain(bare, quantity, line.order, hour)
        guard line.key.license.isEmpty, let whole = plain(line.key, quantity, line.order, hour).first else {
            return machine
        }
        var licence = whole
        licence.isLicence = true
        licence.price = whole.price - machine[0].price
        licence.list = whole.list - machine[0].list
        machine.append(licence)
        return machine
    }
}
