public import PlimsollCore
public import Rating

/// How well the past, billed again by the rules, meets the bill that was paid.
///
/// Three shares of the paid bill, amortised: *rated* (a rule, and a price that does not come from the bill
/// itself), *derived* (percentages, floors, credits, and commitments' fees, which are contract terms) and
/// *carried* (taken over as it is). The error is over what is rated only. A second test takes the benefits
/// off and applies the commitments again by the rules: do they pay for the same hours?
public struct Calibration: Hashable, Sendable {
    /// Paid and re-rated cost of one service, over what is rated.
    public struct Service: Hashable, Sendable {
        /// The service.
        public var name: String
        /// By the bill.
        public var paid = Money.zero
        /// By the rules.
        public var rated = Money.zero
        /// Sum of the sizes of all lines' errors.
        public var absolute = Money.zero
        /// Rated − paid.
        public var net: Money { rated - paid }
    }

    /// Usage that a commitment paid for, by the bill and by the rules.
    public struct Coverage: Hashable, Sendable {
        /// The commitment.
        public var commitment: String
        /// Units of usage, by the bill.
        public var paid = Quantity.zero
        /// Units of usage, by the rules.
        public var rated = Quantity.zero
        /// Hours in which either paid for something.
        public var hours = 0
        /// Hours in which they differ by more than a millionth of a unit: bills round.
        public var hoursDifferent = 0
        /// Sum of the sizes of all hours' differences.
        public var difference = Quantity.zero
    }

    /// The bill's own cost of the three shares.
    public var rated = Money.zero
    /// Percentages, floors, credits and commitments' fees.
    public var derived = Money.zero
    /// Taken over as it is.
    public var carried = Money.zero
    /// By name.
    public var services: [Service] = []
    /// By commitment; empty where the bill says nothing of it.
    public var coverage: [Coverage] = []
    /// Paid cost of all usage by how finely the bill tells when it was used.
    public var shapes: [BilledCharge.Shape: Money] = [:]

    /// Errors of all services.
    public var total: Service {
        services.reduce(into: Service(name: "")) { sum, service in
            sum.paid += service.paid
            sum.rated += service.rated
            sum.absolute += service.absolute
        }
    }

    /// Compares the paid bill with the re-rated past. Throws what the rater throws.
    ///
    /// - Parameters:
    ///   - charges: the paid bill, in the currency of the re-rated one.
    ///   - coverage: what commitments paid for by the bill, by the hour; empty = not known.
    ///   - past: what the past is re-rated from.
    public static func compare(
        charges: [BilledCharge], coverage: [BilledCoverage], past: RatingInput
    ) throws(Failure) -> Calibration {
        var input = past
        input.detail = [.resource]
        input.agreements = []
        let costless = costlessCoverage(charges)
        if !costless.isEmpty { input.detail.insert(.commitment) }
        let bill = try Rater.rate(input)
        var result = Calibration()
        for charge in charges where charge.kind == .usage {
            result.shapes[charge.shape, default: .zero] += charge.effective
        }
        result.compareCost(charges, bill, BookSources(past.prices), costless)
        guard !coverage.isEmpty else { return result }
        input.detail = [.hour, .resource, .commitment]
        // Only what commitments can reach is needed: the rest of the demand cannot change what they serve.
        result.compareCoverage(coverage, try Rater.rate(input))
        return result
    }

    // MARK: Cost

    /// What a commitment pays for of some usage.
    private struct Covered: Hashable {
        var key: UsageKey
        var commitment: String
    }

    /// What commitments paid for and the bill leaves without any cost: it stands in their fees. There only
    /// the rest is compared.
    private static func costlessCoverage(_ charges: [BilledCharge]) -> Set<Covered> {
        var cost: [Covered: Money] = [:]
        for charge in charges where charge.kind == .usage && !charge.commitment.isEmpty {
            cost[Covered(key: charge.key, commitment: charge.commitment), default: .zero] += charge.effective
        }
        return Set(cost.filter { $0.value == .zero }.keys)
    }

    private mutating func compareCost(
        _ charges: [BilledCharge], _ bill: Bill, _ sources: BookSources, _ costless: Set<Covered>
    ) {
        var paid: [UsageKey: Money] = [:]
        for charge in charges {
            switch charge.kind {
            case .usage where charge.key.pricing != .spot && sources.isIndependent(charge.key):
                rated += charge.effective
                paid[charge.key, default: .zero] += charge.effective
            case .commitmentFee, .percentOf, .floor, .credit: derived += charge.effective
            case .usage, .fixed, .carried: carried += charge.effective
            }
        }
        var again: [UsageKey: Money] = [:]
        for row in bill.rows where row.kind == .usage {
            guard let key = row.key, paid[key] != nil else { continue }
            if let id = row.commitment, costless.contains(Covered(key: key, commitment: id)) { continue }
            again[key, default: .zero] += row.amounts.effective
        }
        var byName: [String: Service] = [:]
        for (key, cost) in paid {
            let now = again[key] ?? .zero
            var service = byName[key.service] ?? Service(name: key.service)
            service.paid += cost
            service.rated += now
            service.absolute += Money(raw: Int128((now - cost).raw.magnitude))
            byName[key.service] = service
        }
        services = byName.values.sorted { $0.name < $1.name }
    }

    // MARK: Coverage

    /// A millionth of a unit: bills round what a commitment served in part.
    private static let noticed: UInt128 = 1_000_000

    private struct Slot: Hashable {
        var commitment: String
        var hour: Hour
    }

    private mutating func compareCoverage(_ paid: [BilledCoverage], _ bill: Bill) {
        var slots: [Slot: (paid: Int128, rated: Int128)] = [:]
        for row in paid {
            slots[Slot(commitment: row.commitment, hour: row.hour), default: (0, 0)].paid += row.quantity.raw
        }
        let known = Set(paid.map(\.commitment)).union(bill.commitments.map(\.id))
        for row in bill.rows where row.kind == .usage {
            guard let commitment = row.commitment, let hour = row.hour, known.contains(commitment) else { continue }
            slots[Slot(commitment: commitment, hour: hour), default: (0, 0)].rated += row.quantity.raw
        }
        var found = Dictionary(uniqueKeysWithValues: known.map { ($0, Coverage(commitment: $0)) })
        for (slot, sums) in slots {
            guard sums.paid != 0 || sums.rated != 0, var entry = found[slot.commitment] else { continue }
            entry.paid.raw += sums.paid
            entry.rated.raw += sums.rated
            entry.hours += 1
            if (sums.paid - sums.rated).magnitude > Self.noticed { entry.hoursDifferent += 1 }
            entry.difference.raw += Int128((sums.paid - sums.rated).magnitude)
            found[slot.commitment] = entry
        }
        coverage = found.values.sorted { $0.commitment < $1.commitment }
    }
}

/// Which SKUs have a price that was not read off the bill itself.
private struct BookSources {
    private struct Name: Hashable {
        var provider: String
        var sku: String
    }
    private var independent: Set<Name> = []
    private var wildcards: Set<String> = []

    init(_ rows: [PriceRow]) {
        for row in rows where [.onDemand, .negotiated].contains(row.offer) && !row.source.hasPrefix("bill") {
            if row.sku == "*" { wildcards.insert(row.provider) }
            independent.insert(Name(provider: row.provider, sku: row.sku))
        }
    }

    func isIndependent(_ key: UsageKey) -> Bool {
        wildcards.contains(key.provider) || independent.contains(Name(provider: key.provider, sku: key.sku))
    }
}
