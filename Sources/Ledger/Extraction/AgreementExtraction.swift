internal import PlimsollCore

/// Terms that work on a whole bill, read off what they made of it: percentages that come out even, credits,
/// fees. What comes out uneven stays what it is in the bill.
///
/// The order is that of ``Agreement``: discounts, fixed fees, support, tax, credits, each on what the ones
/// before left. Amounts are cash. "Even" is a percentage of at most four places that gives the amount of
/// every month to within what its rows can have been rounded by.
struct AgreementExtraction {
    /// Charges of one name in one billing account.
    struct Source: Hashable {
        var provider: String
        var billingAccount: String
        var name: String
    }

    let vocabularies: [BillVocabulary]
    let rows: [JSONValue]

    /// What was found, and which charges that explains.
    struct Found {
        var agreements: [Agreement] = []
        var gaps: [Gap] = []
        var handled: Set<Source> = []
    }

    var found: Found {
        let charges = rows.compactMap(Charge.init)
        var result = Found()
        for payer in Set(charges.map(\.payer)).sorted(by: { ($0.provider, $0.id) < ($1.provider, $1.id) }) {
            let words = vocabularies.first { $0.provider == payer.provider }
            var account = AccountTerms(payer: payer, words: words, charges: charges.filter { $0.payer == payer })
            account.find()
            result.agreements += account.found.agreements
            result.gaps += account.found.gaps
            result.handled.formUnion(account.found.handled)
        }
        return result
    }
}

extension AgreementExtraction {
    /// Who pays.
    struct Payer: Hashable {
        var provider: String
        var id: String
        var currency: String
    }

    /// Charges of a month that are alike.
    struct Charge {
        var payer: Payer
        var month: String
        var role: String
        var name: String
        var serviceName: String
        /// Service in the interchange files; empty for what commitments paid for and for their fees.
        var service: String
        var amount: Money
        /// What the net columns say beyond the amount.
        var net: Money
        /// How many rows.
        var rows: Int128
        /// Whether all are whole cents.
        var isCents: Bool
        var first: Hour

        init?(_ row: JSONValue) {
            func text(_ name: String) -> String { row[name]?.string ?? "" }
            guard let amount = Money(text("amount")), let first = Instant(text("first")) else { return nil }
            payer = Payer(provider: text("provider"), id: text("billing_account"), currency: text("currency"))
            (month, role, name) = (text("m"), text("role"), text("name"))
            (serviceName, service) = (text("service_name"), text("service"))
            self.amount = amount
            net = Money(text("net")) ?? .zero
            rows = Int128(StagedImport.integer(row["n"]))
            isCents = row["cents"] == .bool(true)
            self.first = first.hour
        }

        /// By how much the rows can have been rounded: by half of the tenth place each; if `cents`, by half a
        /// cent where all are whole cents.
        func slack(cents: Bool) -> Int128 { rows * (cents && isCents ? FixedPoint.one / 200 : 50) }
    }
}

/// The terms of one billing account.
struct AccountTerms {
    typealias Charge = AgreementExtraction.Charge

    let payer: AgreementExtraction.Payer
    let words: BillVocabulary?
    let charges: [Charge]
    private(set) var found = AgreementExtraction.Found()
    /// What the agreements found so far make of each month.
    private var adjusted: [String: Money] = [:]

    init(payer: AgreementExtraction.Payer, words: BillVocabulary?, charges: [Charge]) {
        self.payer = payer
        self.words = words
        self.charges = charges
    }

    mutating func find() {
        let own = charges.filter { $0.role == "discount" }
        let order = (words?.discounts ?? []) + (words?.innerAmounts.map(\.name) ?? [])
        let names = Set(own.map(\.name)).sorted {
            (order.firstIndex(of: $0) ?? order.count, $0) < (order.firstIndex(of: $1) ?? order.count, $1)
        }
        for name in names { share(own.filter { $0.name == name }, name) { .discount(percent: $0) } }
        if own.isEmpty { netColumns() }
        fixed()
        support()
        let tax = charges.filter { $0.role == "tax" }
        for name in Set(tax.map(\.name)).sorted() { share(tax.filter { $0.name == name }, name) { .tax(percent: $0) } }
        credits()
    }

    private var base: [Charge] { charges.filter { $0.role == "base" } }

    // MARK: Percentages

    /// A percentage of everything, else of each service.
    private mutating func share(_ parts: [Charge], _ name: String, _ kind: (Quantity) -> Agreement.Kind) {
        guard parts.contains(where: { $0.amount != .zero }) else { return }
        if let percent = percent(parts, of: base, with: adjusted) {
            add(Agreement(name: name, billingAccount: payer.id, kind: kind(percent)), parts)
            return
        }
        var left: [Charge] = []
        for service in Set(parts.map(\.serviceName)).sorted() {
            let own = parts.filter { $0.serviceName == service }
            let of = base.filter { $0.serviceName == service && !$0.service.isEmpty }
            guard let percent = percent(own, of: of, with: [:]) else {
                left += own
                continue
            }
            for scope in Set(of.map(\.service)).sorted() {
                let agreement = Agreement(
                    name: name, billingAccount: payer.id, service: scope, kind: kind(percent))
                add(agreement, scope == of.map(\.service).min() ? own : [])
            }
        }
        guard !left.isEmpty else { return }
        uneven(name, left)
    }

    /// The even percentage of `bases` that gives `parts` in every month; nil where there is none.
    private func percent(_ parts: [Charge], of bases: [Charge], with more: [String: Money]) -> Quantity? {
        percent(parts, of: bases, with: more, cents: false) ?? percent(parts, of: bases, with: more, cents: true)
    }

    private func percent(
        _ parts: [Charge], of bases: [Charge], with more: [String: Money], cents: Bool
    ) -> Quantity? {
        var months: [(part: Int128, base: Int128, slack: Int128)] = []
        for month in Set(charges.map(\.month)).sorted() {
            let own = parts.filter { $0.month == month }
            let part = own.reduce(Money.zero) { $0 + $1.amount }
            let base = bases.filter { $0.month == month }.reduce(more[month] ?? .zero) { $0 + $1.amount }
            guard part != .zero || base != .zero else { continue }
            months.append((Int128(part.raw.magnitude), base.raw, own.reduce(0) { $0 + $1.slack(cents: cents) }))
        }
        return Self.even(months)
    }

    static func even(_ months: [(part: Int128, base: Int128, slack: Int128)]) -> Quantity? {
        guard let largest = months.max(by: { $0.base < $1.base }), largest.base > 0 else { return nil }
        let hundred = FixedPoint.one * 100
        guard let exact = FixedPoint.scaled(largest.part, by: hundred, over: largest.base), exact > 0, exact <= hundred
        else { return nil }
        for places in 0...4 {
            let unit = FixedPoint.power(FixedPoint.places - places)
            // Where half a unit makes little more of a difference than rounding, no percentage can be told.
            guard let step = FixedPoint.scaled(largest.base, by: unit / 2, over: hundred), step > largest.slack * 10
            else {
                return nil
            }
            let percent = FixedPoint.divideHalfEven(exact, by: unit) * unit
            guard percent > 0 else { continue }
            let fits = months.allSatisfy { month in
                guard let share = FixedPoint.scaled(month.base, by: percent, over: hundred) else { return false }
                return (share - month.part).magnitude <= (month.slack + 1).magnitude
            }
            if fits { return Quantity(raw: percent) }
        }
        return nil
    }

    /// Net columns without rows of discounts: what they take off is no part of any row.
    private mutating func netColumns() {
        let parts = base.filter { $0.net != .zero }.map { charge in
            var part = charge
            part.amount = charge.net
            return part
        }
        guard !parts.isEmpty else { return }
        share(parts, "net of discounts") { .discount(percent: $0) }
    }

    // MARK: Support, fees, credits

    private mutating func support() {
        let all = charges.filter { $0.role == "support" && $0.amount > .zero }
        for name in Set(all.map(\.name)).sorted() {
            let own = all.filter { $0.name == name }
            let plan = words?.supportPlans.first { $0.service == name }
            if let plan, gives(plan, own) {
                let kind = Agreement.Kind.support(tiers: plan.tiers, minimum: plan.minimum)
                add(Agreement(name: plan.name, billingAccount: payer.id, kind: kind), own)
            } else {
                share(own, plan?.name ?? name) { .support(tiers: [.init(from: .zero, percent: $0)], minimum: .zero) }
            }
        }
    }

    /// Whether the published percentages give what every month was charged.
    private func gives(_ plan: BillVocabulary.SupportPlan, _ charged: [Charge]) -> Bool {
        Set(base.map(\.month)).allSatisfy { month in
            let own = charged.filter { $0.month == month }
            let base = base.filter { $0.month == month }.reduce(adjusted[month] ?? .zero) { $0 + $1.amount }
            let published = max(plan.minimum, Self.marginal(plan.tiers, of: base))
            let paid = own.reduce(Money.zero) { $0 + $1.amount }
            return (published - paid).raw.magnitude <= own.reduce(0) { $0 + $1.slack(cents: true) }.magnitude + 1
        }
    }

    private static func marginal(_ tiers: [Agreement.PercentTier], of base: Money) -> Money {
        var sum: Int128 = 0
        for (index, tier) in tiers.enumerated() where base > tier.from {
            let end = index + 1 < tiers.count ? min(base, tiers[index + 1].from) : base
            sum += FixedPoint.scaled((end - tier.from).raw, by: tier.percent.raw, over: FixedPoint.one * 100) ?? 0
        }
        return Money(raw: sum)
    }

    /// Fees that are no commitment's: every month the same, or once.
    private mutating func fixed() {
        let fees = charges.filter { $0.role == "fixed" && $0.amount > .zero }
        let months = Set(base.map(\.month))
        for name in Set(fees.map(\.name)).sorted() {
            let own = fees.filter { $0.name == name }
            let amounts = Set(own.map(\.amount))
            if months.count > 1, own.count == months.count, amounts.count == 1, let amount = amounts.first {
                add(Agreement(name: name, billingAccount: payer.id, kind: .fixed(amount: amount, on: nil)), own)
                continue
            }
            for fee in own {
                let usage = base.filter { $0.month == fee.month }.map(\.first).min() ?? fee.first
                // A day whose first hour is billed.
                let start = usage.index % 24 == 0 ? usage : usage.advanced(by: 24)
                let day = max(fee.first, start).day
                add(Agreement(name: name, billingAccount: payer.id, kind: .fixed(amount: fee.amount, on: day)), [fee])
            }
        }
    }

    /// What was taken; it ends with the month that shows it last, because the bill says neither what is left
    /// nor until when.
    private mutating func credits() {
        let all = charges.filter { $0.role == "credit" && $0.amount < .zero }
        for name in Set(all.map(\.name)).sorted() {
            let own = all.filter { $0.name == name }
            let amount = own.reduce(Money.zero) { $0 - $1.amount }
            guard let last = own.map(\.month).max(), let day = Day(last + "-01") else { continue }
            let kind = Agreement.Kind.credit(amount: amount, expires: day.firstHour.nextMonth.day)
            add(Agreement(name: name, billingAccount: payer.id, service: scope(own), kind: kind), own)
            found.gaps.append(
                Gap(
                    provider: payer.provider, account: payer.id,
                    what: "credit \(name): what is left of it, and until when",
                    reason: "the bill says only that \(amount) \(payer.currency) of it were taken",
                    remedy: "correct `amount` and `expires` under `agreements` in scenario.yaml"))
        }
    }

    /// The only service that a credit is taken off, where its usage is enough for it in every month.
    private func scope(_ parts: [Charge]) -> String {
        let names = Set(parts.map(\.serviceName))
        let of = base.filter { names.contains($0.serviceName) }
        guard names.count == 1, Set(of.map(\.service)).count == 1, let service = of.first?.service else { return "" }
        let amount = parts.reduce(Money.zero) { $0 - $1.amount }
        return of.reduce(Money.zero) { $0 + $1.amount } >= amount ? service : ""
    }

    // MARK: Results

    private func source(_ name: String) -> AgreementExtraction.Source {
        .init(provider: payer.provider, billingAccount: payer.id, name: name)
    }

    private mutating func add(_ agreement: Agreement, _ parts: [Charge]) {
        found.agreements.append(agreement)
        for part in parts {
            adjusted[part.month, default: .zero] += part.amount
            found.handled.insert(source(part.name))
        }
    }

    private mutating func uneven(_ name: String, _ parts: [Charge]) {
        let sum = parts.reduce(Money.zero) { $0 + $1.amount }
        let services = Set(parts.map(\.serviceName)).filter { !$0.isEmpty }.sorted().map { "`\($0)`" }
        for part in parts { found.handled.insert(source(part.name)) }
        found.gaps.append(
            Gap(
                provider: payer.provider, account: payer.id,
                what: "\(name): \(sum) \(payer.currency)"
                    + (services.isEmpty ? "" : " of \(services.joined(separator: ", "))"),
                reason: "it is no even percentage of what it is taken of",
                remedy: "write its terms under `agreements` in scenario.yaml"))
    }
}
