public import PlimsollCore

/// How demand may turn out otherwise than stated: futures are drawn from it, the same ones for the same seed.
public struct DemandUncertainty: Hashable, Sendable {
    /// That something is switched off for good.
    public struct Shutdown: Hashable, Sendable {
        /// Whose usage; empty = any.
        public var provider, account, region, family: String
        /// From which hour on.
        public var from: Hour
        /// How likely, in ten-thousandths.
        public var probability: Int

        /// A shutdown of everything, or of what the words name.
        public init(
            from: Hour, probability: Int, provider: String = "", account: String = "", region: String = "",
            family: String = ""
        ) {
            (self.from, self.probability) = (from, probability)
            (self.provider, self.account, self.region, self.family) = (provider, account, region, family)
        }

        func hits(_ key: UsageKey, family: String) -> Bool {
            (provider.isEmpty || provider == key.provider) && (account.isEmpty || account == key.account)
                && (region.isEmpty || region == key.region) && (self.family.isEmpty || self.family == family)
        }
    }

    /// Every week is replaced by one at most so many weeks away.
    public var weeks = 6
    /// Growth may differ by so much either way, for everything and again for each family of a region; in
    /// ten-thousandths a month of 730 hours.
    public var growth = 100
    /// How likely a family of a region goes out of use within a year, in ten-thousandths.
    public var retirement = 500
    /// What may be switched off.
    public var shutdowns: [Shutdown] = []
    /// Seed of the drawing.
    public var seed = 1

    /// Weeks within six, growth within 1 % a month, one family in twenty gone within a year.
    public init() {}
}

/// Draws futures from ``DemandUncertainty``.
public struct DemandSampler {
    private let spec: DemandUncertainty
    private let usage: [UsageLine]
    private let window: HourGrid
    private let families: [String]
    private static let week = 168
    private static let month = 730
    private static let year = 8_760

    /// - Parameter window: hours of the plan; lines are drawn for all of them.
    public init(_ spec: DemandUncertainty, _ usage: [UsageLine], window: HourGrid, facts: SKUFacts) {
        (self.spec, self.usage, self.window) = (spec, usage, window)
        families = usage.map { facts.family($0.key.provider, $0.key.sku) }
    }

    /// One future: the same lines with other quantities, rounded half-even to three places or as many as they have.
    public func sample(_ number: Int) -> [UsageLine] {
        var random = SplitMix64(seed: spec.seed &* 1_000_003 &+ number)
        let sources = weeks(&random)
        let global = draw(&random)
        let downs = spec.shutdowns.map { $0.probability > random.draw(0...9_999) }
        var fates: [String: Fate] = [:]
        return usage.indices.map { index in
            let key = usage[index].key
            // Told apart by name, so that one line more does not change the others' fates.
            let name = [key.provider, key.region, families[index]].joined(separator: "/")
            let fate = fates[name] ?? fate(name, number, global)
            fates[name] = fate
            var end = fate.end
            for (down, isDown) in zip(spec.shutdowns, downs) where isDown && down.hits(key, family: families[index]) {
                end = min(end, down.from.index)
            }
            return line(usage[index], sources, fate, end: end)
        }
    }

    private struct Fate {
        /// By month of 730 hours, in millionths.
        var factors: [Int64]
        /// First hour without it.
        var end: Int
    }

    private func draw(_ random: inout SplitMix64) -> Int {
        spec.growth == 0 ? 0 : random.draw(-spec.growth...spec.growth)
    }

    private func fate(_ name: String, _ number: Int, _ global: Int) -> Fate {
        let mixed = name.utf8.reduce(5_381) { ($0 &* 33) ^ Int($1) }
        var random = SplitMix64(seed: mixed &+ spec.seed &* 7_919 &+ number &* 104_729)
        let rate = Int128(10_000 + global + draw(&random))
        var factors: [Int64] = [1_000_000]
        for _ in 0...(window.count / Self.month) {
            let last = Int128(factors[factors.count - 1])
            factors.append(Int64(FixedPoint.divideHalfEven(last * max(0, rate), by: 10_000)))
        }
        guard spec.retirement > random.draw(0...9_999) else { return Fate(factors: factors, end: .max) }
        return Fate(factors: factors, end: window.start.index + random.draw(0...(Self.year - 1)))
    }

    /// Where each week's usage is taken from.
    private func weeks(_ random: inout SplitMix64) -> [Int] {
        let whole = window.count / Self.week
        return (0..<whole).map { week in
            random.draw(max(0, week - spec.weeks)...min(whole - 1, week + spec.weeks))
        }
    }

    private func line(_ line: UsageLine, _ sources: [Int], _ fate: Fate, end: Int) -> UsageLine {
        let series = line.series
        let scale = max(3, series.scale)
        let factor = Int128(FixedPoint.power(scale - series.scale))
        var values = [Int64](repeating: 0, count: window.count)
        for offset in values.indices where window.start.index + offset < end {
            let week = offset / Self.week
            let from = sources.indices.contains(week) ? sources[week] * Self.week + offset % Self.week : offset
            let place = window.start.index + from - series.start.index
            guard series.values.indices.contains(place), series.values[place] != 0 else { continue }
            let amount = Int128(series.values[place]) * factor * Int128(fate.factors[offset / Self.month])
            values[offset] = Int64(clamping: FixedPoint.divideHalfEven(amount, by: 1_000_000))
        }
        return UsageLine(key: line.key, series: HourSeries(start: window.start, scale: scale, values: values))
    }
}
