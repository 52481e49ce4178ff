internal import PlimsollCore
public import Rating

/// What came out of a case.
public struct CaseOutcome: Sendable {
    /// Name of the case.
    public var name: String
    /// One line per difference; empty = the case passes.
    public var differences: [String]
    /// The bill; nil where the rater refused the input.
    public var bill: Bill?

    /// Whether everything expected came out.
    public var passed: Bool { differences.isEmpty }

    /// `pass NAME`, or `FAIL NAME` with the differences.
    public var text: String {
        let head = passed ? "pass \(name)" : "FAIL \(name)"
        return ([head] + differences.map { "  " + $0 }).joined(separator: "\n") + "\n"
    }
}

extension RatingCase {
    /// Bills the case and compares.
    public func run() -> CaseOutcome {
        do throws(Failure) {
            let bill = try Rater.rate(input)
            var differences = Comparison(expectation, bill).differences
            if let code = expectation.failure {
                differences.append("failure: expected `\(code)`, the input was accepted")
            }
            return CaseOutcome(name: name, differences: differences, bill: bill)
        } catch {
            let codes = error.diagnostics.map(\.code)
            if let code = expectation.failure, codes.contains(code) {
                return CaseOutcome(name: name, differences: [], bill: nil)
            }
            return CaseOutcome(name: name, differences: error.diagnostics.map(\.description), bill: nil)
        }
    }
}

/// Compares a bill with what is expected.
private struct Comparison {
    private let expected: RatingCase.Expectation
    private let bill: Bill
    private(set) var differences: [String] = []

    init(_ expected: RatingCase.Expectation, _ bill: Bill) {
        self.expected = expected
        self.bill = bill
        totals()
        commitments()
        unpriced()
        let codes = Set(bill.warnings.map(\.code))
        for code in expected.warnings where !codes.contains(code) {
            differences.append("warnings: `\(code)` was not given")
        }
        rows()
    }

    private mutating func compare(_ what: String, _ figure: RatingCase.Figure, _ actual: Int128) {
        let unit = FixedPoint.power(FixedPoint.places - expected.places)
        let same = FixedPoint.divideHalfEven(figure.raw, by: unit) == FixedPoint.divideHalfEven(actual, by: unit)
        if !same { differences.append("\(what): expected \(figure.text), got \(FixedPoint.text(actual))") }
    }

    private mutating func totals() {
        for (name, figure) in expected.total.sorted(by: { $0.key < $1.key }) {
            compare("total.\(name)", figure, BillDocument.amount(bill.total, name).raw)
        }
    }

    private mutating func commitments() {
        for (id, figures) in expected.commitments.sorted(by: { $0.key < $1.key }) {
            guard let use = bill.commitments.first(where: { $0.id == id }) else {
                differences.append("commitments.\(id): there is no such commitment")
                continue
            }
            let values: [String: Int128] = [
                "committed": use.committed.raw, "used": use.used.raw, "unused": use.unused.raw,
                "utilization": use.utilization.raw, "effective": use.effective.raw, "billed": use.billed.raw,
                "covered_list": use.coveredList.raw,
            ]
            for (name, figure) in figures.sorted(by: { $0.key < $1.key }) {
                compare("commitments.\(id).\(name)", figure, values[name] ?? 0)
            }
        }
    }

    private mutating func unpriced() {
        let actual = Set(bill.unpriced.map(\.key.sku))
        let wanted = Set(expected.unpriced ?? [])
        for sku in wanted.subtracting(actual).sorted() { differences.append("unpriced: `\(sku)` has a price") }
        for sku in actual.subtracting(wanted).sorted() { differences.append("unpriced: `\(sku)` has no price") }
    }

    private mutating func rows() {
        for (index, row) in expected.rows.enumerated() {
            let chosen = bill.rows.filter { candidate in
                let cells = BillDocument.cells(candidate)
                return row.filter.allSatisfy { cells[$0.key] ?? "" == $0.value }
            }
            var sum = Amounts()
            var quantity = Quantity.zero
            for item in chosen {
                sum += item.amounts
                quantity = quantity + item.quantity
            }
            let filter = row.filter.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
            let name = "rows[\(index)](\(filter))"
            if chosen.isEmpty { differences.append("\(name): there is no such row") }
            for (key, figure) in row.amounts.sorted(by: { $0.key < $1.key }) {
                compare("\(name).\(key)", figure, key == "quantity" ? quantity.raw : BillDocument.amount(sum, key).raw)
            }
        }
    }
}
