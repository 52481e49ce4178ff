import AWSProvider
import CommitmentPlanner
import Foundation
import PlimsollCore
import Rating
import Solver
import Testing

@Suite(.enabled(if: Solver.isAvailable, "HiGHS is missing: run scripts/bootstrap"))
struct PlanTests {
    private func outcome(
        seed: UInt64, families: Int = 3, hours: Int = 48, offers: [Offer] = [.familyPlan, .computePlan]
    ) throws -> (CommitmentPlanner.Outcome, PlanInputs) {
        let input = Estates.make(seed: seed, families: families, hours: hours, offers: offers)
        let inputs = PlanInputs(input)
        let decoded = try inputs.decode(programs: AWS.benefitPrograms)
        return (try CommitmentPlanner.plan(decoded, inputs: inputs), inputs)
    }

    private func verify(_ plan: CommitmentPlanner.Outcome, _ inputs: PlanInputs) throws -> [Verifier.Finding] {
        try Verifier.verify(
            plan: bytes(plan, "plan.json"), duals: bytes(plan, "duals.csv"), inputs: inputs,
            programs: AWS.benefitPrograms)
    }

    private func bytes(_ plan: CommitmentPlanner.Outcome, _ name: String) -> [UInt8] {
        plan.files.first { $0.path == name }?.bytes ?? []
    }

    @Test(arguments: 1...12) func boundsCostsAndVerification(seed: Int) throws {
        let offers: [Offer] = seed % 3 == 0 ? [.riStandard, .computePlan] : [.familyPlan, .computePlan]
        let (plan, inputs) = try outcome(seed: UInt64(seed), offers: offers)
        let certificate = plan.certificate
        #expect(certificate.lowerBound <= certificate.relaxation)
        #expect(certificate.relaxation <= certificate.cost)
        #expect(certificate.cost == plan.after.total.effective)
        #expect(plan.after.total.effective <= plan.before.total.effective)
        #expect(try verify(plan, inputs) == [])
    }

    @Test func twiceTheSame() throws {
        let (first, _) = try outcome(seed: 5)
        let (second, _) = try outcome(seed: 5)
        #expect(first.files.map(\.path) == second.files.map(\.path))
        #expect(first.files.map(\.bytes) == second.files.map(\.bytes))
    }

    /// One cell, one plan: buy rate × the quantile 1 − rate ÷ price of usage (DESIGN section 7).
    @Test func quantile() throws {
        var input = RatingInput()
        input.programs = AWS.benefitPrograms
        let key = UsageKey(
            provider: "aws", billingAccount: "p", account: "p", region: "r", service: "compute", sku: "m5.large",
            os: "linux", tenancy: "shared", unit: "Hrs")
        let values: [Int64] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        input.usage = [UsageLine(key: key, series: HourSeries(start: Estates.start, scale: 0, values: values))]
        for (offer, price) in [(Offer.onDemand, "1"), (.computePlan, "0.65")] {
            var row = PriceRow()
            (row.provider, row.region, row.service, row.sku, row.os) = ("aws", "r", "compute", "m5.large", "linux")
            (row.tenancy, row.unit, row.currency, row.offer) = ("shared", "Hrs", "USD", offer)
            row.price = try #require(Money(price))
            if offer != .onDemand { (row.term, row.payment) = ("1y", "none") }
            input.prices.append(row)
        }
        let plan = try CommitmentPlanner.plan(input, inputs: PlanInputs(input))
        // 7 of 10 hours use 4 or more, 6 of 10 use 5 or more: the marginal unit pays at 0.65 up to 4.
        #expect(plan.purchases.map(\.hourlyCommitment) == [Money("2.6")])
        #expect(plan.certificate.cost == Money("47"))
        #expect(plan.certificate.cost - plan.certificate.lowerBound < Money(raw: 1_000_000))
    }

    // MARK: Tampering

    private func refused(_ change: (inout JSONValue) -> Void) throws -> Set<String> {
        let (plan, inputs) = try outcome(seed: 2)
        var json = try #require(JSONValue(parsing: bytes(plan, "plan.json")))
        change(&json)
        let findings = try Verifier.verify(
            plan: Array(json.text.utf8), duals: bytes(plan, "duals.csv"), inputs: inputs,
            programs: AWS.benefitPrograms)
        return Set(findings.map(\.reason))
    }

    @Test func raisedBound() throws {
        let reasons = try refused { json in
            json.edit(["certificate", "lower_bound"]) { text in
                Money(text).map { Money(raw: $0.raw + $0.raw / 1000).description } ?? text
            }
        }
        #expect(reasons == ["bound"])
    }

    @Test func movedPurchase() throws {
        let reasons = try refused { json in
            json.edit(["purchases", "0", "hourly_commitment"]) { text in
                Money(text).map { ($0 + Money(1)).description } ?? text
            }
        }
        #expect(reasons.contains("purchase"))
    }

    @Test func everyNumberIsChecked() throws {
        let (plan, inputs) = try outcome(seed: 2, families: 2, hours: 26)
        let json = try #require(JSONValue(parsing: bytes(plan, "plan.json")))
        let paths = json.numberPaths()
        #expect(paths.count > 60)
        for path in paths {
            var changed = json
            changed.edit(path) { text in
                var bytes = Array(text.utf8)
                let at = bytes.lastIndex { $0 >= 0x30 && $0 <= 0x39 } ?? 0
                bytes[at] = bytes[at] == 0x39 ? 0x31 : bytes[at] + 1
                return String(decoding: bytes, as: UTF8.self)
            }
            let findings = try? Verifier.verify(
                plan: Array(changed.text.utf8), duals: bytes(plan, "duals.csv"), inputs: inputs,
                programs: AWS.benefitPrograms)
            #expect(findings != [], "changing \(path.joined(separator: ".")) went unnoticed")
        }
    }

    /// Dual prices tampered with, hashes made again: each with its own reason.
    @Test func tamperedPrices() throws {
        let (plan, inputs) = try outcome(seed: 2)
        let text = String(decoding: bytes(plan, "duals.csv"), as: UTF8.self)
        var lines = text.split(separator: "\n").map(String.init)
        let row = try #require(lines.indices.dropFirst().first { !lines[$0].hasSuffix(",0") })
        func reasons(_ lines: [String]) throws -> Set<String> {
            let duals = Array((lines.joined(separator: "\n") + "\n").utf8)
            var json = try #require(JSONValue(parsing: bytes(plan, "plan.json")))
            json.edit(["certificate", "duals", "sha256"]) { _ in ContentHash.sha256(duals) }
            let findings = try Verifier.verify(
                plan: Array(json.text.utf8), duals: duals, inputs: inputs, programs: AWS.benefitPrograms)
            return Set(findings.map(\.reason))
        }
        var dropped = lines
        dropped.remove(at: row)
        #expect(try reasons(dropped) == ["coverage of pools and hours"])
        var cells = lines[row].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let price = try #require(Money(cells[3]))
        cells[3] = Money(raw: price.raw + price.raw / 100).description
        lines[row] = cells.joined(separator: ",")
        #expect(try reasons(lines).contains("dual feasibility"))
    }

    @Test func changedInput() throws {
        let (plan, inputs) = try outcome(seed: 2)
        var changed = inputs
        var usage = String(decoding: changed.files["usage.csv"] ?? [], as: UTF8.self)
        let row = try #require(usage.range(of: ",f0.large,linux,,shared,,"))
        usage.insert("1", at: row.upperBound)
        changed.files["usage.csv"] = Array(usage.utf8)
        let plain = try verify(plan, changed)
        #expect(plain.contains { $0.reason == "input hash" })
        var json = try #require(JSONValue(parsing: bytes(plan, "plan.json")))
        json.edit(["inputs", "usage.csv"]) { _ in changed.hashes["usage.csv"] ?? "" }
        let remade = try Verifier.verify(
            plan: Array(json.text.utf8), duals: bytes(plan, "duals.csv"), inputs: changed,
            programs: AWS.benefitPrograms)
        #expect(remade.contains { $0.reason == "bill" })
    }
}

extension JSONValue {
    /// Replaces a string at a path.
    mutating func edit(_ path: [String], _ change: (String) -> String) {
        guard let first = path.first else {
            switch self {
            case .string(let text): self = .string(change(text))
            case .int(let value): self = Int(change(String(value))).map { .int($0) } ?? self
            default: break
            }
            return
        }
        let rest = Array(path.dropFirst())
        if case .object(var members) = self {
            members[first]?.edit(rest, change)
            self = .object(members)
        } else if case .array(var elements) = self, let index = Int(first), elements.indices.contains(index) {
            elements[index].edit(rest, change)
            self = .array(elements)
        }
    }

    /// Paths of everything with a digit in it, but for names of inputs.
    func numberPaths(_ path: [String] = []) -> [[String]] {
        switch self {
        case .object(let members):
            return members.keys.sorted().flatMap { members[$0]?.numberPaths(path + [$0]) ?? [] }
        case .array(let elements):
            return elements.enumerated().flatMap { $1.numberPaths(path + ["\($0)"]) }
        case .int: return [path]
        case .string(let text): return text.contains { $0.isNumber } ? [path] : []
        default: return []
        }
    }
}
