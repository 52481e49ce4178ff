internal import PlimsollCore

extension EstateExtraction {
    func commitments(_ gaps: inout [Gap]) throws(Failure) -> [Commitment] {
        var result: [Commitment] = []
        for item in try rows(EstateSQL.commitments) {
            if let commitment = commitment(item) {
                result.append(commitment)
            } else {
                gaps.append(
                    Gap(
                        provider: item["provider"]?.string ?? "", what: "commitment \(item["id"]?.string ?? "")",
                        reason: "the bill does not say its offer, size, or fee",
                        remedy: (words(item)?.feeSource == .use
                            ? "import the amortised export of the same month as well, or " : "")
                            + "add it to commitments.csv (`plimsoll schema commitments`)"))
            }
        }
        return result + (try subscriptions())
    }

    private func commitment(_ item: JSONValue) -> Commitment? {
        func text(_ name: String) -> String { item[name]?.string ?? "" }
        guard let words = words(item) else { return nil }
        var result = Commitment()
        (result.id, result.provider) = (text("id"), text("provider"))
        (result.billingAccount, result.account) = (text("billing_account"), text("account"))
        result.currency = text("currency")
        result.term = Self.term(text("term"))
        result.payment = Self.payment(text("payment"))
        result.start = Self.hour(text("start"))
        result.end = Self.hour(text("end_time"))
        let isSpend = text("category") == "Spend"
        switch words.feeSource {
        case .fees: return isSpend ? plan(result, item, words) : reservation(result, item, words)
        case .use: return isSpend ? usedPlan(result, item, words) : usedReservation(result, item, words)
        }
    }

    private static func hour(_ text: String) -> Instant? {
        let plain = text.count == 19 && text.contains(" ") ? text.replacing(" ", with: "T") + "Z" : text
        return Instant(plain).map { Instant(hour: $0.hour) }
    }

    // MARK: From fees

    private func plan(_ base: Commitment, _ item: JSONValue, _ words: BillVocabulary) -> Commitment? {
        var result = base
        let hours = Int128(StagedImport.integer(item["fee_hours"]))
        guard let offer = words.planOffers[item["plan_type"]?.string ?? ""], hours > 0 else { return nil }
        let fee = Money(item["fee"]?.string ?? "") ?? .zero
        let committed = Money(item["commitment"]?.string ?? "") ?? fee
        guard let hourly = FixedPoint.scaled(committed.raw, by: 1, over: hours), hourly > 0 else { return nil }
        (result.offer, result.hourlyCommitment) = (offer, Money(raw: hourly))
        (result.region, result.family) = (item["plan_region"]?.string ?? "", item["plan_family"]?.string ?? "")
        if result.region.lowercased() == "any" { result.region = "" }
        return result
    }

    private func reservation(_ base: Commitment, _ item: JSONValue, _ words: BillVocabulary) -> Commitment? {
        func text(_ name: String) -> String { item[name]?.string ?? "" }
        var result = base
        let hours = Int128(StagedImport.integer(item["fee_hours"]))
        guard let offer = words.reservationOffers[text("offering_class")] else { return nil }
        let stated = Quantity(text("reservations"))
        let counted = Quantity(text("fee_quantity")).flatMap { units in
            FixedPoint.scaled(units.raw, by: 1, over: hours).map(Quantity.init(raw:))
        }
        guard let count = stated ?? counted, count > .zero else { return nil }
        (result.offer, result.quantity, result.region) = (offer, count, text("region"))
        result.sku = item["part"]?.string ?? item["bought"]?.string ?? text("any_machine")
        (result.os, result.tenancy, result.license) = (text("os"), text("tenancy"), text("license"))
        if hours > 0 {
            let fee = Money(text("fee")) ?? .zero
            result.hourly = Money(raw: FixedPoint.scaled(fee.raw, by: FixedPoint.one, over: hours * count.raw) ?? 0)
        }
        if let upfront = Money(text("upfront")) {
            result.upfront = Money(raw: FixedPoint.scaled(upfront.raw, by: FixedPoint.one, over: count.raw) ?? 0)
        }
        return result
    }

    // MARK: From use

    /// What it costs an hour: its used and unused parts together.
    private func hourlyUse(_ item: JSONValue) -> Money? {
        let hours = Int128(StagedImport.integer(item["use_hours"]))
        guard let cost = Money(item["use_cost"]?.string ?? ""), hours > 0 else { return nil }
        return FixedPoint.scaled(cost.raw, by: 1, over: hours).map(Money.init(raw:))
    }

    private func usedPlan(_ base: Commitment, _ item: JSONValue, _ words: BillVocabulary) -> Commitment? {
        var result = base
        guard let offer = words.planOffers[item["plan_type"]?.string ?? ""], let hourly = hourlyUse(item) else {
            return nil
        }
        (result.offer, result.hourlyCommitment) = (offer, hourly)
        return hourly > .zero ? result : nil
    }

    /// Of a reservation that serves several sizes any of them does: the one it served most, and as many of it
    /// as cost the same.
    private func usedReservation(_ base: Commitment, _ item: JSONValue, _ words: BillVocabulary) -> Commitment? {
        func text(_ name: String) -> String { item[name]?.string ?? "" }
        var result = base
        guard let offer = words.reservationOffers[text("offering_class")], let hourly = hourlyUse(item),
            hourly > .zero
        else { return nil }
        let (bought, served) = (item["bought"]?.string, item["served"]?.string)
        result.sku = bought ?? served ?? ""
        if let stated = Quantity(text("reservations")), stated > .zero, bought != nil {
            result.quantity = stated
        } else if let rate = Money(text("served_rate")), let served,
            let count = FixedPoint.scaled(hourly.raw, by: FixedPoint.one, over: rate.raw)
        {
            (result.sku, result.quantity) = (served, Quantity(raw: count))
        }
        let unit = FixedPoint.scaled(hourly.raw, by: FixedPoint.one, over: result.quantity.raw)
        guard !result.sku.isEmpty, let unit else { return nil }
        (result.offer, result.region, result.family) = (offer, text("region"), text("served_family"))
        (result.os, result.tenancy) = (text("os"), text("tenancy"))
        guard result.payment == .all, let term = result.term else {
            result.hourly = Money(raw: unit)
            return result
        }
        result.upfront = Money(raw: unit * Int128(term.hours))
        return result
    }

    // MARK: Subscriptions

    /// Resources bought for a time: what they cost is spread over it, and they serve no metered usage.
    private func subscriptions() throws(Failure) -> [Commitment] {
        try rows(EstateSQL.subscriptions).map { item in
            func text(_ name: String) -> String { item[name]?.string ?? "" }
            var result = Commitment()
            (result.id, result.provider, result.offer) = (text("id"), text("provider"), Offer(rawValue: "subscription"))
            (result.billingAccount, result.account) = (text("billing_account"), text("account"))
            (result.region, result.sku) = (text("region"), text("sku"))
            (result.os, result.tenancy, result.currency) = (text("os"), text("tenancy"), text("currency"))
            result.quantity = Quantity(1)
            result.upfront = Money(text("cost")) ?? .zero
            result.payment = .all
            (result.start, result.end) = (Self.hour(text("start")), Self.hour(text("end_time")))
            return result
        }
    }
}
