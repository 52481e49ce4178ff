internal import PlimsollCore

/// Gathers charges into totals, rows, months and the use of commitments.
struct Collector {
    let detail: Set<RatingInput.Detail>
    private(set) var total = Amounts()
    private(set) var months: [MonthKey: MonthCharges] = [:]
    private var uses: [Use]
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
        var covered = Money.zero
    }

    private struct RowKey: Hashable {
        var hour: Int?
        var payer: String?
        var key: UsageKey?
        var commitment: String?
        var kind: ChargeKind
        var name: String
    }

    init(detail: Set<RatingInput.Detail>, commitments: Int) {
        self.detail = detail
        uses = Array(repeating: Use(), count: commitments)
    }

    // MARK: Charges

    mutating func usage(
        _ compiled: Compiled, _ cell: Int, _ payer: Payer, _ chunk: HourGrid, pool: Int?, quantity: Int128,
        amounts: Amounts
    ) {
        if let pool, compiled.pools[pool].members.count == 1 {
            let member = payer.commitmentOffset + compiled.pools[pool].members[0]
            uses[member].coveredList += amounts.list
            uses[member].covered += amounts.contracted
        }
        // What a commitment served is its fee's business, not its service's, when agreements have a scope.
        add(amounts, kind: .usage, service: pool == nil ? compiled.cells[cell].key.service : "")
        guard !detail.isEmpty else { return }
        let commitment = detail.contains(.commitment) ? pool.map { compiled.pools[$0].prototype.id } : nil
        let row = RowKey(
            hour: detail.contains(.hour) ? chunk.start.index : nil, payer: nil,
            key: detail.contains(.resource) ? compiled.cells[cell].key : nil, commitment: commitment, kind: .usage,
            name: "")
        addRow(row, quantity: detail.contains(.resource) ? quantity : 0, amounts)
    }

    mutating func feeRow(_ pool: Pool, _ payer: Payer, _ chunk: HourGrid, amounts: Amounts) {
        add(amounts, kind: .commitmentFee, service: "")
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

    private mutating func add(_ amounts: Amounts, kind: ChargeKind, service: String) {
        total += amounts
        if kind == .usage { current.usage += amounts } else { current.fees += amounts }
        if service != current.service {
            closeService()
            current.service = service
        }
        current.ofService += amounts
    }

    /// Charges of the month being billed, kept apart from the dictionaries: they come in by the thousand.
    private struct Current {
        var usage = Amounts()
        var fees = Amounts()
        var service = ""
        var ofService = Amounts()
        var services: [String: Amounts] = [:]
    }

    private var current = Current()

    private mutating func closeService() {
        if current.ofService != Amounts() { current.services[current.service, default: Amounts()] += current.ofService }
        current.ofService = Amounts()
    }

    /// Files the charges added since the last time under a month of a payer.
    mutating func closeMonth(_ month: MonthKey) {
        closeService()
        var charges = months[month] ?? MonthCharges()
        if current.usage != Amounts() { charges.kinds[.usage, default: Amounts()] += current.usage }
        if current.fees != Amounts() { charges.kinds[.commitmentFee, default: Amounts()] += current.fees }
        for (service, amounts) in current.services { charges.services[service, default: Amounts()] += amounts }
        months[month] = charges
        current = Current()
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
        uses[payer.commitmentOffset + member].effective += amortized
        uses[payer.commitmentOffset + member].billed += billed
    }

    mutating func use(_ payer: Payer, _ member: Int, committed: Int128, used: Steps, _ stepsPerUnit: Int128) {
        let slot = payer.commitmentOffset + member
        uses[slot].committed = uses[slot].committed + Exact(committed, over: stepsPerUnit)
        uses[slot].used = uses[slot].used + used.exact / Exact(stepsPerUnit)
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

    func use(at slot: Int) -> Use { uses[slot] }
}

extension Steps {
    var exact: Exact { part == 0 ? Exact(whole) : Exact(whole) + Exact(Int128(part), over: Int128(1) << 64) }
}
