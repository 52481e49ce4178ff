internal import PlimsollCore
internal import Rating

/// When commitments begin and end: those held and those to buy.
struct CommitmentCalendar {
    private struct Item {
        var commitment: Commitment
        var isPurchase: Bool
        var active: HourGrid
        var hourly: Money
    }

    private let window: HourGrid
    private let items: [Item]

    init(_ outcome: ScenarioOutcome) {
        let window = outcome.window
        self.window = window
        let bought = (outcome.plan?.purchases ?? []).map { (ScenarioRun.bought($0, window), true) }
        // What is held until the window begins ends there, and is worth knowing.
        let reach = HourGrid(start: window.start, end: window.end.advanced(by: 5 * 8_784))
        items = (outcome.held.map { ($0, false) } + bought).map { commitment, isPurchase in
            Item(
                commitment: commitment, isPurchase: isPurchase, active: commitment.active(in: reach),
                hourly: commitment.hourlyFee)
        }
    }

    /// By month of the window: fees an hour that begin and end in it, and what is in force after it, at its last hour.
    var months: [JSONValue] {
        window.months.map { month in
            let begins = items.filter { $0.isPurchase && month.contains($0.active.start) }
            let ends = items.filter { $0.active.count > 0 && month.contains($0.active.end) }
            let last = month.end.advanced(by: -1)
            let upfront = begins.reduce(Money.zero) { $0 + $1.commitment.paidAtOnce }
            return .object([
                "month": .string(String(month.start.description.prefix(7))),
                "begins": .money(Self.sum(begins)), "purchases": .int(begins.count), "upfront": .money(upfront),
                "ends": .money(Self.sum(ends)),
                "in_force": .money(Self.sum(items.filter { $0.active.contains(last) })),
            ])
        }
    }

    private static func sum(_ items: [Item]) -> Money { items.reduce(.zero) { $0 + $1.hourly } }

    /// Commitments by the day they end, the next first; those without an end are left out.
    var ends: [JSONValue] {
        let ending = items.filter {
            $0.commitment.end != nil || $0.commitment.start != nil && $0.commitment.term != nil
        }
        return ending.sorted { ($0.active.end, $0.commitment.id) < ($1.active.end, $1.commitment.id) }.map { item in
            let commitment = item.commitment
            let what = [
                commitment.sku.isEmpty ? commitment.family : commitment.sku,
                commitment.zone.isEmpty ? commitment.region : commitment.zone, commitment.os,
            ]
            return .object([
                "id": .string(commitment.id), "kind": .string(item.isPurchase ? "purchase" : "held"),
                "offer": .string(commitment.offer.rawValue),
                "scope": .string(what.filter { !$0.isEmpty }.joined(separator: " ")),
                "account": .string(commitment.account), "ends": .string(item.active.end.description),
                "hourly": .money(item.hourly),
            ])
        }
    }
}

/// Coverage of usage that commitments could serve, apart by who or what uses it.
struct CoverageBreakdown {
    /// What it is taken apart by.
    static let dimensions = ["account", "group", "provider", "region", "service", "family"]

    private struct Sums {
        var eligible = Money.zero
        var covered = Money.zero
        var onDemand = Money.zero

        mutating func add(_ row: BillSheet.Row) {
            eligible += row.amounts.list
            if row.commitment.isEmpty { onDemand += row.amounts.onDemand } else { covered += row.amounts.list }
        }
    }

    let outcome: ScenarioOutcome

    /// By dimension, the largest first; dimensions with one value only are left out.
    var json: JSONValue {
        let parents = Dictionary(
            outcome.estate.input.accounts.map { ($0.account, $0.parent) }, uniquingKeysWith: { first, _ in first })
        let facts = SKUFacts(
            catalog: outcome.estate.input.catalog, programs: outcome.estate.input.programs)
        var tables: [String: [String: Sums]] = [:]
        for row in outcome.sheetAfter.rows where row.kind == .usage {
            guard let key = row.key, key.pricing != .spot else { continue }
            let isEligible = !row.commitment.isEmpty || outcome.eligibleKeys.contains(key.scopeless)
            guard isEligible else { continue }
            let names = [
                key.account, parents[key.account] ?? "", key.provider, key.region, key.service,
                facts.family(key.provider, key.sku),
            ]
            for (dimension, name) in zip(Self.dimensions, names) {
                tables[dimension, default: [:]][name, default: Sums()].add(row)
            }
        }
        return .object(
            tables.filter { $0.value.count > 1 }.mapValues { sums in
                .array(
                    sums.sorted { ($1.value.eligible, $0.key) < ($0.value.eligible, $1.key) }.map { name, sum in
                        .object([
                            "name": .string(name), "eligible": .money(sum.eligible), "covered": .money(sum.covered),
                            "on_demand": .money(sum.onDemand),
                            "coverage_percent": .string(ScenarioReport.percent(sum.covered, of: sum.eligible)),
                        ])
                    })
            })
    }
}

extension UsageKey {
    /// Without who uses it: what the price book looks at.
    var scopeless: UsageKey {
        var key = self
        (key.account, key.resource, key.resourceGroup) = ("", "", "")
        return key
    }
}
