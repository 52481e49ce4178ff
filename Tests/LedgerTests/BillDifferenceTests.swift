import Ledger
import PlimsollCore
import Testing

@Suite("Why a bill changed")
struct BillDifferenceTests {
    private func usage(_ name: String, _ quantity: String, list: String?, cost: String, group: String = "g") -> BillItem
    {
        BillItem(
            name: [name], group: [group], currency: "USD", category: .usage, quantity: Quantity(quantity),
            list: list.flatMap { Money($0) }, cost: Money(cost) ?? .zero)
    }

    private func effects(_ first: [BillItem], _ second: [BillItem]) throws -> [BillDifference.Effect: String] {
        let all = try BillDifference.compare(first, second)
        #expect(all.count == 1)
        return (all.first?.effects ?? [:]).mapValues { FixedPoint.text($0.raw) }
    }

    @Test("a dearer list price is price, and nothing else") func price() throws {
        let change = try effects([usage("a", "10", list: "20", cost: "20")], [usage("a", "10", list: "23", cost: "23")])
        #expect(change == [.price: "3"])
    }

    @Test("twice the hours at the same price is usage") func quantity() throws {
        let change = try effects([usage("a", "10", list: "20", cost: "20")], [usage("a", "20", list: "40", cost: "40")])
        #expect(change == [.usage: "20"])
    }

    @Test("the same hours on a dearer SKU of the group is mix") func mix() throws {
        let change = try effects(
            [usage("a", "10", list: "10", cost: "10"), usage("b", "10", list: "30", cost: "30")],
            [usage("a", "5", list: "5", cost: "5"), usage("b", "15", list: "45", cost: "45")])
        #expect(change == [.mix: "10"])
    }

    @Test("a commitment that covers usage is commitment") func commitment() throws {
        let change = try effects([usage("a", "10", list: "20", cost: "20")], [usage("a", "10", list: "20", cost: "12")])
        #expect(change == [.commitment: "-8"])
    }

    @Test("new and gone SKUs, credits and taxes stand by themselves") func others() throws {
        func other(_ category: BillItem.Category, _ cost: String) -> BillItem {
            BillItem(
                name: ["x"], group: ["x"], currency: "USD", category: category, quantity: nil, list: nil,
                cost: Money(cost) ?? .zero)
        }
        let change = try effects(
            [usage("old", "1", list: "4", cost: "4"), other(.tax, "2"), other(.credit, "-1")],
            [usage("new", "1", list: "7", cost: "7"), other(.tax, "3"), other(.credit, "-5"), other(.commitment, "9")])
        #expect(change == [.gone: "-4", .new: "7", .tax: "1", .credit: "-4", .commitment: "9"])
    }

    @Test("currencies are never added up") func currencies() throws {
        var euro = usage("a", "1", list: "1", cost: "1")
        euro.currency = "EUR"
        let all = try BillDifference.compare([usage("a", "1", list: "1", cost: "1")], [euro])
        #expect(all.map(\.currency) == ["EUR", "USD"])
        #expect(all.map(\.effects) == [[.new: Money(1)], [.gone: Money(-1)]])
    }

    @Test("effects add up to the difference exactly, whatever the numbers") func sums() throws {
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for round in 0..<300 {
            func items() -> [BillItem] {
                (0..<next(12)).map { _ in
                    let category = next(10) < 7 ? BillItem.Category.usage : BillItem.Category.allCases[next(6)]
                    let quantity =
                        next(10) == 0 ? nil : Quantity(raw: Int128(next(1 << 30)) * Int128(next(1 << 20) + 1))
                    let list = next(8) == 0 ? nil : Money(raw: Int128(next(1 << 30)) * Int128(next(1 << 20)))
                    let cost = Money(raw: Int128(next(1 << 30) - (1 << 28)) * Int128(next(1 << 20)))
                    return BillItem(
                        name: ["sku-\(next(5))"], group: ["group-\(next(2))"], currency: "USD", category: category,
                        quantity: quantity, list: list, cost: cost)
                }
            }
            let (first, second) = (items(), items())
            for change in try BillDifference.compare(first, second) {
                let before = first.reduce(Money.zero) { $0 + $1.cost }
                let after = second.reduce(Money.zero) { $0 + $1.cost }
                #expect(change.before == before && change.after == after, "round \(round)")
                #expect(change.effects.values.reduce(.zero, +) == after - before, "round \(round)")
                for item in change.contributions {
                    #expect(item.effects.values.reduce(.zero, +) == item.change, "round \(round)")
                }
            }
        }
    }

    @Test("scaling is exact where the product needs more than 128 bits") func scaling() {
        let large = Int128(1) << 120
        #expect(FixedPoint.scaled(large, by: 3, over: 3) == large)
        #expect(FixedPoint.scaled(large, by: large, over: large) == large)
        #expect(FixedPoint.scaled(5, by: 1, over: 2) == 2)
        #expect(FixedPoint.scaled(7, by: 1, over: 2) == 4)
        #expect(FixedPoint.scaled(-7, by: 1, over: 2) == -4)
        #expect(FixedPoint.scaled(large, by: large, over: 1) == nil)
        #expect(FixedPoint.scaled(1, by: 1, over: 0) == nil)
    }
}
