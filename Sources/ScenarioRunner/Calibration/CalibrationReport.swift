internal import PlimsollCore

/// A calibration in report.json and in the summary.
struct CalibrationReport {
    let calibration: Calibration?
    let demand: String
    let prices: String

    /// Whether anything of the bill was rated by prices of another source.
    private var isCalibrated: Bool { (calibration?.rated ?? .zero) != .zero }

    /// One sentence.
    var statement: String {
        guard let calibration else {
            return "not calibrated: there is no real bill that the past could be compared with"
        }
        guard isCalibrated else { return "prices from the bill: not calibrated" }
        let total = calibration.total
        let whole = calibration.rated + calibration.derived + calibration.carried
        let share = ScenarioReport.percent(calibration.rated, of: whole)
        let error = ScenarioReport.percent(total.absolute, of: total.paid, 4)
        return "\(share) % of the bill is rated, with an error of \(error) % line by line"
            + " (net \(ScenarioReport.percent(total.net, of: total.paid, 4)) %)"
    }

    /// One sentence about commitments; nil where the bill says nothing of what they paid for.
    var coverageStatement: String? {
        guard let coverage = calibration?.coverage, !coverage.isEmpty else { return nil }
        let hours = coverage.reduce(0) { $0 + $1.hours }
        let different = coverage.reduce(0) { $0 + $1.hoursDifferent }
        if different == 0 {
            return "applied again, \(coverage.count) commitments pay for the same in all \(hours) hours"
        }
        let names = coverage.filter { $0.hoursDifferent > 0 }.map(\.commitment)
        let more = names.count > 1 ? " and \(names.count - 1) more" : ""
        return "applied again, `\(names[0])`\(more) pay for something else in \(different) of \(hours) hours"
    }

    /// One sentence about when the usage was used, as far as the bill tells; nil where it has no usage.
    var shapeStatement: String? {
        guard let shapes = calibration?.shapes, let whole = whole(shapes) else { return nil }
        func percent(_ shape: BilledCharge.Shape) -> String {
            ScenarioReport.percent(shapes[shape] ?? .zero, of: whole)
        }
        if shapes.allSatisfy({ $0.key == .hour || $0.value == .zero }) { return "the bill tells the hour of all usage" }
        return
            "\(percent(.hour)) % of the usage's cost has its true hours; \(percent(.day)) % is billed by the day and "
            + "\(percent(.longer)) % by longer periods, spread evenly over their hours"
    }

    private func whole(_ shapes: [BilledCharge.Shape: Money]) -> Money? {
        let whole = shapes.values.reduce(.zero, +)
        return whole > .zero ? whole : nil
    }

    private func shape(_ shapes: [BilledCharge.Shape: Money]) -> JSONValue {
        guard let whole = whole(shapes) else { return .null }
        let members = BilledCharge.Shape.allCases.map { shape in
            let amount = shapes[shape] ?? .zero
            let share: [String: JSONValue] = [
                "amount": .money(amount), "percent": .string(ScenarioReport.percent(amount, of: whole)),
            ]
            return (shape.rawValue, JSONValue.object(share))
        }
        return .object(Dictionary(uniqueKeysWithValues: members))
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "calibrated": .bool(isCalibrated), "statement": .string(statement), "demand": .string(demand),
            "prices": .string(prices),
        ]
        if let calibration {
            members["shares"] = shares(calibration)
            members["error"] = error(calibration)
            members["commitments"] = .array(calibration.coverage.map(Self.coverage))
            members["coverage_statement"] = coverageStatement.map(JSONValue.string) ?? .null
            members["shape"] = shape(calibration.shapes)
            members["shape_statement"] = shapeStatement.map(JSONValue.string) ?? .null
        }
        return .object(members)
    }

    private func shares(_ calibration: Calibration) -> JSONValue {
        let whole = calibration.rated + calibration.derived + calibration.carried
        func share(_ part: Money) -> JSONValue {
            .object(["amount": .money(part), "percent": .string(ScenarioReport.percent(part, of: whole))])
        }
        return .object([
            "rated": share(calibration.rated), "derived": share(calibration.derived),
            "carried": share(calibration.carried),
        ])
    }

    private func error(_ calibration: Calibration) -> JSONValue {
        func item(_ service: Calibration.Service) -> [String: JSONValue] {
            [
                "paid": .money(service.paid), "rated": .money(service.rated), "net": .money(service.net),
                "absolute": .money(service.absolute),
                "net_percent": .string(ScenarioReport.percent(service.net, of: service.paid, 4)),
                "absolute_percent": .string(ScenarioReport.percent(service.absolute, of: service.paid, 4)),
            ]
        }
        var members = item(calibration.total)
        members["services"] = .array(
            calibration.services.map { .object(item($0).merging(["service": .string($0.name)]) { first, _ in first }) })
        return .object(members)
    }

    private static func coverage(_ coverage: Calibration.Coverage) -> JSONValue {
        .object([
            "id": .string(coverage.commitment), "paid": .quantity(coverage.paid), "rated": .quantity(coverage.rated),
            "hours": .int(coverage.hours), "hours_different": .int(coverage.hoursDifferent),
            "difference": .quantity(coverage.difference),
        ])
    }
}
