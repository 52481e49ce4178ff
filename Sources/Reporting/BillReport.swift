public import PlimsollCore
public import Rating

/// A bill for machines (JSON, CSV) and for people (table). Values in, text out.
public struct BillReport: Sendable {
    let bill: Bill
    let detail: Set<RatingInput.Detail>

    /// A report of `bill`; rows are shown where `detail` asks for them.
    public init(_ bill: Bill, detail: Set<RatingInput.Detail>) {
        self.bill = bill
        self.detail = detail
    }

    // MARK: JSON

    /// The document of `plimsoll rate --format json`: amounts are decimal strings.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "currency": .string(bill.currency),
            "window": .object([
                "from": bill.window.map { .string($0.start.description) } ?? .null,
                "to": bill.window.map { .string($0.end.description) } ?? .null,
            ]),
            "total": .object(Self.amounts(bill.total)),
            "commitments": .array(bill.commitments.map(Self.json)),
            "unpriced": .array(bill.unpriced.map(Self.json)),
            "warnings": .array(bill.warnings.map(Self.json)),
        ]
        if !detail.isEmpty { members["rows"] = .array(bill.rows.map(json)) }
        return .object(members)
    }

    private static func amounts(_ amounts: Amounts) -> [String: JSONValue] {
        [
            "list": .money(amounts.list), "contracted": .money(amounts.contracted),
            "effective": .money(amounts.effective), "billed": .money(amounts.billed),
            "on_demand": .money(amounts.onDemand),
        ]
    }

    private static func json(_ use: CommitmentUse) -> JSONValue {
        .object([
            "id": .string(use.id), "unit": .string(use.unit), "committed": .quantity(use.committed),
            "used": .quantity(use.used), "unused": .quantity(use.unused), "utilization": .quantity(use.utilization),
        ])
    }

    private static func json(_ unpriced: Unpriced) -> JSONValue {
        var members = fields(unpriced.key)
        members["quantity"] = .quantity(unpriced.quantity)
        members["reason"] = .string(unpriced.reason)
        return .object(members)
    }

    private static func json(_ warning: Diagnostic) -> JSONValue {
        var members: [String: JSONValue] = [
            "code": .string(warning.code), "message": .string(warning.message),
            "hint": warning.hint.map(JSONValue.string) ?? .null,
        ]
        if let place = warning.place {
            members["place"] = .object([
                "file": .string(place.file), "line": .int(place.line), "column": .int(place.column),
            ])
        }
        return .object(members)
    }

    private func json(_ row: BillRow) -> JSONValue {
        var members = Self.amounts(row.amounts)
        members["kind"] = .string(row.kind.rawValue)
        members["name"] = .string(row.name)
        members["quantity"] = .quantity(row.quantity)
        if detail.contains(.hour) { members["hour"] = row.hour.map { .string($0.description) } ?? .null }
        if detail.contains(.commitment) { members["commitment"] = row.commitment.map(JSONValue.string) ?? .null }
        if let key = row.key { members.merge(Self.fields(key)) { own, _ in own } }
        return .object(members)
    }

    private static func fields(_ key: UsageKey) -> [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: zip(keyColumns, key.sortFields.map(JSONValue.string)))
    }

    // MARK: CSV

    /// Columns of a usage key, in the order of `UsageKey.sortFields`.
    private static let keyColumns = [
        "provider", "billing_account", "account", "resource_group", "region", "zone", "service", "sku", "os",
        "license", "tenancy", "pricing", "unit", "resource",
    ]
    private static let amountColumns = ["list", "contracted", "effective", "billed", "on_demand"]

    /// The rows as CSV, amounts exact; without rows one line of kind `total`.
    public var csv: [UInt8] {
        let front = ["hour", "kind", "name", "commitment"]
        var out = CSVWriter(header: front + Self.keyColumns + ["quantity"] + Self.amountColumns)
        let noKey = Array(repeating: "", count: Self.keyColumns.count)
        if detail.isEmpty { out.add(["", "total", "", ""] + noKey + [""] + Self.cells(bill.total)) }
        for row in bill.rows {
            let front = [row.hour?.description ?? "", row.kind.rawValue, row.name, row.commitment ?? ""]
            let quantity = row.quantity == .zero ? "" : row.quantity.description
            out.add(front + (row.key?.sortFields ?? noKey) + [quantity] + Self.cells(row.amounts))
        }
        return out.bytes
    }

    private static func cells(_ amounts: Amounts) -> [String] {
        [amounts.list, amounts.contracted, amounts.effective, amounts.billed, amounts.onDemand].map(\.description)
    }
}
