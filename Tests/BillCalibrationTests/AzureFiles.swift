import Foundation
import PlimsollCore

/// Cost details of the estate, both views, of either agreement: by the day, the customer agreement in euros
/// for prices in dollars.
struct AzureFiles {
    private let estate = Estate(
        [("Standard_D2s_v3", "Dsv3 Series"), ("Standard_D4s_v3", "Dsv3 Series"), ("Standard_E2s_v3", "Esv3 Series")],
        reserved: 4, isFlexible: true, own: "0.19")
    private let customer: Bool
    private var actual = Sheet()
    private var amortized = Sheet()
    private var base: [String: Money] = [:]

    private static let plan = "/providers/microsoft.billingbenefits/savingsplanorders/o/savingsplans/s"

    private init(customer: Bool) { self.customer = customer }

    static func bill(customer: Bool) -> KnownBill {
        var files = AzureFiles(customer: customer)
        files.write()
        let name = customer ? "azure-mca" : "azure-ea"
        return KnownBill(
            files: [
                ("actual.csv", "\(name)-actual", files.finished(files.actual).csv),
                ("amortized.csv", "\(name)-amortized", files.finished(files.amortized).csv),
            ], commitments: files.commitments, agreements: files.agreements, prices: files.prices, storage: "Storage",
            gaps: [
                "rates of `Standard_D2s_v3 linux eastus2` under `compute-savings-plan` 1y monthly"
            ], hasHours: false)
    }

    /// An amount in billing currency of one in dollars.
    private func billing(_ amount: Money) -> Money { customer ? amount.percent(92) : amount }

    // MARK: Rows

    private enum View { case actual, amortized, both }

    private mutating func write() {
        for index in 0..<Estate.days {
            let day = estate.day(index)
            for share in day.shares { usage(day, share) }
            storage(index)
            unused(day)
        }
        for month in ["04", "05"] { monthly(month) }
    }

    private mutating func usage(_ day: Estate.Day, _ share: Estate.Share) {
        let machine = estate.machines[share.machine]
        let units = Quantity(raw: share.quantity.raw * 24)
        var row = common(day.index, "Usage").merging([
            "SubscriptionId": machine.account, "Quantity": units.description, "UnitOfMeasure": "1 Hour",
            "UnitPrice": machine.own.description, "PayGPrice": machine.list.description,
            "MeterCategory": "Virtual Machines", "MeterSubCategory": machine.family, "ServiceFamily": "Compute",
            "ConsumedService": "Microsoft.Compute", "MeterId": "m-\(machine.sku)", "MeterName": machine.sku,
        ]) { $1 }
        var info = ["ServiceType": machine.sku]
        switch share.commitment {
        case nil:
            add(priced(row, units, machine.own, "OnDemand", info), .both)
            charge(day.index, billing(machine.own * units))
            return
        case .reservation:
            row["ReservationId"] = "R-1"
            info["RINormalizationRatio"] = "\(machine.size)"
        case .plan: row["BenefitId"] = Self.plan
        }
        let model = share.commitment == .plan ? "SavingsPlan" : "Reservation"
        let rate =
            share.commitment == .plan ? machine.rate : Money(raw: estate.reservedFee.raw * machine.size)
        add(priced(row, units, .zero, model, info), .actual)
        add(priced(row, units, rate, model, info), .amortized)
    }

    private func priced(
        _ row: [String: String], _ units: Quantity, _ price: Money, _ model: String, _ info: [String: String]
    ) -> [String: String] {
        let pairs = info.sorted { $0.key < $1.key }.map { "\"\($0)\":\"\($1)\"" }
        return row.merging([
            "PricingModel": model, "AdditionalInfo": "{" + pairs.joined(separator: ",") + "}",
            "EffectivePrice": price.description, "CostInBillingCurrency": billing(price * units).description,
        ]) { $1 }
    }

    private mutating func storage(_ index: Int) {
        let units = Quantity(estate.storage * 24)
        let row = common(index, "Usage").merging([
            "SubscriptionId": "a1", "Quantity": units.description, "UnitOfMeasure": "1 GB/Month",
            "UnitPrice": estate.storagePrice.description, "PayGPrice": estate.storagePrice.description,
            "MeterCategory": "Storage", "MeterId": "m-storage", "PartNumber": "STORAGE", "ServiceFamily": "Storage",
        ]) { $1 }
        add(priced(row, units, estate.storagePrice, "OnDemand", [:]), .both)
        charge(index, billing(estate.storagePrice * units))
    }

    private mutating func unused(_ day: Estate.Day) {
        let units = Quantity(raw: day.reservedUnused.raw * 24)
        if units > .zero {
            let row = common(day.index, "UnusedReservation").merging([
                "Quantity": units.description, "UnitOfMeasure": "1 Hour", "ReservationId": "R-1",
            ]) { $1 }
            add(priced(row, units, estate.reservedFee, "Reservation", [:]), .amortized)
        }
        if day.planUnused > .zero {
            let row = common(day.index, "UnusedSavingsPlan").merging([
                "Quantity": "1", "UnitOfMeasure": "1", "BenefitId": Self.plan,
            ]) { $1 }
            add(priced(row, Quantity(24), day.planUnused, "SavingsPlan", [:]), .amortized)
        }
    }

    /// Commitments are paid by the month; a marketplace offer once; 20 % tax; a credit.
    private mutating func monthly(_ month: String) {
        let index = month == "04" ? 0 : 2
        var rows: [(row: [String: String], cost: Money, view: View)] = []
        func purchase(_ cells: [String: String], _ cost: Money, _ frequency: String, _ view: View) {
            let more = ["Frequency": frequency, "Quantity": "1", "SubscriptionId": "a1"].merging(cells) { $1 }
            rows.append((common(index, "Purchase").merging(more) { $1 }, cost, view))
        }
        purchase(
            [
                "ProductName": "Reserved VM Instance, Standard_D2s_v3, US East 2, 1 Year", "ReservationId": "R-1",
                "Term": "12", "Quantity": "\(estate.reserved)", "ResourceLocation": "EastUS2",
            ], estate.reservedFee * Quantity(estate.reserved * 48), "Recurring", .actual)
        purchase(
            ["ProductName": "Savings plan", "BenefitId": Self.plan, "Term": "12"], estate.hourlyPlan * Quantity(48),
            "Recurring", .actual)
        if month == "04" { purchase(["ProductName": "Marketplace offer"], .text("12.5"), "OneTime", .both) }
        let total = rows.reduce(base[month] ?? .zero) { $0 + billing($1.cost) }
        rows.append((common(index, "Tax").merging(["ProductName": "Tax"]) { $1 }, total.percent(20), .both))
        for (position, item) in rows.enumerated() {
            let cost = position == rows.count - 1 ? item.cost : billing(item.cost)
            add(item.row.merging(["CostInBillingCurrency": cost.description]) { $1 }, item.view)
        }
        guard month == "05" else { return }
        let credit = common(index, "Credit").merging(["ProductName": "Azure credit", "CostInBillingCurrency": "-7.5"]) {
            $1
        }
        add(credit, .both)
    }

    private mutating func add(_ row: [String: String], _ view: View) {
        if view != .amortized { actual.add(row) }
        if view != .actual { amortized.add(row) }
    }

    private mutating func charge(_ index: Int, _ amount: Money) {
        base[index < 2 ? "04" : "05", default: .zero] += amount
    }

    private func common(_ index: Int, _ kind: String) -> [String: String] {
        let month = index < 2 ? "04" : "05"
        var row = [
            "ChargeType": kind, "Date": "\(month)/\(["29", "30", "01", "02"][index])/2026", "BillingAccountId": "123",
            "BillingPeriodStartDate": "\(month)/01/2026",
            "BillingPeriodEndDate": "\(month)/\(index < 2 ? 30 : 31)/2026",
            "Frequency": "UsageBased", "ResourceLocation": kind == "Usage" ? "EastUS2" : "",
        ]
        if customer {
            row.merge([
                "BillingCurrency": "EUR", "PricingCurrency": "USD", "ExchangeRatePricingToBilling": "0.92",
                "CostInPricingCurrency": "0", "InvoiceId": "G1", "ServicePeriodStartDate": "\(month)/01/2026",
            ]) { $1 }
        } else {
            row["BillingCurrencyCode"] = "USD"
        }
        return row
    }

    /// Columns that the format is known by, where no row fills them.
    private func finished(_ sheet: Sheet) -> Sheet {
        var result = sheet
        let wanted = ["MeterId", "Quantity", "EffectivePrice", "ReservationName", "BenefitName"]
        result.columns += wanted.filter { !result.columns.contains($0) }
        guard customer else { return result }
        return result.renamed { name in
            ["ResourceId", "SubscriptionId", "ProductName", "PayGPrice"].contains(name)
                ? name : name.prefix(1).lowercased() + name.dropFirst()
        }
    }

    // MARK: What it was made of

    private var commitments: [Commitment] {
        var all = Commitment()
        (all.provider, all.billingAccount, all.currency) = ("azure", "123", customer ? "EUR" : "USD")
        (all.term, all.payment, all.account) = (.oneYear, .monthly, "a1")
        var machines = all
        (machines.id, machines.offer, machines.region) = ("r-1", Offer(rawValue: "reservation"), "eastus2")
        (machines.sku, machines.family, machines.os) = ("Standard_D2s_v3", "Dsv3 Series", "linux")
        (machines.tenancy, machines.quantity) = ("shared", Quantity(estate.reserved))
        machines.hourly = billing(estate.reservedFee)
        var plan = all
        (plan.id, plan.offer) = (Self.plan, Offer(rawValue: "compute-savings-plan"))
        plan.hourlyCommitment = billing(estate.hourlyPlan)
        return [plan, machines]
    }

    private var agreements: [Agreement] {
        [
            Agreement(
                name: "Marketplace offer", billingAccount: "123",
                kind: .fixed(amount: billing(.text("12.5")), on: Day("2026-04-29"))),
            Agreement(name: "Tax", billingAccount: "123", kind: .tax(percent: Quantity(20))),
            Agreement(
                name: "Azure credit", billingAccount: "123",
                kind: .credit(amount: .text("7.5"), expires: Day("2026-06-01"))),
        ]
    }

    private var prices: [String: Money] {
        [
            "Standard_D2s_v3 on-demand": "0.1", "Standard_D4s_v3 on-demand": "0.2", "Standard_E2s_v3 on-demand": "0.08",
            "Standard_D4s_v3 negotiated": "0.19", "STORAGE on-demand": "0.02",
            "Standard_D4s_v3 compute-savings-plan": "0.16", "Standard_E2s_v3 compute-savings-plan": "0.04",
            "Standard_D2s_v3 reservation": "0.06", "Standard_D4s_v3 reservation": "0.12",
        ].mapValues { billing(.text($0)) }
    }
}
