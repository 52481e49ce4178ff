public import PlimsollCore
public import Rating

/// A case: usage, prices and commitments, and the bill they must give. The public format that golden
/// tests, plugins' conformance and bug reports share (docs/reference/case-format.md).
public struct CaseFile: Sendable {
    /// Its name.
    public var name = ""
    /// Where the expected figures are from: document and section.
    public var source = ""
    /// Text for people.
    public var note = ""
    /// What is billed; benefit programs are added by ``run(programs:)``.
    public var input = RatingInput()
    /// What the bill must say.
    public var expect = CaseExpectation()
    /// What was noticed in the tables.
    public var warnings: [Diagnostic] = []

    /// Bills the case by `programs` and compares.
    public func run(programs: [BenefitProgram]) throws(Failure) -> CaseResult {
        var input = input
        input.programs = programs
        let bill = try Rater.rate(input)
        return CaseResult(name: name, source: source, bill: bill, differences: expect.differences(from: bill))
    }
}

/// What a case came to.
public struct CaseResult: Sendable {
    /// The case's name.
    public var name: String
    /// Where its figures are from.
    public var source: String
    /// The bill.
    public var bill: Bill
    /// What differs; empty = the case holds.
    public var differences: [CaseDifference]

    /// Lines for people: the name, then each difference.
    public var text: String {
        guard !differences.isEmpty else { return "ok: \(name)\n" }
        let lines = differences.map { "  \($0.what): expected \($0.expected), is \($0.actual)\n" }
        return "differs: \(name)\n" + lines.joined()
    }

    /// The same for programs.
    public var json: JSONValue {
        .object([
            "case": .string(name), "source": .string(source), "holds": .bool(differences.isEmpty),
            "differences": .array(
                differences.map {
                    .object([
                        "what": .string($0.what), "expected": .string($0.expected), "actual": .string($0.actual),
                    ])
                }),
        ])
    }
}

/// A figure that is not as expected.
public struct CaseDifference: Hashable, Sendable {
    /// Which: `total.effective`, `commitments.sp.used`, `unpriced`.
    public var what: String
    /// What the case says.
    public var expected: String
    /// What the bill says.
    public var actual: String
}

/// What a case expects of its bill; only what is given is compared.
public struct CaseExpectation: Hashable, Sendable {
    /// A figure rounded as documents print it: halves away from zero.
    public struct Rounded: Hashable, Sendable {
        /// Decimal places.
        public var places: Int
        /// The figure with all of them.
        public var value: String
    }

    /// Figures of the bill by path: `total.effective`, `commitments.ID.used`.
    public var figures: [String: Quantity] = [:]
    /// Figures to be rounded first.
    public var rounded: [String: Rounded] = [:]
    /// SKUs that no price is found for.
    public var unpriced: [String] = []

    /// No expectation but that all usage has a price.
    public init() {}

    static let totals = ["list", "contracted", "effective", "billed", "on_demand"]
    static let uses = ["committed", "used", "unused", "utilization"]

    /// What differs, in the order of the paths.
    public func differences(from bill: Bill) -> [CaseDifference] {
        let actual = Self.figures(of: bill)
        var result: [CaseDifference] = []
        for (path, expected) in figures.sorted(by: { $0.key < $1.key }) {
            let found = actual[path]
            guard found != expected else { continue }
            let shown = found?.description ?? "missing"
            result.append(CaseDifference(what: path, expected: expected.description, actual: shown))
        }
        for (path, expected) in rounded.sorted(by: { $0.key < $1.key }) {
            let found = actual[path].map { Self.round($0, expected.places) }
            guard found != expected.value else { continue }
            let what = "\(path) to \(expected.places) places"
            result.append(CaseDifference(what: what, expected: expected.value, actual: found ?? "missing"))
        }
        let missing = Set(bill.unpriced.map(\.key.sku)).sorted()
        if missing != Set(unpriced).sorted() {
            func list(_ skus: [String]) -> String { skus.isEmpty ? "none" : skus.joined(separator: ", ") }
            let expected = list(Set(unpriced).sorted())
            result.append(CaseDifference(what: "unpriced", expected: expected, actual: list(missing)))
        }
        return result
    }

    private static func round(_ value: Quantity, _ places: Int) -> String {
        let unit = FixedPoint.power(FixedPoint.places - places)
        let (steps, rest) = value.raw.quotientAndRemainder(dividingBy: unit)
        let up: Int128 = rest.magnitude * 2 >= unit.magnitude ? (value.raw < 0 ? -1 : 1) : 0
        return Money(raw: (steps + up) * unit).rounded(to: places)
    }

    private static func figures(of bill: Bill) -> [String: Quantity] {
        let total = bill.total
        let sums = [total.list, total.contracted, total.effective, total.billed, total.onDemand]
        var result: [String: Quantity] = [:]
        for (name, sum) in zip(totals, sums) { result["total.\(name)"] = Quantity(raw: sum.raw) }
        for use in bill.commitments {
            for (name, value) in zip(uses, [use.committed, use.used, use.unused, use.utilization]) {
                result["commitments.\(use.id).\(name)"] = value
            }
        }
        return result
    }
}
