internal import PlimsollCore

extension FileSchema {
    /// The file `plimsoll rate --case` reads.
    static let caseFile: FileSchema = {
        let names = ["usage", "prices", "catalog", "commitments", "accounts", "fx"]
        var members: [String: JSONValue] = [
            "case": value("name"), "source": value("where the expected figures are from"),
            "note": value("text for people"), "agreements": agreements, "currency": value("currency of the bill"),
            "window": object(["from": text, "to": text], required: ["from", "to"]), "expect": expect,
            "defaults": object(Dictionary(uniqueKeysWithValues: names.map { ($0, row($0)) })),
        ]
        for name in names {
            members[name] = oneOf(list(row(name)), object(["file": text], required: ["file"]))
        }
        return FileSchema(
            name: "case",
            json: document("Plimsoll case", object(members, required: ["case", "usage", "prices", "expect"])))
    }()

    /// A row of an interchange table; usage may give a run of hours.
    private static func row(_ table: String) -> JSONValue {
        var columns: [String: JSONValue] = [:]
        for column in InterchangeSchema.named(table)?.columns ?? [] { columns[column.name] = value(column.meaning) }
        if table == "usage" { columns["hours"] = value("FROM..TO: one row for every hour, TO not included") }
        return object(columns)
    }

    private static let expect: JSONValue = {
        func figures(_ names: [String]) -> JSONValue {
            object(Dictionary(uniqueKeysWithValues: names.map { ($0, number) }))
        }
        let rounded = object(["places": integer(0...12, "decimals"), "value": number], required: ["places", "value"])
        return object([
            "total": figures(CaseExpectation.totals), "commitments": openObject(figures(CaseExpectation.uses)),
            "unpriced": list(text), "rounded": openObject(rounded),
        ])
    }()
}
