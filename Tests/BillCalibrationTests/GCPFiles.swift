import Foundation
import PlimsollCore

/// The billing export of the estate, as JSON lines or as CSV with nested cells: cores and memory apart, a
/// resource-based commitment that credits usage, a flexible one that prices it.
struct GCPFiles {
    private let estate = Estate(
        [("n2/vcpu", "n2"), ("n2/gib", "n2"), ("e2/vcpu", "e2")], reserved: 2, isFlexible: false)
    private var rows: [[(name: String, json: String)]] = []
    private var base: [String: Money] = [:]
    private var free = Money.zero

    static func bill(json: Bool) -> KnownBill {
        var files = GCPFiles()
        files.write()
        return KnownBill(
            files: [
                json
                    ? ("export.json", "gcp-billing-export", files.lines)
                    : ("export.csv", "gcp-billing-export", files.csv)
            ],
            commitments: files.commitments, agreements: files.agreements, prices: files.prices,
            storage: "Cloud Storage", beside: files.free, gaps: ["free tier: \(files.free) USD"])
    }

    private static let names = [
        "n2/vcpu": "N2 Instance Core running in Americas", "n2/gib": "N2 Instance Ram running in Americas",
        "e2/vcpu": "E2 Instance Core running in Americas",
    ]

    // MARK: Rows

    private mutating func write() {
        for index in 0..<Estate.days {
            let day = estate.day(index)
            for hour in 0..<24 {
                let hour = estate.hour(index, hour)
                for machine in estate.machines.indices { usage(day, hour, machine) }
                fees(day, hour)
                storage(hour)
            }
        }
        for month in ["202604", "202605"] {
            let hour = month == "202604" ? Estate.first : estate.hour(2)
            let total = (base[month] ?? .zero).percent(20)
            add(hour, sku: "Tax", service: "Invoice", cost: total, more: ["cost_type": Self.text("tax")])
        }
    }

    /// What the plan pays is a row of its own; the rest is one row, with the credit of what was reserved.
    private mutating func usage(_ day: Estate.Day, _ hour: Hour, _ index: Int) {
        let machine = estate.machines[index]
        let shares = day.shares.filter { $0.machine == index }
        for share in shares where share.commitment == .plan {
            add(
                hour, sku: Self.names[machine.sku] ?? "", account: machine.account, quantity: share.quantity,
                cost: machine.rate * share.quantity, list: machine.list * share.quantity,
                more: [
                    "subscription": Self.object(["instance_id": Self.text("sub-flex")]),
                    "cost_at_effective_price_default": (machine.list * share.quantity).description,
                    "consumption_model": Self.object(["description": Self.text("Compute Flexible CUDs - 1 Year")]),
                    "price": Self.price(machine.list, machine.rate),
                ])
        }
        let rest = shares.filter { $0.commitment != .plan }
        let units = rest.reduce(into: Quantity.zero) { $0.raw += $1.quantity.raw }
        guard units > .zero else { return }
        let reserved = rest.filter { $0.commitment == .reservation }
            .reduce(into: Quantity.zero) { $0.raw += $1.quantity.raw }
        var credits: [(String, Money)] = []
        if reserved > .zero { credits.append(("COMMITTED_USAGE_DISCOUNT", -(machine.list * reserved))) }
        charge(hour, machine.list * Quantity(raw: units.raw - reserved.raw))
        if index == 1 {
            credits.append(("FREE_TIER", -.text("0.001")))
            free -= .text("0.001")
        }
        add(
            hour, sku: Self.names[machine.sku] ?? "", account: machine.account, quantity: units,
            cost: machine.list * units, credits: credits, more: ["price": Self.price(machine.list, machine.list)])
    }

    private mutating func fees(_ day: Estate.Day, _ hour: Hour) {
        let resource = estate.reservedFee * Quantity(estate.reserved)
        add(
            hour, sku: "Commitment v1: N2 Cpu in Americas for 1 Year", account: "a1",
            quantity: Quantity(estate.reserved),
            cost: resource, more: ["subscription": Self.object(["instance_id": Self.text("sub-n2")])])
        add(
            hour, sku: "Commitment - dollar based v1: GCE for 1 Year", account: "a1", quantity: Quantity(1),
            cost: estate.hourlyPlan, credits: [("FEE_UTILIZATION_OFFSET", -(estate.hourlyPlan - day.planUnused))],
            more: ["subscription": Self.object(["instance_id": Self.text("sub-flex")])])
        charge(hour, resource + estate.hourlyPlan)
    }

    /// 10 % off by contract; a promotion in May.
    private mutating func storage(_ hour: Hour) {
        var credits = [("DISCOUNT", -estate.storageCost.percent(10))]
        if hour == estate.hour(2) { credits.append(("PROMOTION", -.text("1.25"))) }
        add(
            hour, sku: "Standard Storage US Regional", service: "Cloud Storage", quantity: Quantity(estate.storage),
            cost: estate.storageCost, credits: credits,
            more: ["price": Self.price(estate.storagePrice, estate.storagePrice)])
        charge(hour, estate.storageCost - estate.storageCost.percent(10))
    }

    private mutating func charge(_ hour: Hour, _ amount: Money) { base[Self.month(hour), default: .zero] += amount }

    private static func month(_ hour: Hour) -> String {
        String(hour.day.description.prefix(7).filter { $0 != "-" })
    }

    private mutating func add(
        _ hour: Hour, sku: String, service: String = "Compute Engine", account: String = "a1",
        quantity: Quantity = .zero,
        cost: Money, list: Money? = nil, credits: [(String, Money)] = [], more: [String: String] = [:]
    ) {
        func time(_ hour: Hour) -> String {
            Self.text(hour.description.replacing("T", with: " ").replacing("Z", with: " UTC"))
        }
        let credits = credits.map { kind, amount in
            Self.object(["type": Self.text(kind), "amount": amount.description, "name": Self.text("credit of \(kind)")])
        }
        let unit = sku.contains("Ram") ? "gibibyte hour" : "hour"
        var row = [
            "billing_account_id": Self.text("0A-0B"), "currency": Self.text("USD"), "cost": cost.description,
            "cost_at_list": (list ?? cost).description, "cost_type": Self.text("regular"),
            "service": Self.object(["id": Self.text(service), "description": Self.text(service)]),
            "sku": Self.object(["id": Self.text("id-\(sku)"), "description": Self.text(sku)]),
            "usage_start_time": time(hour), "usage_end_time": time(hour.advanced(by: 1)),
            "project": Self.object(["id": Self.text(account)]),
            "location": Self.object(["location": Self.text("us-central1"), "region": Self.text("us-central1")]),
            "usage": Self.object(["amount_in_pricing_units": quantity.description, "pricing_unit": Self.text(unit)]),
            "credits": "[" + credits.joined(separator: ",") + "]",
            "invoice": Self.object(["month": Self.text(Self.month(hour))]),
        ]
        row.merge(more) { $1 }
        rows.append(row.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private static func price(_ list: Money, _ effective: Money) -> String {
        object([
            "list_price": list.description, "effective_price": effective.description,
            "effective_price_default": list.description, "pricing_unit_quantity": "1",
        ])
    }

    private static func text(_ text: String) -> String { JSONValue.string(text).canonical }

    private static func object(_ members: [String: String]) -> String {
        "{" + members.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private var lines: String {
        rows.map { row in "{" + row.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}" }
            .joined(separator: "\n") + "\n"
    }

    private var csv: String {
        var sheet = Sheet()
        for row in rows {
            let cells = row.map { ($0.name, JSONValue(parsing: Array($0.json.utf8))?.string ?? $0.json) }
            sheet.add(Dictionary(uniqueKeysWithValues: cells))
        }
        return sheet.csv
    }

    // MARK: What it was made of

    private var commitments: [Commitment] {
        var all = Commitment()
        (all.provider, all.billingAccount, all.currency, all.account) = ("gcp", "0A-0B", "USD", "a1")
        (all.term, all.payment) = (.oneYear, Payment.none)
        var cores = all
        (cores.id, cores.offer, cores.region) = ("sub-n2 n2/vcpu", Offer(rawValue: "cud-resource"), "us-central1")
        (cores.sku, cores.quantity, cores.hourly) = ("n2/vcpu", Quantity(estate.reserved), estate.reservedFee)
        var plan = all
        (plan.id, plan.offer, plan.hourlyCommitment) = ("sub-flex", Offer(rawValue: "cud-flex"), estate.hourlyPlan)
        return [plan, cores]
    }

    private var agreements: [Agreement] {
        [
            Agreement(
                name: "negotiated discount", billingAccount: "0A-0B", service: "Cloud Storage",
                kind: .discount(percent: Quantity(10))),
            Agreement(name: "tax", billingAccount: "0A-0B", kind: .tax(percent: Quantity(20))),
            Agreement(
                name: "credit of PROMOTION", billingAccount: "0A-0B", service: "Cloud Storage",
                kind: .credit(amount: .text("1.25"), expires: Day("2026-06-01"))),
        ]
    }

    private var prices: [String: Money] {
        [
            "n2/vcpu on-demand": "0.1", "n2/gib on-demand": "0.2", "e2/vcpu on-demand": "0.08",
            "id-Standard Storage US Regional on-demand": "0.02", "n2/vcpu cud-flex": "0.064", "n2/gib cud-flex": "0.16",
            "e2/vcpu cud-flex": "0.04", "n2/vcpu cud-resource": "0.06",
        ].mapValues { .text($0) }
    }
}
