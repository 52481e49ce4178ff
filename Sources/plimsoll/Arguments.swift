import ArgumentParser
import PlimsollCore
import Rating
import Reporting
import ScenarioRunner

/// How data is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
}

/// A bound of the window: a full UTC hour, or a date for its first hour.
struct HourArgument: ExpressibleByArgument {
    var hour: Hour

    init?(argument: String) {
        guard let instant = Instant(argument), instant.second == 0 else { return nil }
        hour = instant.hour
    }
}

/// `hour,resource,commitment`: what rows are split by.
struct DetailArgument: ExpressibleByArgument {
    var detail: Set<RatingInput.Detail> = []

    init() {}

    init?(argument: String) {
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let part = RatingInput.Detail(rawValue: String(word)) else { return nil }
            detail.insert(part)
        }
    }
}

/// Texts of errors that ArgumentParser prints, with what was probably meant.
enum Meant {
    static func hint(_ word: String, in candidates: some Sequence<String>) -> String {
        Suggestion.nearest(to: word, in: candidates).map { "Did you mean '\($0)'? " } ?? ""
    }
}

/// Rows of texts as a command prints them.
enum Listing {
    /// Writes rows of cells called `names`: JSON as a list under `key`, a table with `columns`.
    static func write(
        _ rows: [[String]], names: [String], key: String, columns: [TextTable.Column], as format: OutputFormat
    ) throws {
        switch format {
        case .json:
            let items = rows.map { row in
                JSONValue.object(Dictionary(uniqueKeysWithValues: zip(names, row.map(JSONValue.string))))
            }
            try StandardOutput.write(JSONValue.object([key: .array(items)]).text)
        case .csv:
            var out = CSVWriter(header: names)
            for row in rows { out.add(row) }
            try StandardOutput.write(out.bytes)
        case .table:
            var table = TextTable(columns)
            for row in rows { table.add(row) }
            try StandardOutput.write(table.text(width: Talk.width))
        }
    }
}
