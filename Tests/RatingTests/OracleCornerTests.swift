import AWSProvider
import PlimsollCore
import Rating
import Testing

/// Corners found by comparing with the oracle, as small cases.
@Suite("Corners of the rater")
struct OracleCornerTests {
    private func input(_ usage: [(UsageKey, Int64)], list: String, rate: String, _ offer: Offer) -> RatingInput {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        for (key, count) in usage { input.usage.append(Make.line(key, [count])) }
        input.prices.append(Make.price(usage[0].0, .onDemand, list))
        input.prices.append(Make.price(usage[0].0, offer, rate, term: "1y", payment: "none"))
        return input
    }

    /// Two plans share one unit of a line whose price has tiers: 3 units at 1 from the first, the rest at 0.5.
    @Test func tiersAfterAUnitServedTwice() throws {
        let key = Make.compute("m5.large")
        var input = input([(key, 4)], list: "1", rate: "0.7", .computePlan)
        input.prices[0].tierTo = Quantity(3)
        var second = input.prices[0]
        (second.tierFrom, second.tierTo, second.price) = (Quantity(3), nil, Money(raw: 500_000_000_000))
        input.prices.append(second)
        input.prices.append(Make.price(key, .familyPlan, "0.3", term: "1y", payment: "none"))
        var family = Make.plan(.familyPlan, "1.0", id: "family")
        (family.region, family.family) = ("us-east-1", "m5")
        input.commitments = [family, Make.plan(.computePlan, "0.4", id: "compute")]
        // 4 − 1 ÷ 0.3 = 2/3 unit left, 0.4 ÷ 0.7 = 4/7 of it served: 2/21 left at 1.
        let bill = try Rater.rate(input)
        #expect(bill.total.onDemand == Money("0.095238095238"))
    }

    /// Spot usage of an SKU with tiers is neither in the tiers nor before them.
    @Test func spotBesideTiers() throws {
        let key = Make.compute("m5.large")
        var spot = key
        (spot.pricing, spot.account) = (.spot, "0")
        var input = input([(key, 4), (spot, 4)], list: "1", rate: "0.7", .spot)
        input.prices[0].tierTo = Quantity(4)
        var second = input.prices[0]
        (second.tierFrom, second.tierTo, second.price) = (Quantity(4), nil, Money(raw: 500_000_000_000))
        input.prices.append(second)
        input.prices[1].term = ""
        input.prices[1].payment = ""
        for detail in OracleTests.details {
            input.detail = detail
            let bill = try Rater.rate(input)
            #expect(bill.total.onDemand == Money(4))
            #expect(bill.total.effective == Money("6.8"))
        }
    }

    /// Plans of one owner, alike but for their sharing, begun one after the other: which goes first must
    /// not depend on how rows are split.
    @Test func plansThatTieInEverySplit() throws {
        let own = Make.compute("m5.large")
        let other = Make.compute("m5.large", account: "b")
        var input = input([(own, 3), (other, 2)], list: "1", rate: "0.5", .computePlan)
        for (number, sharing) in [Commitment.Sharing.account, .organization, .account].enumerated() {
            var plan = Make.plan(.computePlan, "1", id: "p\(number)")
            plan.sharing = sharing
            plan.start = Instant(hour: Make.start.advanced(by: number - 100))
            input.commitments.append(plan)
        }
        let plain = try Rater.rate(input).total
        input.detail = [.commitment]
        let split = try Rater.rate(input).total
        #expect(plain == split)
    }

    /// A window without usage still has fees; usage without a commitment in sight has none.
    @Test func onlyFees() throws {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        input.window = HourGrid(start: Make.start, end: Make.start.advanced(by: 3))
        input.commitments = [Make.plan(.computePlan, "0.7"), Make.reserved("m5.large", 2, id: "r", hourly: "0.05")]
        let bill = try Rater.rate(input)
        #expect(bill.total.effective == Money("2.4"))
        #expect(bill.total.billed == Money("2.4"))
        #expect(bill.commitments.map(\.unused) == [Quantity("2.1"), Quantity(6)])
    }

    /// A plan whose rate is 0 for an SKU serves it and loses nothing by it.
    @Test func rateOfZero() throws {
        let key = Make.compute("m5.large")
        var input = input([(key, 5)], list: "1", rate: "0", .computePlan)
        input.commitments = [Make.plan(.computePlan, "1")]
        let bill = try Rater.rate(input)
        #expect(bill.total.onDemand == .zero)
        #expect(bill.commitments.first?.unused == Quantity(1))
    }

    /// Tiers count an SKU's quantity over all regions; where regions have different tiers, the order in
    /// which lines advance the count must not depend on how rows are split.
    @Test func tiersOfTwoRegions() throws {
        let near = Make.compute("storage")
        let far = Make.compute("storage", region: "eu-west-1")
        var input = RatingInput()
        for (key, low, high) in [(near, "1", "0.5"), (far, "10", "1")] {
            input.usage.append(Make.line(key, [3, 3]))
            var first = Make.price(key, .onDemand, low)
            first.tierTo = Quantity(5)
            var second = Make.price(key, .onDemand, high)
            second.tierFrom = Quantity(5)
            input.prices += [first, second]
        }
        let plain = try Rater.rate(input).total
        input.detail = [.hour]
        let byHour = try Rater.rate(input).total
        #expect(plain == byHour)
    }
}
