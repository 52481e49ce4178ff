import PlimsollCore
import Testing

@testable import ScenarioRunner

@Suite struct SavingWorthTests {
    private func result(_ agreements: String) throws -> ScenarioResult {
        let text = smallScenario.replacing("levers:", with: agreements + "levers:")
        return try Scenario.load(text).run(.test(), planner: FakePlanner(hourly: Money(1)))
    }

    private func isWarned(_ result: ScenarioResult) -> Bool {
        result.warnings.contains { $0.code == "agreements.saving-worth-less" }
    }

    @Test func withoutAgreementsASavingIsWorthItself() throws {
        let result = try result("")
        let worth = SavingWorth(result.outcome)
        #expect(worth.charges == result.outcome.saving && worth.percent == "100.00")
        #expect(!isWarned(result))
    }

    @Test func belowAFloorItIsWorthNothing() throws {
        let result = try result("agreements:\n  - {name: commitment, floor: 10000000}\n")
        let worth = SavingWorth(result.outcome)
        #expect(worth.charges > .zero && worth.bill == .zero && worth.percent == "0.00")
        #expect(isWarned(result))
        #expect(result.reportText.contains("floors take"))
    }

    @Test func aDiscountTakesItsShareAndTaxAddsToIt() throws {
        let less = try result("agreements:\n  - {name: private, discount: 20%}\n")
        #expect(SavingWorth(less.outcome).percent == "80.00" && isWarned(less))
        let more = try result("agreements:\n  - {name: tax, tax: 10%}\n")
        #expect(SavingWorth(more.outcome).percent == "110.00" && !isWarned(more))
    }
}
