internal import PlimsollCore

/// Draws a made-up estate from a seed: workloads of several shapes over accounts, regions, families and
/// sizes of a price book. Integer arithmetic only, so the same seed gives the same estate everywhere.
struct Generator {
    /// How a workload's load goes through day and week.
    enum Shape: String, CaseIterable { case steady, web, office, batch }

    private let spec: GeneratorSpec
    private let machines: [PriceRow]
    private var random: SplitMix64

    /// Draws from the on-demand rows of `prices` that have a machine of the catalogue in the regions,
    /// families and operating systems asked for.
    init(_ spec: GeneratorSpec, seed: Int, prices: [PriceRow], catalog: [CatalogRow]) throws(Failure) {
        self.spec = spec
        random = SplitMix64(seed: spec.seed ?? seed)
        let machineFamilies = Dictionary(
            catalog.filter { $0.vcpu != nil }.map { ($0.sku, $0.family) }, uniquingKeysWith: { first, _ in first })
        machines = prices.filter { row in
            guard row.offer == .onDemand, row.tierFrom == .zero, let family = machineFamilies[row.sku] else {
                return false
            }
            return (spec.regions.isEmpty || spec.regions.contains(row.region))
                && (spec.families.isEmpty || spec.families.contains(family)) && spec.os.contains(row.os)
        }
        guard !machines.isEmpty else {
            throw Failure(
                .badInput, "scenario.nothing-to-generate",
                "no machine of the price book has the regions, families and systems of `generate`",
                hint: "`plimsoll prices show` lists what the book has")
        }
    }

    /// The usage.
    mutating func usage() -> [UsageLine] {
        (0..<spec.workloads).map { workload($0) }
    }

    private mutating func workload(_ number: Int) -> UsageLine {
        let shape = random.pick([Shape.steady, .steady, .web, .web, .web, .office, .batch])
        let row = random.pick(machines)
        let account = random.pick(spec.accounts)
        let digits = String(number + 1)
        let name = shape.rawValue + "-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        let key = UsageKey(
            provider: row.provider, billingAccount: spec.billingAccount, account: account, region: row.region,
            service: row.service, sku: row.sku, os: row.os, license: row.license, tenancy: row.tenancy,
            unit: row.unit, resource: name)
        let size = random.draw(1...100)
        let base = 2 + size * size * size / 40_000
        return UsageLine(key: key, series: series(shape, base: base), order: number)
    }

    private mutating func series(_ shape: Shape, base: Int) -> HourSeries {
        let count = spec.from.distance(to: spec.to)
        let launch = random.chance(200) ? random.draw(0...max(0, count / 2)) : 0
        let retire = random.chance(150) ? random.draw(max(0, count / 2)...count) : count
        let drift = random.draw(-5...15)
        let growth = Growth(
            percent: Quantity(raw: spec.growth.raw + Int128(drift) * FixedPoint.one / 10),
            hours: count)
        let noise = shape == .steady ? 10 : 60
        var values = [Int64](repeating: 0, count: count)
        for hour in launch..<max(launch, retire) {
            let at = spec.from.advanced(by: hour)
            let load = Self.load(shape, at) * (1_000 + random.draw(-noise...noise))
            let grown = Int128(base * load) * growth.factor(afterHours: hour)
            values[hour] = Int64(FixedPoint.divideHalfEven(grown, by: FixedPoint.one * 1_000_000))
        }
        return HourSeries(start: spec.from, scale: 0, values: values)
    }

    /// Thousandths of the base load in an hour.
    static func load(_ shape: Shape, _ hour: Hour) -> Int {
        let clock = hour.hourOfDay
        let weekend = hour.day.weekday >= 5
        switch shape {
        case .steady: return 1_000
        case .web: return web[clock] * (weekend ? 7 : 10) / 10
        case .office: return weekend || clock < 7 || clock >= 19 ? 50 : 1_000
        case .batch: return (1...4).contains(clock) ? 1_500 : 0
        }
    }

    private static let web = [
        520, 460, 420, 400, 400, 430, 500, 620, 760, 880, 950, 990, 1_000, 1_000, 990, 980, 970, 980, 1_000, 1_000,
        960, 870, 750, 630,
    ]
}
