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
}
