public import PlimsollCore

/// A sweep as `sweep.json` says it, and what is made from it.
public struct SweepDocument: Sendable {
    let root: JSONValue

    /// A document in the form of `sweep.json`.
    public init(_ root: JSONValue) { self.root = root }

    /// The text of `sweep.json`.
    public var json: String { root.text }

    var keys: [String] { root.list("vary").map { $0.text("key") } }
    var points: [JSONValue] { root.list("points") }
    var currency: String { root.text("currency") }
    var missing: [JSONValue] { root.list("no_plan") }

    /// `key = value, key = value` of a run.
    func settings(_ point: JSONValue) -> String {
        zip(keys, point.list("settings")).map { "\($0) = \($1.string ?? "")" }.joined(separator: ", ")
    }

    func isBest(_ point: JSONValue) -> Bool { point.text("undominated") == "true" }

    private static let amounts = ["before", "after", "saving", "percent", "saving_after_fall", "upfront", "purchases"]

    /// One row a run, amounts exact.
    public var csv: [UInt8] {
        var out = CSVWriter(header: keys + Self.amounts + ["undominated", "no_plan"])
        for point in points {
            out.add(
                point.list("settings").compactMap(\.string) + Self.amounts.map { point.text($0) }
                    + [point.text("undominated"), ""])
        }
        for run in missing {
            out.add(
                run.list("settings").compactMap(\.string) + Self.amounts.map { _ in "" } + ["", run.text("reason")])
        }
        return out.bytes
    }

    /// For people, lines at most `width` characters where that can be done.
    public func table(width: Int) -> String {
        var table = TextTable(
            keys.map { TextTable.Column($0) } + [
                .init("Bill before", isNumber: true, rank: 3), .init("Bill after", isNumber: true, rank: 2),
                .init("Saving", isNumber: true), .init("%", isNumber: true, rank: 1),
                .init("At −\(root.text("fall_percent")) %", isNumber: true),
                .init("Upfront", isNumber: true, rank: 1), .init(""),
            ])
        for point in points {
            table.add(
                point.list("settings").compactMap(\.string)
                    + ["before", "after", "saving"].map { Show.amount(point.text($0)) } + [point.text("percent")]
                    + ["saving_after_fall", "upfront"].map { Show.amount(point.text($0)) }
                    + [isBest(point) ? "*" : ""])
        }
        let notes = [
            "At −\(root.text("fall_percent")) %: the saving where demand is that much lower in every hour.",
            "* no other run saves more, keeps more when demand falls and pays less upfront",
        ]
        let unmet = missing.map { Visible.text("No plan: \(settings($0)): \($0.text("reason"))") }
        return table.text(width: width) + "\n"
            + (notes + unmet).flatMap { Screen.paragraph($0, width: width) }.map { $0 + "\n" }.joined()
    }
}
