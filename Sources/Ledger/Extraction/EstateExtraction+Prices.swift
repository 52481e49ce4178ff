internal import PlimsollCore

extension EstateExtraction {
    private func row(_ item: JSONValue, _ offer: Offer, _ price: Money, source: String) -> PriceRow {
        func text(_ name: String) -> String { item[name]?.string ?? "" }
        var row = PriceRow()
        row.provider = text("provider")
        row.region = text("region")
        row.service = text("service")
        row.sku = text("sku")
        row.os = text("os")
        row.license = text("license")
        row.tenancy = text("tenancy")
        row.unit = text("unit")
        row.currency = text("currency")
        (row.offer, row.price, row.source) = (offer, price, source)
        return row
    }

    func prices(_ commitments: [Commitment], _ gaps: inout [Gap]) throws(Failure) -> [PriceRow] {
        var result: [PriceRow] = []
        var several = 0
        for item in try rows(EstateSQL.prices) {
            let month = item["m"]?.string ?? ""
            guard let offer = offer(item), let price = Self.price(item) else { continue }
            var row = row(item, offer, price, source: "bill \(month)")
            if offer.isSpend {
                row.term = Self.term(item["term"]?.string)?.rawValue ?? ""
                row.payment = Self.payment(item["payment"]?.string)?.rawValue ?? ""
            }
            if StagedImport.integer(item["prices"]) > 1 { several += 1 }
            add(row, month: month, to: &result)
        }
        result += try reservationPrices()
        result += eligible(commitments, result)
        if several > 0 {
            gaps.append(
                Gap(
                    provider: "", what: "prices in tiers: \(several) prices of a month",
                    reason: "the bill shows several unit prices; the one of most units was taken",
                    remedy: "give the vendor's price list with `plimsoll init --prices FILE`"))
        }
        return result
    }

    /// The unit price that the bill states, else cost ÷ units.
    private static func price(_ item: JSONValue) -> Money? {
        if let stated = item["price"]?.string { return Money(stated) }
        guard let cost = Money(item["total"]?.string ?? ""), let units = Quantity(item["units"]?.string ?? "") else {
            return nil
        }
        return FixedPoint.scaled(cost.raw, by: FixedPoint.one, over: units.raw).map(Money.init(raw:))
    }

    private func offer(_ item: JSONValue) -> Offer? {
        switch item["what"]?.string ?? "" {
        case "on-demand": .onDemand
        case "negotiated": .negotiated
        case "spot": .spot
        default: words(item)?.planOffers[item["plan_type"]?.string ?? ""]
        }
    }

    /// One row for as long as the price stays the same; a new one from the month that it changes in.
    private func add(_ row: PriceRow, month: String, to rows: inout [PriceRow]) {
        var row = row
        if let last = rows.indices.last {
            var same = rows[last]
            (same.validFrom, same.validTo, same.price, same.source) = (nil, nil, row.price, row.source)
            var now = row
            (now.validFrom, now.validTo) = (nil, nil)
            if same == now {
                if rows[last].price == row.price { return }
                let day = Day(month + "-01")
                rows[last].validTo = day
                row.validFrom = day
            }
        }
        rows.append(row)
    }

    /// Eligibility for reservations: what they cost a unit of what they served.
    private func reservationPrices() throws(Failure) -> [PriceRow] {
        try rows(EstateSQL.reserved).compactMap { item in
            guard let offer = words(item)?.reservationOffers[item["offering_class"]?.string ?? ""],
                let cost = Money(item["effective"]?.string ?? ""), let units = Quantity(item["q"]?.string ?? ""),
                let price = FixedPoint.scaled(cost.raw, by: FixedPoint.one, over: units.raw)
            else { return nil }
            var row = row(item, offer, Money(raw: price), source: "bill, amortised")
            row.term = Self.term(item["term"]?.string)?.rawValue ?? ""
            row.payment = Self.payment(item["payment"]?.string)?.rawValue ?? ""
            return row
        }
    }

    /// Eligibility where the bill gives covered usage no cost: what the commitment itself costs, for the usage
    /// of its SKU.
    private func eligible(_ commitments: [Commitment], _ prices: [PriceRow]) -> [PriceRow] {
        struct Name: Hashable {
            var provider: String
            var region: String
            var sku: String
            var offer: Offer
            var term: String
            var payment: String
        }
        func name(_ row: PriceRow, _ offer: Offer, _ term: String, _ payment: String) -> Name {
            Name(provider: row.provider, region: row.region, sku: row.sku, offer: offer, term: term, payment: payment)
        }
        var known = Set(prices.map { name($0, $0.offer, $0.term, $0.payment) })
        var result: [PriceRow] = []
        for held in commitments where !held.offer.isSpend && !held.sku.isEmpty {
            let (term, payment) = (held.term?.rawValue ?? "", held.payment?.rawValue ?? "")
            let served = prices.filter {
                $0.offer == .onDemand && $0.provider == held.provider && $0.sku == held.sku && $0.region == held.region
                    && [$0.os, ""].contains(held.os) && [$0.tenancy, ""].contains(held.tenancy) && $0.validTo == nil
            }
            guard let first = served.first, known.insert(name(first, held.offer, term, payment)).inserted else {
                continue
            }
            for var row in served {
                (row.offer, row.term, row.payment) = (held.offer, term, payment)
                row.price = Money(raw: held.hourly.raw + held.upfront.raw / Int128(held.amortizationHours))
                (row.validFrom, row.source) = (nil, "bill, amortised")
                result.append(row)
            }
        }
        return result
    }
}
