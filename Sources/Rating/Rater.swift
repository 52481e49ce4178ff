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
    private let estate: RatingEstate
    private var collector: Collector
    private var unpriced: [UsageKey: Unpriced] = [:]
    private var warnings: [Diagnostic] = []
    /// SKUs and offers whose plan rate is above the on-demand price.
    private var dearer: Set<[String]> = []
    /// Positions of commitments that reach some usage.
    private var serving: Set<Int> = []
    private var hours: HourTotals?

    init(_ input: RatingInput) throws(Failure) {
        estate = try RatingEstate(input)
        collector = Collector(detail: estate.input.detail, commitments: estate.input.commitments.count)
        if estate.input.sumsHours { hours = HourTotals(window: estate.window) }
        warnings = try CommitmentCheck(rules: estate.rules, input: estate.input, window: estate.window).warnings()
    }

    mutating func bill() throws(Failure) -> Bill {
        for payer in estate.payers { try bill(payer) }
        warnings += CommitmentCheck.idle(estate, serving: serving)
        warnings += CommitmentCheck.dearer(dearer)
        return Bill(
            currency: estate.currency, window: estate.window.count > 0 ? estate.window : estate.input.window,
            total: collector.total,
            commitments: try commitmentUses(), unpriced: sortedUnpriced(), warnings: warnings,
            rows: collector.sortedRows, months: months(), hours: hours?.sums ?? [])
    }

    private mutating func bill(_ payer: Payer) throws(Failure) {
        var agreements = AgreementState(estate.input.agreements, payer: payer.id)
        let months = estate.window.months
        try hours?.addCommitted(payer, estate.rules, estate.priceEpochs)
        var run: (epoch: HourGrid, bill: SegmentRun)?
        for month in months {
            var state = MonthState(month)
            for segment in estate.cut(month) {
                if run?.epoch.contains(segment.start) != true {
                    run?.bill.close(into: &collector)
                    let epoch = estate.epoch(of: segment.start)
                    run = (epoch, try prepare(payer, months.map(epoch.intersection).filter { $0.count > 0 }))
                }
                guard let compiled = run?.bill.compiled else { continue }
                addUnpriced(compiled, payer, segment)
                try run?.bill.run(segment, month: &state, hours: &hours, into: &collector)
            }
            collector.closeMonth(.init(month: month.start.monthStart, payer: payer.id))
            try agreements.apply(month, to: &collector)
        }
        run?.bill.close(into: &collector)
    }

    /// Everything that holds for the stretches of months in which no price changes.
    private mutating func prepare(_ payer: Payer, _ stretches: [HourGrid]) throws(Failure) -> SegmentRun {
        let split = estate.input.detail.contains(.commitment)
        let day = (stretches.first ?? estate.window).start.day
        let sums = UsageSums(payer.lines, over: stretches)
        let compiler = Compiler(payer: payer, rules: estate.rules, sums: sums, splitCommitments: split, day: day)
        let compiled = try compiler.compile()
        for pairing in compiled.pairings {
            for member in compiled.pools[pairing.pool].members { serving.insert(payer.positions[member]) }
        }
        dearer.formUnion(compiled.dearer)
        // Lines that share tiers advance them in turn, hour by hour, however rows are split.
        let tiered = compiled.cells.filter(\.isTiered).map(\.key.sku)
        let byHour = estate.input.detail.contains(.hour) || Set(tiered).count < tiered.count
        return SegmentRun(payer: payer, compiled: compiled, sums: sums, byHour: byHour)
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
        var result: [CommitmentUse?] = Array(repeating: nil, count: estate.input.commitments.count)
        for payer in estate.payers {
            for (member, commitment) in payer.commitments.enumerated() {
                let sum = collector.use(at: payer.commitmentOffset + member)
                let committed = try sum.committed.roundedRaw()
                let used = try sum.used.roundedRaw()
                let share = try (sum.used / sum.committed).roundedRaw()
                let position = payer.positions[member]
                result[position] = CommitmentUse(
                    id: commitment.id, unit: commitment.offer.isSpend ? estate.currency : "unit-hours",
                    committed: Quantity(raw: committed), used: Quantity(raw: used),
                    unused: Quantity(raw: committed - used), utilization: Quantity(raw: share),
                    effective: sum.effective, billed: sum.billed, coveredList: sum.coveredList, covered: sum.covered)
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
