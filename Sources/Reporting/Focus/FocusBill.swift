public import PlimsollCore
public import Rating

/// A simulated bill as a FOCUS 1.2 dataset: a row for each hour, resource and commitment.
///
/// The sums of its costs are the bill's totals. What a commitment costs stands in three kinds of rows: its
/// purchase (billed, effective 0), the usage that it serves (`Used`) and what of it nothing used
/// (`Unused`). List and contracted cost are of usage only, as in the bill: 0 on the other two.
public struct FocusBill: Sendable {
    /// What the rows are made from: by hour, resource and commitment.
    public static let detail: Set<RatingInput.Detail> = [.hour, .resource, .commitment]

    private let bill: Bill
    private let commitments: [String: Commitment]
    private let providerNames: [String: String]
    private let hours: HourShares

    /// A dataset of `bill`, rated with ``detail``; `providerNames` are names in bills by provider's word, such as
    /// `acme` → `ACME Cloud`.
    ///
    /// Throws ``Failure`` (exit 65) where usage names nobody who pays.
    public init(_ bill: Bill, commitments: [Commitment], providerNames: [String: String]) throws(Failure) {
        self.bill = bill
        self.commitments = Dictionary(commitments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.providerNames = providerNames
        hours = HourShares(bill.rows)
        let payers = bill.rows.compactMap(\.key).first { FocusRow.payer($0.billingAccount, $0.account).isEmpty }
        guard let nobody = payers else { return }
        throw Failure(
            .badInput, "rate.no-billing-account", "usage of `\(nobody.sku)` names no billing account",
            hint: "fill `billing_account` or `account` in the usage file: FOCUS has no rows without one")
    }

    /// Columns of ours, after FOCUS's.
    static let ownColumns = ["x_License", "x_OnDemandCost", "x_OperatingSystem", "x_ResourceGroup", "x_Tenancy"]

    /// The dataset as CSV.
    public func csv() throws(Failure) -> [UInt8] {
        let columns = FocusColumn.all.map(\.name) + Self.ownColumns
        var out = CSVWriter(header: columns)
        for row in bill.rows {
            for focus in try rows(row) { out.add(columns.map { focus.cells[$0] ?? "" }) }
        }
        return out.bytes
    }

    private func rows(_ row: BillRow) throws(Failure) -> [FocusRow] {
        guard let hour = row.hour else { return [] }
        switch row.kind {
        case .usage: return [usage(row, hour)]
        case .commitmentFee: return try fee(row, hour)
        case .credit: return [adjustment(row, hour, "Credit")]
        default: return [adjustment(row, hour, "Adjustment")]
        }
    }

    // MARK: Usage

    private func usage(_ row: BillRow, _ hour: Hour) -> FocusRow {
        guard let key = row.key else { return adjustment(row, hour, "Adjustment") }
        var focus = start(hour, provider: key.provider, payer: FocusRow.payer(key.billingAccount, key.account))
        focus.identify(key)
        focus["ChargeCategory"] = "Usage"
        focus["ChargeFrequency"] = "Usage-Based"
        focus["PricingCategory"] = key.pricing == .spot ? "Dynamic" : "Standard"
        focus.price(row.amounts, quantity: row.quantity, unit: FocusRow.unit(key.unit), bill.currency)
        focus["ConsumedQuantity"] = FocusRow.text(row.quantity.raw)
        focus["ConsumedUnit"] = FocusRow.unit(key.unit)
        if let commitment = row.commitment.flatMap({ commitments[$0] }) {
            focus["PricingCategory"] = "Committed"
            focus.cover(commitment, status: "Used")
            let used = hours.share(row, of: commitment)
            focus.commit(used, commitment, bill.currency)
        }
        return focus
    }

    // MARK: Commitments

    /// What was paid in the hour, and what of the commitment was lost in it.
    private func fee(_ row: BillRow, _ hour: Hour) throws(Failure) -> [FocusRow] {
        guard let commitment = row.commitment.flatMap({ commitments[$0] }) else {
            return [adjustment(row, hour, "Adjustment")]
        }
        var rows: [FocusRow] = []
        var recurring = row.amounts.billed
        if commitment.start?.hour == hour {
            let upfront = try commitment.upfrontBilled()
            recurring.raw -= upfront.raw
            let units = Int128(commitment.amortizationHours) * commitment.quantity.raw
            if upfront != .zero { rows.append(purchase(commitment, hour, upfront, "One-Time", units)) }
        }
        if recurring != .zero {
            rows.append(purchase(commitment, hour, recurring, "Recurring", commitment.quantity.raw))
        }
        let unused = hours.unused(row, of: commitment)
        guard row.amounts.effective != .zero || unused > 0 else { return rows }
        var lost = self.commitment(commitment, hour)
        lost["ChargeCategory"] = "Usage"
        lost["ChargeFrequency"] = "Usage-Based"
        lost["PricingCategory"] = "Committed"
        lost["ChargeDescription"] = "Unused: \(FocusRow.title(commitment))"
        lost.cover(commitment, status: "Unused")
        lost.commit(unused, commitment, bill.currency)
        var amounts = Amounts()
        amounts.effective = row.amounts.effective
        lost.price(amounts, quantity: Quantity(raw: FixedPoint.one), unit: "Hours", bill.currency)
        return rows + [lost]
    }

    private func purchase(
        _ commitment: Commitment, _ hour: Hour, _ billed: Money, _ frequency: String, _ units: Int128
    ) -> FocusRow {
        var focus = self.commitment(commitment, hour)
        focus["ChargeCategory"] = "Purchase"
        focus["ChargeFrequency"] = frequency
        focus["PricingCategory"] = "Standard"
        focus["ChargeDescription"] =
            (frequency == "One-Time" ? "Upfront fee: " : "Fee: ") + FocusRow.title(commitment)
        focus.cover(commitment, status: nil)
        focus.commit(commitment.offer.isSpend ? billed.raw : units, commitment, bill.currency)
        var amounts = Amounts()
        amounts.billed = billed
        focus.price(amounts, quantity: Quantity(raw: FixedPoint.one), unit: "Units", bill.currency)
        return focus
    }

    /// A row about a commitment itself.
    private func commitment(_ commitment: Commitment, _ hour: Hour) -> FocusRow {
        let own = FocusRow.payer(commitment.billingAccount, commitment.account)
        // One that names nobody is paid by whom it serves.
        let payer = own.isEmpty ? hours.payers[commitment.id] ?? hours.firstPayer : own
        var focus = start(hour, provider: commitment.provider, payer: payer)
        focus.identify(commitment, service: hours.services[commitment.id])
        return focus
    }

    // MARK: The rest

    private func adjustment(_ row: BillRow, _ hour: Hour, _ category: String) -> FocusRow {
        let provider = bill.rows.lazy.compactMap(\.key).first?.provider ?? ""
        var focus = start(hour, provider: provider, payer: hours.firstPayer)
        focus["ChargeCategory"] = category
        focus["ChargeFrequency"] = "One-Time"
        focus["ChargeDescription"] = row.name.isEmpty ? row.kind.rawValue : row.name
        focus.serve(row.name.isEmpty ? row.kind.rawValue : row.name)
        focus.cost(row.amounts)
        return focus
    }

    /// What every row has.
    private func start(_ hour: Hour, provider: String, payer: String) -> FocusRow {
        let name = providerNames[provider] ?? provider
        return FocusRow([
            "BillingAccountId": payer, "BillingAccountName": payer, "BillingAccountType": "Billing account",
            "BillingCurrency": bill.currency, "PricingCurrency": bill.currency,
            "BillingPeriodStart": hour.monthStart.description, "BillingPeriodEnd": hour.nextMonth.description,
            "ChargePeriodStart": hour.description, "ChargePeriodEnd": hour.advanced(by: 1).description,
            "InvoiceIssuerName": name, "ProviderName": name, "PublisherName": name,
        ])
    }
}

/// How much of each commitment the rows of an hour take: by their share of what it costs in that hour.
private struct HourShares {
    private struct Key: Hashable {
        var hour: Hour
        var commitment: String
    }

    /// The amortised cost of an hour of a commitment, used and unused.
    private var costs: [Key: Int128] = [:]
    /// What of that cost usage carries.
    private var used: [Key: Int128] = [:]
    /// A service that each commitment serves: the first one by name.
    private(set) var services: [String: String] = [:]
    /// Who pays for what each commitment serves.
    private(set) var payers: [String: String] = [:]
    /// Who pays for the first usage.
    private(set) var firstPayer = ""

    init(_ rows: [BillRow]) {
        if let key = rows.lazy.compactMap(\.key).first { firstPayer = FocusRow.payer(key.billingAccount, key.account) }
        for row in rows {
            guard let hour = row.hour, let id = row.commitment else { continue }
            costs[Key(hour: hour, commitment: id), default: 0] += row.amounts.effective.raw
            guard row.kind == .usage, let key = row.key else { continue }
            used[Key(hour: hour, commitment: id), default: 0] += row.amounts.effective.raw
            services[id] = min(services[id] ?? key.service, key.service)
            payers[id] = FocusRow.payer(key.billingAccount, key.account)
        }
    }

    /// What a row of usage takes, in 10⁻¹²: money of a spend plan, else hours of what is held.
    func share(_ row: BillRow, of commitment: Commitment) -> Int128 {
        if commitment.offer.isSpend { return row.amounts.effective.raw }
        guard let key = key(row), let cost = costs[key], cost != 0 else { return row.quantity.raw }
        return FixedPoint.scaled(commitment.quantity.raw, by: row.amounts.effective.raw, over: cost) ?? row.quantity.raw
    }

    /// What the hour of a fee leaves, in the same unit.
    func unused(_ row: BillRow, of commitment: Commitment) -> Int128 {
        if commitment.offer.isSpend { return row.amounts.effective.raw }
        guard let key = key(row), let cost = costs[key], cost != 0 else { return 0 }
        let used = FixedPoint.scaled(commitment.quantity.raw, by: self.used[key] ?? 0, over: cost) ?? 0
        return commitment.quantity.raw - used
    }

    private func key(_ row: BillRow) -> Key? {
        guard let hour = row.hour, let id = row.commitment else { return nil }
        return Key(hour: hour, commitment: id)
    }
}
