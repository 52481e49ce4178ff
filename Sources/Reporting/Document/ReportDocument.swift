public import PlimsollCore

/// A finished run as its files say it: `report.json`, and `hours.csv` beside it. Every rendering is made from
/// these two alone, so that its numbers are theirs.
public struct ReportDocument: Sendable {
    /// `report.json`.
    let root: JSONValue
    /// `hours.csv`; nil where it is not there.
    let hours: ReportHours?

    /// Reads both files. Throws where `json` is no report, or `hours` is not the file that the report names.
    public init(json: [UInt8], hours: [UInt8]?, file: String) throws(Failure) {
        guard let root = JSONValue(parsing: json), root.at("savings", "saving") != nil else {
            throw Failure(
                .badInput, "report.not-a-report", "`\(file)` is not a report", at: .init(file: file),
                hint: "name the folder that `plimsoll run SCENARIO --out DIR` wrote")
        }
        self.root = root
        if let hours, let named = root.at("hours", "sha256")?.string, named != ContentHash.sha256(hours) {
            throw Failure(
                .badInput, "report.other-hours", "hours.csv is not the one that `\(file)` was made with",
                at: .init(file: file),
                hint: "run the scenario again, or remove hours.csv: the report is made without it")
        }
        self.hours = hours.flatMap(ReportHours.init)
    }

    // MARK: Figures that several renderings show

    var currency: String { root.text("bills", "before", "currency") }
    var name: String { root.text("scenario", "name") }
    var before: String { root.text("savings", "before") }
    var after: String { root.text("savings", "after") }
    var saving: String { root.text("savings", "saving") }
    var purchases: [JSONValue] { root.list("purchases") }

    /// `2026-07-01 to 2027-06-30`, or one day.
    var period: String {
        let from = root.text("window", "from").prefix(10)
        guard let end = Hour(root.text("window", "to")) else { return String(from) }
        let last = String(describing: end.advanced(by: -1).day)
        return from == last ? last : "\(from) to \(last)"
    }
}

/// The hours as numbers to draw: exact amounts stay in the file.
struct ReportHours: Sendable {
    var first: Hour
    /// By column of the file after `hour`: demand, covered_before, covered_new, on_demand, committed.
    var columns: [[Double]]
    static let names = ["demand", "covered_before", "covered_new", "on_demand", "committed"]

    init?(_ bytes: [UInt8]) {
        var lines = bytes.split(separator: 0x0a)
        guard let header = lines.first,
            String(decoding: header, as: UTF8.self) == "hour," + Self.names.joined(separator: ",")
        else { return nil }
        lines.removeFirst()
        guard let begin = lines.first?.split(separator: 0x2c).first,
            let first = Hour(String(decoding: begin, as: UTF8.self))
        else { return nil }
        self.first = first
        columns = Array(repeating: [], count: Self.names.count)
        for index in columns.indices { columns[index].reserveCapacity(lines.count) }
        for line in lines {
            let cells = line.split(separator: 0x2c)
            guard cells.count == Self.names.count + 1 else { return nil }
            for (index, cell) in cells.dropFirst().enumerated() {
                guard let value = Double(String(decoding: cell, as: UTF8.self)) else { return nil }
                columns[index].append(value)
            }
        }
    }

    var count: Int { columns[0].count }
}

extension JSONValue {
    /// The value down a path of keys; nil where there is none.
    func at(_ path: String...) -> JSONValue? { at(path) }

    private func at(_ path: [String]) -> JSONValue? {
        var value: JSONValue? = self
        for key in path { value = value?[key] }
        return value
    }

    /// The text or whole number down a path; empty where there is none.
    func text(_ path: String...) -> String {
        switch at(path) {
        case .string(let text): text
        case .int(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        default: ""
        }
    }

    /// The elements down a path; none where there is no array.
    func list(_ path: String...) -> [JSONValue] { at(path)?.array ?? [] }

    /// The members of an object, by key.
    var members: [(key: String, value: JSONValue)] {
        guard case .object(let members) = self else { return [] }
        return members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

extension Show {
    /// A lever's word as people say it.
    static func lever(_ word: String) -> String { word == "commit" ? "Commitments" : word }

    /// An exact decimal rounded half-even to `places`, with commas between thousands; the text itself where it
    /// is no number.
    static func amount(_ exact: String, places: Int = 2) -> String {
        guard let value = Money(exact) else { return exact }
        return grouped(value.rounded(to: places))
    }

    /// A share such as `0.752042979246` in per cent with one decimal.
    static func percent(_ share: String) -> String {
        guard let value = Quantity(share) else { return share }
        return Money(raw: value.raw * 100).rounded(to: 1)
    }
}
