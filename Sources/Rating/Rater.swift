public import PlimsollCore

/// Bills usage by the vendors' rules: per billing account and month, hours inside.
public enum Rater {
    /// The bill of `input`. Throws ``Failure`` for input that has no meaning; usage without a price is
    /// no error: it is listed in ``Bill/unpriced``.
    public static func rate(_ input: RatingInput) throws(Failure) -> Bill {
        var run = try RatingRun(input)
        return try run.bill()
    }
}

/// One call of the rater.
struct RatingRun {
    private let input: RatingInput
    private let rules: CoverageRules
    private let currency: String
    private let window: HourGrid
    private let boundaries: [Hour]
    private let payers: [Payer]
    private var collector: Collector
    private var unpriced: [UsageKey: Unpriced] = [:]
    private var warnings: [Diagnostic] = []

    init(_ given: RatingInput) throws(Failure) {
        var input = given
        let exchange = try Exchange(input)
        try exchange.convert(&input)
        currency = exchange.currency
        let book = PriceBook(input.prices)
        let facts = SKUFacts(catalog: input.catalog, programs: input.programs)
        rules = CoverageRules(programs: input.programs, book: book, facts: facts)
        window = input.window ?? Self.span(input.usage)
        boundaries = (book.boundaries + exchange.boundaries).sorted()
        payers = PayerList(input, window: window).payers
        collector = Collector(detail: input.detail)
        self.input = input
        let check = CommitmentCheck(rules: rules, input: input, window: window)
        warnings = try check.warnings()
    }

    private static func span(_ usage: [UsageLine]) -> HourGrid {
        let starts = usage.filter { !$0.series.values.isEmpty }
        guard let first = starts.map(\.series.grid.start).min(), let last = starts.map(\.series.grid.end).max() else {
            return HourGrid(start: Hour(index: 0), end: Hour(index: 0))
        }
        return HourGrid(start: first, end: last)
    }

    mutating func bill() throws(Failure) -> Bill {
        for payer in payers { try bill(payer) }
        return Bill(
            currency: currency, window: window.count > 0 || input.window != nil ? window : nil, total: collector.total,
            commitments: try commitmentUses(), unpriced: sortedUnpriced(), warnings: warnings,
            rows: collector.sortedRows, months: months())
    }

    private mutating func bill(_ payer: Payer) throws(Failure) {
        var agreements = AgreementState(input.agreements, payer: payer.id)
        let byHour = input.detail.contains(.hour)
        var epoch: Int?
        var compiled = Compiled()
        for month in window.months {
            var tiers = TierState()
            for segment in segments(of: month) {
                let now = boundaries.count { $0 <= segment.start }
                if epoch != now {
                    let split = input.detail.contains(.commitment)
                    let compiler = Compiler(payer: payer, rules: rules, splitCommitments: split, day: segment.start.day)
                    compiled = try compiler.compile()
                    epoch = now
                }
                addUnpriced(compiled, payer, segment)
                var run = SegmentRun(payer: payer, compiled: compiled, segment: segment, byHour: byHour)
                try run.run(byHour: byHour, tiers: &tiers, into: &collector)
            }
            try agreements.apply(month, to: &collector)
        }
    }

    private func segments(of month: HourGrid) -> [HourGrid] {
        var result: [HourGrid] = []
        var from = month.start
        for boundary in boundaries where boundary > from && boundary < month.end {
            result.append(HourGrid(start: from, end: boundary))
            from = boundary
        }
        result.append(HourGrid(start: from, end: month.end))
        return result
    }

    // MARK: Results

    private mutating func addUnpriced(_ compiled: Compiled, _ payer: Payer, _ segment: HourGrid) {
        for (index, reason) in compiled.unpriced {
            let line = payer.lines[index]
            let common = line.series.grid.intersection(segment)
            var quantity: Int128 = 0
            let offset = line.series.start.index
            for hour in common.start.index..<common.end.index { quantity += Int128(line.series.values[hour - offset]) }
            guard quantity != 0 else { continue }
            let raw = quantity * FixedPoint.power(FixedPoint.places - line.series.scale)
            unpriced[line.key, default: Unpriced(key: line.key, quantity: .zero, reason: reason)].quantity.raw += raw
        }
    }

    private func sortedUnpriced() -> [Unpriced] { unpriced.values.sorted { $0.key < $1.key } }

    private func commitmentUses() throws(Failure) -> [CommitmentUse] {
        var result: [CommitmentUse?] = Array(repeating: nil, count: input.commitments.count)
        for payer in payers {
            for (member, commitment) in payer.commitments.enumerated() {
                let sum = collector.use(at: payer.commitmentOffset + member)
                let committed = try sum.committed.roundedRaw()
                let used = try sum.used.roundedRaw()
                let share = try (sum.used / sum.committed).roundedRaw()
                let position = payer.positions[member]
                result[position] = CommitmentUse(
                    id: commitment.id, unit: commitment.offer.isSpend ? currency : "unit-hours",
                    committed: Quantity(raw: committed), used: Quantity(raw: used),
                    unused: Quantity(raw: committed - used), utilization: Quantity(raw: share),
                    effective: sum.effective, billed: sum.billed, coveredList: sum.coveredList)
            }
        }
        return result.compactMap { $0 }
    }

    private func months() -> [BillMonth] {
        collector.months.map { key, charges in
            BillMonth(month: key.month, billingAccount: key.payer, kinds: charges.kinds)
        }.sorted { ($0.month, $0.billingAccount) < ($1.month, $1.billingAccount) }
    }
}
