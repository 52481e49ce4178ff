import AzureProvider
import GCPProvider
import PlimsollCore
import Rating
import Testing

/// When usage is taken apart, and when it stays as it is.
@Suite struct UsageSplitTests {
    private func windows() -> RatingInput {
        var input = RatingInput()
        input.programs = Azure.benefitPrograms
        var key = Make.compute("D2", os: "windows")
        key.provider = "azure"
        input.usage = [Make.line(key, [1])]
        input.prices = [Make.price(key, .onDemand, "0.19")]
        key.os = "linux"
        input.prices.append(Make.price(key, .onDemand, "0.1"))
        input.prices.append(reservation(os: "linux"))
        var item = Make.reserved("D2", 1, id: "r", hourly: "0.06")
        (item.provider, item.offer, item.os) = ("azure", Offer(rawValue: "reservation"), "")
        input.commitments = [item]
        return input
    }

    private func reservation(os: String) -> PriceRow {
        var key = Make.compute("D2", os: os)
        key.provider = "azure"
        return Make.price(key, Offer(rawValue: "reservation"), "0.06", term: "1y", payment: "none")
    }

    private func left(_ input: RatingInput) throws -> Money { try Rater.rate(input).total.onDemand }

    @Test func theLicenceIsLeft() throws {
        #expect(try left(windows()) == Money("0.09"))
    }

    @Test func aReservationOfAnySystemLeavesTheLicenceToo() throws {
        var input = windows()
        input.prices[2] = reservation(os: "*")
        #expect(try left(input) == Money("0.09"))
    }

    @Test func aReservationOfTheMachineWithItsLicenceCoversBoth() throws {
        var input = windows()
        input.prices.append(reservation(os: "windows"))
        #expect(try left(input) == .zero)
    }

    @Test func ratesOfAPlanReadOffABillAreTheMachines() throws {
        var input = windows()
        input.commitments = []
        for (os, rate) in [("linux", "0.07"), ("windows", "0.16")] {
            var row = reservation(os: os)
            (row.offer, row.price) = (Offer(rawValue: "compute-savings-plan"), Money(rate) ?? .zero)
            input.prices.append(row)
        }
        input.detail = [.resource]
        #expect(try Rater.rate(input).rows.count == 2)
        for index in input.prices.indices { input.prices[index].source = "bill 2026-01" }
        #expect(try Rater.rate(input).rows.count == 1)
    }

    @Test func withoutThePriceOfTheInfrastructureNothingIsToldApart() throws {
        var input = windows()
        input.prices.remove(at: 1)
        #expect(try left(input) == Money("0.19"))
    }

    @Test func aLicenceFollowsPricesThatChange() throws {
        var input = windows()
        let day = Make.start.advanced(by: 24).day
        input.usage = [Make.line(input.usage[0].key, Array(repeating: 1, count: 48))]
        input.prices[0].validTo = day
        var late = input.prices[0]
        (late.validFrom, late.validTo, late.price) = (day, nil, Money("0.21") ?? .zero)
        input.prices.append(late)
        // 24 hours at 0.09, 24 at 0.11.
        #expect(try left(input) == Money("4.8"))
    }

    @Test func machinesKeepTheirPriceWhereAPartHasNone() throws {
        var input = RatingInput()
        input.programs = GCP.benefitPrograms
        var key = Make.compute("e2-standard-4", os: "")
        (key.provider, key.tenancy) = ("gcp", "")
        input.usage = [Make.line(key, [1])]
        input.prices = [Make.price(key, .onDemand, "0.5")]
        key.sku = "e2/vcpu"
        input.prices.append(Make.price(key, .onDemand, "0.03"))
        #expect(try Rater.rate(input).total.list == Money("0.5"))
        key.sku = "e2/gib"
        input.prices.append(Make.price(key, .onDemand, "0.01"))
        #expect(try Rater.rate(input).total.list == Money("0.28"))
    }
}
