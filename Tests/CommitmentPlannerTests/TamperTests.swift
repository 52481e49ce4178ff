import CommitmentPlanner
import PlimsollCore
import Rating
import Solver
import Testing

/// Plans for estates of four clouds, changed in every place there is, one at a time: each change is refused with the
/// reason that fits the place.
@Suite(.enabled(if: Solver.isAvailable, "HiGHS is missing: run scripts/bootstrap"))
struct TamperTests {
    private struct Plan {
        var files: [String: [UInt8]]
        var inputs: PlanInputs
        var programs: [BenefitProgram]
        var json: JSONValue

        init(_ kind: SmallEstate.Kind) throws {
            // The first estate of the kind for which something is bought and something is held.
            var found: (estate: SmallEstate, plan: CommitmentPlanner.Outcome)?
            for round in 0..<60 where found == nil {
                let estate = SmallEstate(seed: round * SmallEstate.Kind.allCases.count + kind.rawValue)
                guard !estate.input.commitments.isEmpty else { continue }
                // As read from its files: the order of rows there is the billing order.
                let inputs = PlanInputs(estate.input)
                let input = try inputs.decode(programs: estate.input.programs)
                let plan = try CommitmentPlanner.plan(input, inputs: inputs, options: estate.options)
                if !plan.purchases.isEmpty { found = (estate, plan) }
            }
            let (estate, plan) = try #require(found)
            files = Dictionary(plan.files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
            inputs = PlanInputs(estate.input)
            programs = estate.input.programs
            json = try #require(JSONValue(parsing: files["plan.json"] ?? []))
        }

        func reasons(
            _ json: JSONValue? = nil, duals: [UInt8]? = nil, inputs: PlanInputs? = nil, file: [UInt8]? = nil
        ) throws -> Set<String> {
            let findings = try Verifier.verify(
                plan: Array((json ?? self.json).text.utf8), duals: duals ?? files["duals.csv"] ?? [],
                inputs: inputs ?? self.inputs, programs: programs, purchasesFile: file ?? files["plan.csv"])
            return Set(findings.map(\.reason))
        }
    }

    /// The reason that a change at a path of plan.json is to be refused with.
    private func expected(_ path: [String]) -> String? {
        switch path[0] {
        case "inputs": return "input hash"
        case "purchases": return "purchase"
        case "bill": return "bill"
        case "options": return nil  // another space: whatever of it is met first
        case "certificate":
            switch path[1] {
            case "lower_bound", "relaxation", "cost", "gap", "eligible_cost", "out_of_reach": return "bound"
            case "duals" where path.last == "sha256": return "input hash"
            case "pools", "left_out", "duals", "constraints": return "coverage of pools and hours"
            default: return "document"
            }
        default: return "document"
        }
    }

    private static let kinds: [SmallEstate.Kind] = [
        .sizes, .nested, .reservedAndPlan, .azure, .googleFlexible, .alibaba, .alibabaPlans,
    ]

    @Test(arguments: kinds) func `Every place of plan.json`(kind: SmallEstate.Kind) throws {
        let plan = try Plan(kind)
        #expect(try plan.reasons() == [])
        let leaves = plan.json.leaves()
        #expect(leaves.count > 70)
        for path in leaves where path != ["format"] {
            for (round, change) in JSONValue.changes.enumerated() {
                var json = plan.json
                json.replace(path, change)
                guard json != plan.json else { continue }
                let reasons = try plan.reasons(json)
                let place = path.joined(separator: ".")
                #expect(!reasons.isEmpty, "\(place) changed unnoticed")
                if let expected = expected(path) {
                    #expect(reasons.contains(expected), "\(place) is refused with \(reasons.sorted())")
                }
                // Whoever makes the digest anew is refused all the same, but for words that nothing depends on.
                json.sign()
                guard round == 0, path != ["certificate", "digest"], path != ["certificate", "method"] else { continue }
                #expect(try !plan.reasons(json).isEmpty, "\(place) changed and signed unnoticed")
            }
        }
    }

    @Test(arguments: kinds) func `Every row of duals.csv`(kind: SmallEstate.Kind) throws {
        let plan = try Plan(kind)
        let lines = String(decoding: plan.files["duals.csv"] ?? [], as: UTF8.self).split(separator: "\n").map(
            String.init)
        func refused(_ lines: [String], _ expected: Set<String>, _ what: String) throws {
            let duals = Array((lines.joined(separator: "\n") + "\n").utf8)
            #expect(try plan.reasons(duals: duals).contains("input hash"), "\(what)")
            var json = plan.json
            json.edit(["certificate", "duals", "sha256"]) { _ in ContentHash.sha256(duals) }
            json.sign()
            #expect(try !plan.reasons(json, duals: duals).isDisjoint(with: expected), "\(what): hashes made anew")
        }
        for row in stride(from: 1, to: lines.count, by: 13) {
            let cells = lines[row].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            for column in cells.indices {
                var (changed, other) = (lines, cells)
                other[column] = column == cells.count - 1 ? "-1" : cells[column] + "x"
                changed[row] = other.joined(separator: ",")
                let reason = column == cells.count - 1 ? "dual feasibility" : "coverage of pools and hours"
                try refused(changed, [reason], "row \(row), column \(column)")
            }
            var (fewer, more, raised) = (lines, lines, lines)
            fewer.remove(at: row)
            try refused(fewer, ["coverage of pools and hours"], "row \(row) removed")
            more.append(lines[row])
            try refused(more, ["coverage of pools and hours"], "row \(row) twice")
            let price = try #require(Money(cells[cells.count - 1]))
            raised[row] = (cells.dropLast() + [(price + Money(1)).description]).joined(separator: ",")
            try refused(raised, ["dual feasibility", "bound"], "row \(row) raised")
        }
    }

    @Test(arguments: kinds) func `Every cell of plan.csv, and every input`(kind: SmallEstate.Kind) throws {
        let plan = try Plan(kind)
        let rows = String(decoding: plan.files["plan.csv"] ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
        for (number, row) in rows.enumerated() {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            for column in cells.indices {
                var (changed, other) = (rows, cells)
                other[column] += "1"
                changed[number] = other.joined(separator: ",")
                let file = Array((changed.joined(separator: "\n") + "\n").utf8)
                #expect(try plan.reasons(file: file) == ["purchase"], "row \(number), column \(column)")
            }
        }
        for name in plan.inputs.files.keys {
            var (changed, fewer) = (plan.inputs, plan.inputs)
            changed.files[name]?.append(UInt8(ascii: "\n"))
            fewer.files[name] = nil
            #expect(try plan.reasons(inputs: changed).contains("input hash"), "\(name)")
            #expect(try plan.reasons(inputs: fewer).contains("input hash"), "\(name)")
        }
        var more = plan.inputs
        more.files["fx.csv"] = Array("date,from,to,rate\n".utf8)
        #expect(try plan.reasons(inputs: more).contains("input hash"))
    }
}

extension JSONValue {
    /// Ways to change a value: another digit or letter, something else altogether, nothing.
    static let changes: [@Sendable (JSONValue) -> JSONValue?] = [
        { value in
            switch value {
            case .string(let text):
                var bytes = Array(text.utf8)
                guard let last = bytes.indices.last else { return .string("1") }
                bytes[last] = bytes[last] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
                return .string(String(decoding: bytes, as: UTF8.self))
            case .int(let number): return .int(number + 1)
            default: return .string("1")
            }
        },
        { _ in .object(["a": .int(1)]) }, { _ in nil },
    ]

    /// Paths of all values that hold no others, empty lists and objects among them.
    func leaves(_ path: [String] = []) -> [[String]] {
        switch self {
        case .object(let members) where !members.isEmpty:
            return members.keys.sorted().flatMap { members[$0]?.leaves(path + [$0]) ?? [] }
        case .array(let elements) where !elements.isEmpty:
            return elements.enumerated().flatMap { $1.leaves(path + ["\($0)"]) }
        default: return [path]
        }
    }

    /// Changes the value at a path; nil removes it.
    mutating func replace(_ path: [String], _ change: (JSONValue) -> JSONValue?) {
        guard let first = path.first else { return }
        let rest = Array(path.dropFirst())
        switch self {
        case .object(var members):
            if rest.isEmpty {
                members[first] = members[first].flatMap(change)
            } else {
                members[first]?.replace(rest, change)
            }
            self = .object(members)
        case .array(var elements):
            guard let index = Int(first), elements.indices.contains(index) else { return }
            if !rest.isEmpty {
                elements[index].replace(rest, change)
            } else if let value = change(elements[index]) {
                elements[index] = value
            } else {
                elements.remove(at: index)
            }
            self = .array(elements)
        default: return
        }
    }

    /// Makes the certificate's digest anew, as somebody who knows how would.
    mutating func sign() {
        guard case .object(var members) = self, case .object(var body)? = members["certificate"] else { return }
        body["digest"] = nil
        members["certificate"] = .object(body)
        body["digest"] = .string(ContentHash.sha256(JSONValue.object(members).canonical))
        members["certificate"] = .object(body)
        self = .object(members)
    }
}
