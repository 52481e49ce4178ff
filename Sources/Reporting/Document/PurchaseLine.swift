internal import PlimsollCore

/// A purchase in the words of the report.
struct PurchaseLine {
    let item: JSONValue
    let currency: String

    init(_ item: JSONValue, currency: String) {
        self.item = item
        self.currency = currency
    }

    /// The vendor's name of it, else the offer's word, term and payment.
    var title: String {
        let title = item.text("steps", "title")
        guard title.isEmpty else { return title }
        return [item.text("offer"), item.text("term"), item.text("payment")].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// What it is for: SKU or family, zone or region, account.
    var scope: String { scope(withOwner: true) }

    /// What it is for; the account may be left out where it is said elsewhere.
    func scope(withOwner: Bool) -> String {
        let what = item.text("sku").isEmpty ? item.text("family") : item.text("sku")
        let place = item.text("zone").isEmpty ? item.text("region") : item.text("zone")
        let parts = [what, place, item.text("os")].filter { !$0.isEmpty }
        return (parts.isEmpty ? "any usage" : parts.joined(separator: " ")) + (withOwner ? ", account " + owner : "")
    }

    var owner: String { item.text("account").isEmpty ? item.text("billing_account") : item.text("account") }

    /// How much of it.
    var amount: String {
        let hourly = item.text("hourly_commitment")
        return hourly.isEmpty
            ? "\(Show.grouped(item.text("quantity"))) ×" : "\(Show.grouped(hourly)) \(currency) an hour"
    }

    var begins: String { String(item.text("begins").prefix(10)) }

    /// In per cent; empty where it was not looked at.
    var used: String { Show.percent(item.text("figures", "utilization")) }

    var breakEven: String {
        guard item.at("figures", "fee") != nil else { return "–" }
        let month = item.text("figures", "break_even_month")
        return month.isEmpty ? "not in the period" : month
    }
}

/// The purchases, those that cost most first.
struct PurchaseList {
    let ranked: [JSONValue]

    init(_ document: ReportDocument) {
        func cost(_ item: JSONValue) -> Money { Money(item.text("figures", "fee")) ?? Money(raw: -1) }
        ranked = document.purchases.enumerated().sorted { left, right in
            let (a, b) = (cost(left.element), cost(right.element))
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
    }
}
