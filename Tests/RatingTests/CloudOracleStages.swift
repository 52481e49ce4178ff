import PlimsollCore
import Rating

extension CloudOracle {
    /// Who may serve what, stage after stage.
    func stages(_ items: [Item], _ supplies: [Supply], _ hour: Hour) -> [[Claim]] {
        func claims(
            _ offer: String, _ isMine: (Commitment) -> Bool = { _ in true },
            _ claim: (Commitment, Item) -> (need: Fraction, turn: [Fraction])?
        ) -> [Claim] {
            var found: [Claim] = []
            for (supply, held) in supplies.enumerated() {
                let commitment = input.commitments[held.position]
                guard commitment.offer.rawValue == offer, isMine(commitment) else { continue }
                for (index, item) in items.enumerated() where !item.isLicence && reaches(commitment, item.key) {
                    guard price(item.key, offer, hour, commitment.term, commitment.payment) != nil,
                        let claim = claim(commitment, item)
                    else { continue }
                    found.append(Claim(item: index, supply: supply, need: claim.need, turn: claim.turn))
                }
            }
            return found
        }
        switch provider {
        case "gcp":
            return [
                claims("cud-resource") { self.resource($0, $1) }, claims("cud-flex") { self.flexible($0, $1, hour) },
            ]
        case "azure":
            return [
                claims("reservation") { self.reservation($0, $1) },
                claims("compute-savings-plan") { self.plan($0, $1, hour) },
            ]
        default:
            return [
                claims("reservation", { !$0.zone.isEmpty }) { self.deduction($0, $1) },
                claims("reservation", { $0.zone.isEmpty }) { self.deduction($0, $1) },
                claims("savings-plan-ecs") { self.billed($0, $1, hour) },
                claims("savings-plan-general") { self.billed($0, $1, hour) },
            ]
        }
    }

    private func reaches(_ commitment: Commitment, _ key: UsageKey) -> Bool {
        guard commitment.region.isEmpty || commitment.region == key.region else { return false }
        switch commitment.sharing {
        case .account: return key.account == commitment.account
        case .resourceGroup: return key.account == commitment.account && key.resourceGroup == commitment.resourceGroup
        default: return true
        }
    }

    /// 0 for the narrowest scope.
    private func width(_ commitment: Commitment) -> Fraction {
        switch commitment.sharing {
        case .resourceGroup: Fraction(0)
        case .account: Fraction(1)
        default: Fraction(2)
        }
    }

    private func others(_ commitment: Commitment, _ item: Item) -> Fraction {
        Fraction(item.key.account == commitment.account ? 0 : 1)
    }

    private func resource(_ commitment: Commitment, _ item: Item) -> (need: Fraction, turn: [Fraction])? {
        guard commitment.sku == item.key.sku else { return nil }
        return (Fraction(1), [others(commitment, item), width(commitment)])
    }

    private func flexible(
        _ commitment: Commitment, _ item: Item, _ hour: Hour
    ) -> (need: Fraction, turn: [Fraction])? {
        guard let rate = price(item.key, "cud-flex", hour, commitment.term, commitment.payment) else { return nil }
        let isOlder = hour.day < Day(year: 2026, month: 1, day: 21)
        let need = isOlder ? item.list : rate
        return (need, [rate / item.list, need])
    }

    private func reservation(_ commitment: Commitment, _ item: Item) -> (need: Fraction, turn: [Fraction])? {
        let own = ratio(item.key.sku)
        guard isFlexible(commitment) else {
            return commitment.sku == item.key.sku ? (Fraction(1), [width(commitment), own]) : nil
        }
        guard family(item.key.sku) == commitment.family else { return nil }
        return (own, [width(commitment), own])
    }

    private func plan(_ commitment: Commitment, _ item: Item, _ hour: Hour) -> (need: Fraction, turn: [Fraction])? {
        guard let rate = lowerRate(commitment, item, hour) else { return nil }
        let isLong = commitment.term == .threeYears
        return (rate, [Fraction(isLong ? 0 : 1), width(commitment), rate / item.list, rate])
    }

    private func lowerRate(_ commitment: Commitment, _ item: Item, _ hour: Hour) -> Fraction? {
        price(item.key, commitment.offer.rawValue, hour, commitment.term, commitment.payment).map {
            min($0, price(item.key, "negotiated", hour) ?? $0)
        }
    }

    private func ending(_ commitment: Commitment) -> Fraction {
        Fraction(commitment.end?.hour.index ?? 10_000_000)
    }

    private func deduction(_ commitment: Commitment, _ item: Item) -> (need: Fraction, turn: [Fraction])? {
        let turn = [others(commitment, item), ending(commitment), beginning(commitment)]
        guard commitment.zone.isEmpty || commitment.zone == item.key.zone else { return nil }
        guard isFlexible(commitment) else {
            return commitment.sku == item.key.sku ? (Fraction(1), turn + [ratio(item.key.sku)]) : nil
        }
        guard family(item.key.sku) == commitment.family else { return nil }
        return (ratio(item.key.sku), turn + [ratio(item.key.sku)])
    }

    private func beginning(_ commitment: Commitment) -> Fraction {
        Fraction(commitment.start?.hour.index ?? -10_000_000)
    }

    private func billed(_ commitment: Commitment, _ item: Item, _ hour: Hour) -> (need: Fraction, turn: [Fraction])? {
        guard let rate = lowerRate(commitment, item, hour) else { return nil }
        return (
            rate, [others(commitment, item), ending(commitment), beginning(commitment), Fraction(item.order)]
        )
    }
}

/// Sustained use of one month, layer by layer.
struct CloudOracleMonth {
    /// By pool: rectangles of use so far, as level and hours; those of one level in one.
    private var past: [String: [(level: Fraction, hours: Fraction)]] = [:]

    private static let rates: [String: [Fraction]] = [
        "n1": [100, 80, 60, 40].map { Fraction($0) / Fraction(100) },
        "n2": [10_000, 8_678, 7_330, 6_000].map { Fraction($0) / Fraction(10_000) },
    ]

    /// What is taken off each item's left-over cost in an hour.
    mutating func discounts(_ items: [CloudOracle.Item], _ hour: Hour) -> [Fraction] {
        var off = Array(repeating: Fraction.zero, count: items.count)
        func pool(_ item: CloudOracle.Item) -> String {
            let isPart = item.key.sku.contains("/")
            let series = item.key.sku.prefix { $0 != "/" && $0 != "-" }
            return [item.key.region, String(series), isPart ? String(item.key.sku.drop { $0 != "/" }) : ""]
                .joined(separator: "|")
        }
        for name in Set(items.map(pool)).sorted() {
            let series = String(name.split(separator: "|")[1])
            guard let rates = Self.rates[series] else { continue }
            let members = items.indices.filter { pool(items[$0]) == name }
            let share = add(members.map { items[$0] }, to: name, rates, hour)
            for index in members { off[index] = items[index].left * items[index].price * share }
        }
        return off
    }

    /// Adds an hour to a pool and returns which share of its cost is taken off.
    private mutating func add(
        _ items: [CloudOracle.Item], to pool: String, _ rates: [Fraction], _ hour: Hour
    ) -> Fraction {
        let amount = items.filter { $0.machines == nil }.reduce(Fraction.zero) { $0 + $1.left }
        let byMachines = items.filter { $0.machines != nil }.reduce(Fraction.zero) { $0 + Self.units($1) }
        let machines = items.reduce(Fraction.zero) { $0 + ($1.machines ?? .zero) }
        guard !(amount + byMachines).isZero else { return .zero }
        var rectangles = [(level: amount + byMachines, hours: Fraction(1))]
        let whole = machines.wholePart
        let part = machines - whole
        if !part.isZero, !byMachines.isZero {
            rectangles = [
                (amount + byMachines * (whole + Fraction(1)) / machines, part),
                (amount + byMachines * whole / machines, Fraction(1) - part),
            ]
        }
        let length = Fraction(hour.nextMonth.index - hour.monthStart.index)
        var full = Fraction.zero
        var charged = Fraction.zero
        for rectangle in rectangles where !rectangle.level.isZero {
            full += rectangle.level * rectangle.hours
            charged += charge(rectangle, pool, rates, length)
            let known = past[pool, default: []].firstIndex { $0.level == rectangle.level }
            if let known {
                past[pool, default: []][known].hours += rectangle.hours
            } else {
                past[pool, default: []].append(rectangle)
            }
        }
        return (full - charged) / full
    }

    /// Left-over usage in vCPUs or GiB; a machine that is not taken apart counts its vCPUs.
    private static func units(_ item: CloudOracle.Item) -> Fraction {
        guard !item.key.sku.contains("/") else { return item.left }
        return item.left * Fraction(Int(item.key.sku.split(separator: "-").last ?? "") ?? 1)
    }

    /// Cuts the ground below `rectangle` at every earlier level and charges each layer by its hours so far.
    private func charge(
        _ rectangle: (level: Fraction, hours: Fraction), _ pool: String, _ rates: [Fraction], _ length: Fraction
    ) -> Fraction {
        let earlier = past[pool] ?? []
        var levels = earlier.map(\.level).filter { $0 < rectangle.level } + [rectangle.level]
        levels.sort()
        var sum = Fraction.zero
        var ground = Fraction.zero
        for level in levels where level != ground {
            var hours = Fraction.zero
            for one in earlier where !(one.level < level) { hours += one.hours }
            let cost = Self.cost(hours + rectangle.hours, rates, length) - Self.cost(hours, rates, length)
            sum += (level - ground) * cost
            ground = level
        }
        return sum
    }

    /// What the first `hours` of a month cost.
    private static func cost(_ hours: Fraction, _ rates: [Fraction], _ length: Fraction) -> Fraction {
        let quarter = length / Fraction(4)
        var left = hours
        var sum = Fraction.zero
        for (number, rate) in rates.enumerated() {
            let here = number == 3 ? left : min(left, quarter)
            sum += here * rate
            left -= here
        }
        return sum
    }
}
