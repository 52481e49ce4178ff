public import PlimsollCore
public import Rating
public import Reporting

/// A bill as JSON, CSV or text: the document `plimsoll rate` prints.
public struct BillDocument: Sendable {
    /// Names of the amounts, in the order of tables.
    public static let amountNames = ["list", "contracted", "effective", "billed", "on_demand"]

    private let bill: Bill
    private let detail: Set<RatingInput.Detail>
    private let notes: [Diagnostic]

    /// The document of `bill`, rows split by `detail`. `notes` are warnings about its inputs.
    public init(_ bill: Bill, detail: Set<RatingInput.Detail>, notes: [Diagnostic] = []) {
        self.bill = bill
        self.detail = detail
        self.notes = notes
    }

    /// An amount by its name in the documents.
    public static func amount(_ amounts: Amounts, _ name: String) -> Money {
        switch name {
        case "list": amounts.list
        case "contracted": amounts.contracted
        case "effective": amounts.effective
        case "billed": amounts.billed
        default: amounts.onDemand
        }
    }

    // MARK: JSON

    /// The document of DESIGN section 9: decimal strings, sorted keys.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "currency": .string(bill.currency), "window": Self.json(bill.window), "total": Self.json(bill.total),
            "commitments": .array(bill.commitments.map(Self.json)),
            "unpriced": .array(bill.unpriced.map(Self.json)), "warnings": .array((notes + bill.warnings).map(Self.json)),
        ]
        if !detail.isEmpty { members["rows"] = .array(bill.rows.map(json)) }
        return .object(members)
    }

    static func json(_ window: HourGrid?) -> JSONValue {
        guard let window else { return .null }
        return .object(["from": .string(window.start.description), "to": .string(window.end.description)])
    }

    static func json(_ amounts: Amounts) -> JSONValue {
        .object(Dictionary(uniqueKeysWithValues: amountNames.map { ($0, .money(amount(amounts, $0))) }))
    }

    private static func json(_ use: CommitmentUse) -> JSONValue {
        .object([
            "id": .string(use.id), "unit": .string(use.unit), "committed": .quantity(use.committed),
            "used": .quantity(use.used), "unused": .quantity(use.unused), "utilization": .quantity(use.utilization),
            "effective": .money(use.effective), "billed": .money(use.billed), "covered_list": .money(use.coveredList),
        ])
    }

    static func json(_ item: Unpriced) -> JSONValue {
        var members = keyCells(item.key).mapValues(JSONValue.string)
        members["quantity"] = .quantity(item.quantity)
        members["reason"] = .string(item.reason)
        return .object(members)
    }

    static func json(_ diagnostic: Diagnostic) -> JSONValue {
        .object([
            "code": .string(diagnostic.code), "message": .string(diagnostic.message),
            "place": diagnostic.place.map { .string($0.description) } ?? .null,
            "hint": diagnostic.hint.map(JSONValue.string) ?? .null,
        ])
    }

    private func json(_ row: BillRow) -> JSONValue {
        var members = Self.cells(row).mapValues(JSONValue.string)
        if !detail.contains(.hour) { members["hour"] = nil }
        if !detail.contains(.commitment) { members["commitment"] = nil }
        if !detail.contains(.resource) { for name in Self.keyNames { members[name] = nil } }
        return .object(members)
    }

    // MARK: Rows

    static let keyNames = InterchangeSchema.usage.columns.map(\.name).filter { $0 != "hour" && $0 != "quantity" }

    private static func keyCells(_ key: UsageKey) -> [String: String] {
        Dictionary(uniqueKeysWithValues: zip(keyNames, [
            key.provider, key.billingAccount, key.account, key.resourceGroup, key.region, key.zone, key.service,
            key.sku, key.os, key.license, key.tenancy, key.pricing.rawValue, key.unit, key.resource,
        ]))
    }

    /// All cells of a row by column name; empty where it does not say.
    static func cells(_ row: BillRow) -> [String: String] {
        var cells = row.key.map(keyCells) ?? [:]
        cells["hour"] = row.hour?.description ?? ""
        cells["commitment"] = row.commitment ?? ""
        cells["kind"] = row.kind.rawValue
        cells["name"] = row.name
        cells["quantity"] = row.quantity.description
        for name in amountNames { cells[name] = amount(row.amounts, name).description }
        return cells
    }

    /// Rows where asked for, else the totals, as CSV.
    public var csv: [UInt8] {
        guard !detail.isEmpty else {
            var out = CSVWriter(header: ["currency"] + Self.amountNames)
            out.add([bill.currency] + Self.amountNames.map { Self.amount(bill.total, $0).description })
            return out.bytes
        }
        var columns: [String] = detail.contains(.hour) ? ["hour"] : []
        if detail.contains(.resource) { columns += Self.keyNames }
        if detail.contains(.commitment) { columns.append("commitment") }
        columns += ["kind", "name", "quantity"] + Self.amountNames
        var out = CSVWriter(header: columns + ["currency"])
        for row in bill.rows {
            let cells = Self.cells(row)
            out.add(columns.map { cells[$0] ?? "" } + [bill.currency])
        }
        return out.bytes
    }

    // MARK: Text

    /// For people: totals, commitments, what has no price.
    public func text(width: Int, style: TextStyle) -> String {
        var parts = [totals(width: width, style: style)]
        if !bill.commitments.isEmpty { parts.append(commitments(width: width, style: style)) }
        if !detail.isEmpty { parts.append(rows(width: width, style: style)) }
        if !bill.unpriced.isEmpty { parts.append(unpriced(width: width, style: style)) }
        return parts.joined(separator: "\n")
    }

    private func totals(width: Int, style: TextStyle) -> String {
        let window = bill.window.map { "\($0.start) to \($0.end), \($0.count) h" } ?? "no hours"
        var table = TextTable([.left("Bill in \(bill.currency)"), .right("amount")])
        let labels = ["list prices", "your prices", "effective (amortised)", "billed (cash)", "left over at on-demand rates"]
        for (label, name) in zip(labels, Self.amountNames) {
            table.add([label, NumberText.money(Self.amount(bill.total, name))])
        }
        return style.bold(window) + "\n" + table.text(width: width, style: style)
    }

    private func commitments(width: Int, style: TextStyle) -> String {
        var table = TextTable([
            .left("Commitment"), .left("unit"), .right("committed"), .right("used"), .right("unused"), .right("used %"),
        ])
        for use in bill.commitments {
            table.add([
                use.id, use.unit, NumberText.quantity(use.committed), NumberText.quantity(use.used),
                NumberText.quantity(use.unused), NumberText.percent(use.utilization.raw),
            ])
        }
        return table.text(width: width, style: style)
    }

    private func rows(width: Int, style: TextStyle) -> String {
        let names =
            (detail.contains(.hour) ? ["hour"] : [])
            + (detail.contains(.resource) ? ["account", "region", "sku", "resource"] : [])
            + (detail.contains(.commitment) ? ["commitment"] : []) + ["kind"]
        let amounts = ["list", "effective", "billed"]
        var table = TextTable(names.map(TextTable.Column.left) + (["quantity"] + amounts).map(TextTable.Column.right))
        for row in bill.rows {
            let cells = Self.cells(row)
            table.add(
                names.map { cells[$0] ?? "" } + [NumberText.quantity(row.quantity)]
                    + amounts.map { NumberText.money(Self.amount(row.amounts, $0)) })
        }
        return table.text(width: width, style: style)
    }

    private func unpriced(width: Int, style: TextStyle) -> String {
        var table = TextTable([.left("No price, billed nowhere"), .right("quantity"), .left("reason")])
        for item in bill.unpriced {
            let name = [item.key.provider, item.key.region, item.key.sku].filter { !$0.isEmpty }.joined(separator: " ")
            table.add([name, NumberText.quantity(item.quantity), item.reason])
        }
        return table.text(width: width, style: style)
    }
}
