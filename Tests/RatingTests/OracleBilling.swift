import PlimsollCore
import Rating

/// AWS billing written a second time, from rules/aws.md and DESIGN section 9 alone: one hour after the
/// other, one commitment after the other, in exact rationals. Nothing here is shared with the rater.
struct OracleBilling {
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

    /// Where in the hour a commitment is applied.
    private enum Stage: Int, CaseIterable { case nodes, zonal, regional, family, compute, sagemaker, databases }

    /// One line's usage in one hour that nothing has served yet.
    private struct Demand {
        var key: UsageKey
        var payer: String
        var account: String
        var left: Fraction
    }

    /// What a commitment still has in one hour, in normalised units, instances or money.
    private struct Supply {
        var position: Int
        var left: Fraction
    }

    /// A commitment that may serve a line.
    private struct Pair {
        var demand: Int
        var supply: Int
        var isOwn: Bool
        /// What one unit of usage takes.
        var rate: Fraction
        /// What one unit costs under the commitment for each unit of on-demand price.
        var share: Fraction
        var size: Fraction
    }

    /// One question to the price book; asked every hour, answered once a day.
    private struct Lookup: Hashable {
        var key: UsageKey
        var offer: Offer
        var day: Day
        var term: String
        var payment: String
    }

    private final class Lookups { var answers: [Lookup: [PriceRow]] = [:] }

    private let lookups = Lookups()
    private let input: RatingInput
    private let window: HourGrid
    private let listed: [String: AccountRow]
    private var result = Result()
    /// Units of the month so far, by payer, SKU and lens.
    private var tiers: [String: Fraction] = [:]

    init(_ input: RatingInput) {
        self.input = input
        listed = Dictionary(input.accounts.map { ($0.account, $0) }, uniquingKeysWith: { first, _ in first })
        window = input.window ?? Self.span(input.usage)
    }

    private static func span(_ usage: [UsageLine]) -> HourGrid {
        let starts = usage.map(\.series.grid.start)
        let ends = usage.map(\.series.grid.end)
        return HourGrid(start: starts.min() ?? Hour(index: 0), end: ends.max() ?? Hour(index: 0))
    }

    // MARK: The bill

    mutating func bill() -> Result {
        result.committed = Array(repeating: .zero, count: input.commitments.count)
        result.used = result.committed
        result.group = groups()
        var hour = window.start
        while hour < window.end {
            if hour == hour.monthStart { tiers = [:] }
            bill(hour)
            hour = hour.advanced(by: 1)
        }
        return result
    }

    private mutating func bill(_ hour: Hour) {
        chargeFees(hour)
        var demands = demands(hour)
        var supplies = input.commitments.indices.compactMap { position in
            isActive(input.commitments[position], hour)
                ? Supply(position: position, left: capacity(input.commitments[position])) : nil
        }
        for demand in demands { chargeList(demand, hour) }
        for stage in Stage.allCases {
            for isOwn in [true, false] {
                for pair in pairs(stage, isOwn, demands, supplies, hour) {
                    serve(pair, &demands, &supplies)
                }
            }
        }
        for demand in demands { chargeLeftOver(demand, hour) }
    }

    private mutating func serve(_ pair: Pair, _ demands: inout [Demand], _ supplies: inout [Supply]) {
        guard !demands[pair.demand].left.isZero, !supplies[pair.supply].left.isZero else { return }
        let need = demands[pair.demand].left * pair.rate
        let taken = min(need, supplies[pair.supply].left)
        supplies[pair.supply].left -= taken
        demands[pair.demand].left = taken == need ? .zero : demands[pair.demand].left - taken / pair.rate
        let commitment = input.commitments[supplies[pair.supply].position]
        result.used[supplies[pair.supply].position] += taken / unitsPerCommitted(commitment)
    }

    // MARK: Usage

    private func demands(_ hour: Hour) -> [Demand] {
        var found: [Demand] = []
        for line in input.usage {
            let quantity = Fraction(line.series[hour])
            guard !quantity.isZero, leftOverPrice(line.key, hour) != nil else { continue }
            let payer = payer(of: line.key)
            let account = line.key.account.isEmpty ? payer : line.key.account
            found.append(Demand(key: line.key, payer: payer, account: account, left: quantity))
        }
        return found.sorted { $0.key < $1.key }
    }

    private func payer(of key: UsageKey) -> String {
        if let row = listed[key.account], !row.billingAccount.isEmpty { return row.billingAccount }
        return key.billingAccount
    }

    private func leftOverPrice(_ key: UsageKey, _ hour: Hour) -> [PriceRow]? {
        if key.pricing == .spot { return price(key, .spot, hour) }
        return price(key, .negotiated, hour) ?? price(key, .onDemand, hour)
    }

    private mutating func chargeList(_ demand: Demand, _ hour: Hour) {
        guard let left = leftOverPrice(demand.key, hour) else { return }
        let list = price(demand.key, .onDemand, hour) ?? left
        result.list += charge(demand, list, "list", demand.left)
        result.contracted += charge(demand, left, "contracted", demand.left)
    }

    private mutating func chargeLeftOver(_ demand: Demand, _ hour: Hour) {
        guard let rows = leftOverPrice(demand.key, hour) else { return }
        let cost = charge(demand, rows, "left", demand.left)
        result.effective += cost
        result.billed += cost
        if demand.key.pricing != .spot { result.onDemand += cost }
    }

    /// The cost of the next `quantity` units of the month, each in the tier it falls in.
    private mutating func charge(_ demand: Demand, _ rows: [PriceRow], _ lens: String, _ quantity: Fraction) -> Fraction
    {
        guard Set(rows.map(\.tierFrom)).count > 1 else { return quantity * Fraction(rows[0].price) }
        let counter = [demand.payer, demand.key.sku, lens].joined(separator: "|")
        let from = tiers[counter] ?? .zero
        let to = from + quantity
        tiers[counter] = to
        var cost = Fraction.zero
        for row in rows {
            let low = max(from, Fraction(row.tierFrom))
            let high = row.tierTo.map { min(to, Fraction($0)) } ?? to
            if low < high { cost += (high - low) * Fraction(row.price) }
        }
        return cost
    }

    /// The rows of one price: several where it has tiers.
    private func price(_ key: UsageKey, _ offer: Offer, _ hour: Hour, _ term: String = "", _ payment: String = "")
        -> [PriceRow]?
    {
        let question = Lookup(key: key, offer: offer, day: hour.day, term: term, payment: payment)
        if let known = lookups.answers[question] { return known.isEmpty ? nil : known }
        let answer = findPrice(key, offer, hour, term, payment)
        lookups.answers[question] = answer ?? []
        return answer
    }

    private func findPrice(_ key: UsageKey, _ offer: Offer, _ hour: Hour, _ term: String, _ payment: String)
        -> [PriceRow]?
    {
        func agrees(_ cell: String, _ value: String) -> Bool { cell == "*" || cell == value }
        let matching = input.prices.filter { row in
            agrees(row.sku, key.sku) && row.offer == offer && agrees(row.region, key.region)
                && (row.zone.isEmpty || agrees(row.zone, key.zone)) && agrees(row.service, key.service)
                && row.provider == key.provider && agrees(row.os, key.os) && agrees(row.license, key.license)
                && agrees(row.tenancy, key.tenancy) && agrees(row.unit, key.unit) && agrees(row.term, term)
                && agrees(row.payment, payment) && row.validFrom.map { $0.firstHour <= hour } != false
                && row.validTo.map { hour < $0.firstHour } != false
        }
        func stars(_ row: PriceRow) -> Int {
            let cells = [row.region, row.service, row.sku, row.os, row.license, row.tenancy, row.unit]
            return (cells + [row.term, row.payment]).filter { $0 == "*" }.count
        }
        guard let fewest = matching.map(stars).min() else { return nil }
        let exact = matching.filter { stars($0) == fewest }
        let zonal = exact.filter { !$0.zone.isEmpty }
        let placed = zonal.isEmpty ? exact : zonal
        let latest = placed.map { $0.validFrom?.index ?? Int.min }.max()
        let newest = placed.filter { ($0.validFrom?.index ?? Int.min) == latest }
        // Rows that contradict each other: the cheapest counts.
        return newest.filter { row in
            newest.allSatisfy { $0.tierFrom != row.tierFrom || ($0.price, $0.upfront) >= (row.price, row.upfront) }
        }
    }

    // MARK: Commitments

    private func isActive(_ commitment: Commitment, _ hour: Hour) -> Bool {
        if let start = commitment.start, hour < start.hour { return false }
        if let end = commitment.end { return hour < end.hour }
        if let start = commitment.start, let term = commitment.term {
            return hour < start.hour.advanced(by: term.hours)
        }
        return true
    }

    private mutating func chargeFees(_ hour: Hour) {
        for (position, commitment) in input.commitments.enumerated() where isActive(commitment, hour) {
            result.committed[position] += Fraction(
                commitment.offer.isSpend ? Quantity(raw: commitment.hourlyCommitment.raw) : commitment.quantity)
            var upfront = Fraction(commitment.upfront) * Fraction(commitment.quantity)
            var hourly = Fraction(commitment.hourly) * Fraction(commitment.quantity)
            let termHours = commitment.term?.hours ?? 8_760
            let hours =
                commitment.start.flatMap { start in commitment.end.map { $0.hour.index - start.hour.index } }
                ?? termHours
            if commitment.offer.isSpend {
                let whole = Fraction(commitment.hourlyCommitment)
                let shares: [Payment?: Int] = [.all: 100, .partial: 50]
                let share = Fraction(shares[commitment.payment] ?? 0) / Fraction(100)
                hourly = whole * (Fraction(1) - share)
                upfront = whole * share * Fraction(hours)
            }
            result.effective += hourly + upfront / Fraction(hours)
            result.billed += hourly
            if commitment.start?.hour == hour { result.billed += upfront }
        }
    }

    /// Commitments that agree in everything but id, size, dates and fees serve alike.
    private func groups() -> [Int] {
        var known: [[String]: Int] = [:]
        return input.commitments.map { item in
            let scope = [
                item.provider, item.billingAccount, item.account, item.resourceGroup, item.offer.rawValue,
                item.sharing.rawValue, item.region, item.zone, item.family, item.sku, item.os, item.license,
                item.tenancy, item.term?.rawValue ?? "", item.payment?.rawValue ?? "", item.currency,
            ]
            defer { if known[scope] == nil { known[scope] = known.count } }
            return known[scope] ?? known.count
        }
    }

    /// Which commitment goes first where the vendor does not say: the group whose first one began first.
    private func turn(_ position: Int) -> [[String]] {
        func own(_ position: Int) -> [String] {
            let item = input.commitments[position]
            let start = item.start.map { String($0.hour.index + 1_000_000_000) } ?? ""
            return [start, item.account, item.id]
        }
        let group = input.commitments.indices.filter { result.group[$0] == result.group[position] }.map(own)
        let first = group.min { $0.lexicographicallyPrecedes($1) } ?? []
        return [first, own(position)]
    }

    private func stage(of commitment: Commitment) -> Stage? {
        switch commitment.offer {
        case .riStandard, .riConvertible:
            if OracleNodes.isNode(commitment.sku) { return .nodes }
            return commitment.zone.isEmpty ? .regional : .zonal
        case .familyPlan: return .family
        case .computePlan: return .compute
        default: return ["sagemaker-sp": .sagemaker, "database-sp": .databases][commitment.offer.rawValue]
        }
    }

    private func capacity(_ commitment: Commitment) -> Fraction {
        if commitment.offer.isSpend { return Fraction(commitment.hourlyCommitment) }
        return Fraction(commitment.quantity) * unitsPerCommitted(commitment)
    }

    private func unitsPerCommitted(_ commitment: Commitment) -> Fraction {
        isSizeFlexible(commitment) && !commitment.sku.isEmpty ? factor(commitment.sku) : Fraction(1)
    }

    /// "Only Linux/UNIX, default tenancy, regional scope", and not the newer GPU families.
    private func isSizeFlexible(_ commitment: Commitment) -> Bool {
        if stage(of: commitment) == .nodes {
            return commitment.os.isEmpty && commitment.tenancy.isEmpty
                && OracleNodes.isFlexible(commitment.sku, engine: commitment.license)
        }
        guard stage(of: commitment) == .regional else { return false }
        let family = commitment.family.isEmpty ? family(commitment.sku) : commitment.family
        return ["linux", ""].contains(commitment.os) && ["shared", ""].contains(commitment.tenancy)
            && !["g4ad", "g4dn", "g5", "g5g"].contains(family)
    }

    // MARK: Who is served by what, and in which order

    private func pairs(
        _ stage: Stage, _ isOwn: Bool, _ demands: [Demand], _ supplies: [Supply], _ hour: Hour
    ) -> [Pair] {
        var found: [Pair] = []
        for (supplyIndex, supply) in supplies.enumerated() where !supply.left.isZero {
            let commitment = input.commitments[supply.position]
            guard self.stage(of: commitment) == stage else { continue }
            for (demandIndex, demand) in demands.enumerated() where !demand.left.isZero {
                guard demand.payer == commitment.billingAccount, isOwn == (demand.account == owner(commitment)),
                    isOwn || isShared(commitment, demand), let rate = rate(commitment, demand.key, hour)
                else { continue }
                let onDemand = (price(demand.key, .onDemand, hour) ?? leftOverPrice(demand.key, hour))?.first?.price
                found.append(
                    Pair(
                        demand: demandIndex, supply: supplyIndex, isOwn: isOwn, rate: rate,
                        share: rate / Fraction(onDemand ?? Money(1)), size: factor(demand.key.sku)))
            }
        }
        let turns = found.count > 1 ? supplies.map { turn($0.position) } : []
        return found.sorted { (left: Pair, right: Pair) -> Bool in
            if [.nodes, .zonal, .regional].contains(stage) {
                if left.size != right.size { return left.size < right.size }
            } else {
                if left.share != right.share { return left.share < right.share }
                if left.rate != right.rate { return left.rate < right.rate }
            }
            let (first, second) = (demands[left.demand].key, demands[right.demand].key)
            if first != second { return first < second }
            return precedes(turns[left.supply], turns[right.supply])
        }
    }

    private func precedes(_ left: [[String]], _ right: [[String]]) -> Bool {
        for (a, b) in zip(left, right) where a != b { return a.lexicographicallyPrecedes(b) }
        return false
    }

    private func isShared(_ commitment: Commitment, _ demand: Demand) -> Bool {
        commitment.sharing != .account && listed[owner(commitment)]?.sharing != false
            && listed[demand.account]?.sharing != false
    }

    /// A commitment without an account is the payer's own.
    private func owner(_ commitment: Commitment) -> String {
        commitment.account.isEmpty ? commitment.billingAccount : commitment.account
    }

    /// What a unit of usage takes from the commitment; nil where it does not serve it.
    private func rate(_ commitment: Commitment, _ key: UsageKey, _ hour: Hour) -> Fraction? {
        func allows(_ wanted: String, _ value: String) -> Bool { wanted.isEmpty || wanted == value }
        guard key.pricing != .spot, allows(commitment.region, key.region) else { return nil }
        let (term, payment) = (commitment.term?.rawValue ?? "", commitment.payment?.rawValue ?? "")
        guard let rows = price(key, commitment.offer, hour, term, payment) else { return nil }
        switch stage(of: commitment) {
        case .compute, .sagemaker, .databases: return Fraction(rows[0].price)
        case .nodes:
            guard allows(commitment.license, key.license) else { return nil }
            guard isSizeFlexible(commitment) else { return commitment.sku == key.sku ? Fraction(1) : nil }
            if commitment.sku == key.sku { return factor(key.sku) }
            guard OracleNodes.isFlexible(key.sku, engine: key.license), key.os.isEmpty, key.tenancy.isEmpty,
                OracleNodes.family(key.sku) == OracleNodes.family(commitment.sku)
            else { return nil }
            return factor(key.sku)
        case .family: return allows(commitment.family, family(key.sku)) ? Fraction(rows[0].price) : nil
        case .zonal:
            guard commitment.zone == key.zone, commitment.sku == key.sku else { return nil }
            return platformAgrees(commitment, key) ? Fraction(1) : nil
        case .regional:
            guard platformAgrees(commitment, key) else { return nil }
            guard isSizeFlexible(commitment) else { return commitment.sku == key.sku ? Fraction(1) : nil }
            if commitment.sku == key.sku { return factor(key.sku) }
            let wanted = commitment.family.isEmpty ? family(commitment.sku) : commitment.family
            guard key.os == "linux", ["shared", ""].contains(key.tenancy), family(key.sku) == wanted else { return nil }
            return factor(key.sku)
        case nil: return nil
        }
    }

    private func platformAgrees(_ commitment: Commitment, _ key: UsageKey) -> Bool {
        func allows(_ wanted: String, _ value: String) -> Bool { wanted.isEmpty || wanted == value }
        return allows(commitment.os, key.os) && allows(commitment.tenancy, key.tenancy)
            && allows(commitment.license, key.license)
    }

    // MARK: Facts

    private func family(_ sku: String) -> String {
        if let row = input.catalog.first(where: { $0.sku == sku }), !row.family.isEmpty { return row.family }
        return String(sku.prefix { $0 != "." })
    }

    private func factor(_ sku: String) -> Fraction {
        if let known = input.catalog.first(where: { $0.sku == sku })?.sizeFactor { return Fraction(known) }
        let metal = [
            "a1": 32, "m5zn": 96, "z1d": 96, "i3": 128, "m6g": 128, "c5n": 144, "m5": 192, "c5": 192, "r5": 192,
            "i3en": 192,
        ]
        let parts = sku.split(separator: ".").suffix(2).map(String.init)
        guard parts.count == 2 else { return Fraction(1) }
        switch parts[1] {
        case "nano": return Fraction(1) / Fraction(4)
        case "micro": return Fraction(1) / Fraction(2)
        case "small": return Fraction(1)
        case "medium": return Fraction(2)
        case "large": return Fraction(4)
        case "xlarge": return Fraction(8)
        case "metal": return Fraction(metal[parts[0]] ?? 1)
        default: return Fraction(8 * (Int(parts[1].dropLast("xlarge".count)) ?? 0))
        }
    }
}
