internal import PlimsollCore

/// Gathers charges into totals, rows, months and the use of commitments.
struct Collector {
    let detail: Set<RatingInput.Detail>
    private(set) var total = Amounts()
    private(set) var months: [MonthKey: MonthCharges] = [:]
    private var uses: [Int: Use] = [:]
    private var rows: [RowKey: BillRow] = [:]
    private var rowOrder: [RowKey] = []

    struct MonthKey: Hashable {
        var month: Hour
        var payer: String
    }

    /// A month's charges of a billing account: by kind, and by service for agreements with a scope.
    struct MonthCharges {
        var kinds: [ChargeKind: Amounts] = [:]
        var services: [String: Amounts] = [:]
    }

    /// Running sums of one commitment; quantities in its unit.
    struct Use {
        var committed = Exact.zero
        var used = Exact.zero
        var effective = Money.zero
        var billed = Money.zero
        var coveredList = Money.zero
    }

    private struct RowKey: Hashable {
        var hour: Int?
        var payer: String?
        var key: UsageKey?
        var commitment: String?
        var kind: ChargeKind
        var name: String
    }

    init(detail: Set<RatingInput.Detail>) { self.detail = detail }

    // MARK: Charges

    mutating func usage(
        _ cell: Cell, _ payer: Payer, _ chunk: HourGrid, commitment pool: Pool?, quantity: Int128, amounts: Amounts
    ) {
        if let pool, pool.members.count == 1, let member = pool.members.first {
            uses[payer.commitmentOffset + member, default: Use()].coveredList += amounts.list
        }
        // What a commitment served is its fee's business, not its service's, when agreements have a scope.
        add(amounts, kind: .usage, payer: payer.id, chunk, service: pool == nil ? cell.key.service : "")
        guard !detail.isEmpty else { return }
        let row = RowKey(
            hour: detail.contains(.hour) ? chunk.start.index : nil, payer: nil,
            key: detail.contains(.resource) ? cell.key : nil,
            commitment: detail.contains(.commitment) ? pool?.prototype.id : nil, kind: .usage, name: "")
        addRow(row, quantity: detail.contains(.resource) ? quantity : 0, amounts)
    }

    mutating func feeRow(_ pool: Pool, _ payer: Payer, _ chunk: HourGrid, amounts: Amounts) {
        add(amounts, kind: .commitmentFee, payer: payer.id, chunk, service: "")
        guard !detail.isEmpty else { return }
        let row = RowKey(
            hour: detail.contains(.hour) ? chunk.start.index : nil, payer: nil, key: nil,
            commitment: detail.contains(.commitment) ? pool.prototype.id : nil, kind: .commitmentFee, name: "")
        addRow(row, quantity: 0, amounts)
    }

    mutating func adjustment(
        _ amounts: Amounts, _ kind: ChargeKind, _ name: String, _ month: MonthKey, _ chunk: HourGrid
    ) {
        total += amounts
        months[month, default: MonthCharges()].kinds[kind, default: Amounts()] += amounts
        guard !detail.isEmpty else { return }
        let hour = detail.contains(.hour) ? chunk.start.index : nil
        let row = RowKey(hour: hour, payer: month.payer, key: nil, commitment: nil, kind: kind, name: name)
        addRow(row, quantity: 0, amounts)
    }

    private mutating func add(
        _ amounts: Amounts, kind: ChargeKind, payer: String, _ chunk: HourGrid, service: String
    ) {
        total += amounts
        let month = MonthKey(month: chunk.start.monthStart, payer: payer)
        months[month, default: MonthCharges()].kinds[kind, default: Amounts()] += amounts
        months[month, default: MonthCharges()].services[service, default: Amounts()] += amounts
    }

    private mutating func addRow(_ key: RowKey, quantity: Int128, _ amounts: Amounts) {
        if rows[key] == nil {
            rowOrder.append(key)
            rows[key] = BillRow(
                hour: key.hour.map(Hour.init(index:)), key: key.key, commitment: key.commitment, kind: key.kind,
                name: key.name, quantity: .zero, amounts: Amounts())
        }
        rows[key]?.quantity.raw += quantity
        rows[key]?.amounts += amounts
    }

    // MARK: Commitments

    mutating func fee(_ payer: Payer, _ member: Int, amortized: Money, billed: Money) {
        uses[payer.commitmentOffset + member, default: Use()].effective += amortized
        uses[payer.commitmentOffset + member, default: Use()].billed += billed
    }

    mutating func use(_ payer: Payer, _ member: Int, committed: Int128, used: Steps, _ compiled: Compiled, _ pool: Pool)
    {
        let steps = Exact(compiled.stepsPerUnit) * Exact(pool.rules.unitSize, over: FixedPoint.one)
        let slot = payer.commitmentOffset + member
        let sum = uses[slot] ?? Use()
        uses[slot]?.committed = sum.committed + Exact(committed) / steps
        uses[slot]?.used = sum.used + used.exact / steps
    }

    // MARK: Results

    /// Rows by hour, key, commitment and kind.
    var sortedRows: [BillRow] {
        func text(_ key: RowKey) -> String {
            let usage = key.key.map { $0.sortFields.joined(separator: "\u{1}") } ?? ""
            let commitment = key.commitment ?? ""
            let parts = [key.kind.rawValue, usage, commitment, key.name, key.payer ?? ""]
            return parts.joined(separator: "\u{2}")
        }
        let keyed = rowOrder.map { (hour: $0.hour ?? Int.min, text: text($0), key: $0) }
        return keyed.sorted { $0.hour != $1.hour ? $0.hour < $1.hour : $0.text < $1.text }.compactMap { rows[$0.key] }
    }

    func use(at slot: Int) -> Use { uses[slot] ?? Use() }
}

extension Steps {
    var exact: Exact { Exact(whole) + Exact(Int128(part), over: Int128(1) << 64) }
}
