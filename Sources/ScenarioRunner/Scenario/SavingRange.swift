internal import PlimsollCore
internal import Rating

/// What a plan saves in many futures.
struct SavingRange: Sendable {
    /// Savings, the least first.
    let savings: [Money]
    /// Bills with all levers, the least first.
    let bills: [Money]

    var samples: Int { savings.count }

    /// The saving that so many per cent of the futures do not reach: the nearest rank.
    func percentile(_ percent: Int) -> Money { Self.rank(savings, percent) }

    private static func rank(_ values: [Money], _ percent: Int) -> Money {
        values.isEmpty ? .zero : values[min(values.count - 1, max(0, (values.count * percent + 99) / 100 - 1))]
    }

    var mean: Money {
        Money(raw: FixedPoint.divideHalfEven(savings.reduce(.zero, +).raw, by: Int128(max(1, samples))))
    }

    /// Share of futures in which buying loses money, in ten-thousandths.
    var losing: Int { savings.filter { $0.raw < 0 }.count * 10_000 / max(1, samples) }

    /// Mean saving of the worst tenth: conditional value at risk at 90 %.
    var worstTenth: Money {
        let count = max(1, samples / 10)
        return Money(
            raw: FixedPoint.divideHalfEven(savings.prefix(count).reduce(.zero, +).raw, by: Int128(count)))
    }

    /// Rates every future without and with the purchases.
    static func make(
        _ spec: UncertaintySpec, without: RatingInput, with: RatingInput, window: HourGrid,
        _ counted: (Int, Int, String) -> Void
    ) throws(Failure) -> SavingRange {
        let facts = SKUFacts(catalog: without.catalog, programs: without.programs)
        let sampler = DemandSampler(spec.demand, without.usage, window: window, facts: facts)
        var pairs: [(saving: Money, bill: Money)] = []
        for number in 0..<spec.samples {
            var (before, after) = (without, with)
            before.usage = sampler.sample(number)
            after.usage = before.usage
            (before.window, after.window) = (window, window)
            (before.detail, after.detail) = ([], [])
            (before.sumsHours, after.sumsHours) = (false, false)
            let bill = try Rater.rate(after).total.effective
            pairs.append((try Rater.rate(before).total.effective - bill, bill))
            counted(number + 1, spec.samples, "futures")
        }
        return SavingRange(savings: pairs.map(\.saving).sorted(), bills: pairs.map(\.bill).sorted())
    }

    var json: JSONValue {
        .object([
            "samples": .int(samples), "low": .money(percentile(5)), "quarter": .money(percentile(25)),
            "median": .money(percentile(50)), "three_quarters": .money(percentile(75)), "high": .money(percentile(95)),
            "mean": .money(mean), "worst_tenth": .money(worstTenth),
            "losing_percent": .string(Money(raw: Int128(losing) * FixedPoint.one / 100).rounded(to: 2)),
            "bill_low": .money(Self.rank(bills, 5)), "bill_high": .money(Self.rank(bills, 95)),
        ])
    }
}

/// What `uncertainty:` asks for.
struct UncertaintySpec: Hashable, Sendable {
    var demand = DemandUncertainty()
    /// Futures rated for the range.
    var samples = 200
}
