internal import PlimsollCore

/// A pool of sustained use: what one discount adds up over machines.
struct SustainedPool {
    /// What tells pools of a billing account apart.
    struct Key: Hashable {
        var provider: String
        var region: String
        var family: String
        /// `vcpu`, `gib`, …; empty for machines that are not taken apart.
        var part: String
    }

    var key: Key
    var rates: SustainedRates
    /// Its usage lines.
    var cells: [Int] = []
}

/// A line's place in a pool of sustained use.
struct SustainedShare {
    var pool: Int
    /// What one unit of usage stands for in the pool, in 10⁻¹²: a machine counts its vCPUs.
    var weight: Int128
    /// Units of usage that one machine has, in 10⁻¹²; nil where usage is an amount without machines.
    var perMachine: Int128?
}

/// What equal parts of a month are charged, in 10⁻⁶ of the price.
struct SustainedRates: Hashable {
    static let one: Int128 = 1_000_000
    private let parts: [Int128]

    /// Rates of decimal texts; finer than six places are cut off.
    init(_ texts: [String]) {
        let rates = texts.map { (Quantity($0) ?? Quantity(1)).raw / (FixedPoint.one / Self.one) }
        parts = rates.isEmpty ? [Self.one] : rates
    }

    /// The part of a month that the hour after `hours` lies in, both in 10⁻¹² hours; the last one has no end.
    func part(of hours: Int128, _ month: Int128) -> (from: Int128, to: Int128, rate: Int128) {
        let count = Int128(parts.count)
        let index = parts.indices.last { month * Int128($0) / count <= hours } ?? 0
        let to = index + 1 < parts.count ? month * Int128(index + 1) / count : Int128.max
        return (month * Int128(index) / count, to, parts[index])
    }

    /// What the first `hours` of a month of `month` hours are charged, both in 10⁻¹² hours: in 10⁻¹⁸ hours.
    func charge(_ hours: Int128, of month: Int128) -> Int128 {
        var sum: Int128 = 0
        let count = Int128(parts.count)
        for (index, rate) in parts.enumerated() {
            let from = month * Int128(index) / count
            guard from < hours else { break }
            let to = index + 1 < parts.count ? month * Int128(index + 1) / count : hours
            sum += (min(hours, to) - from) * rate
        }
        return sum
    }
}

/// How long each layer of a pool was in use in a month so far.
///
/// Layers nearer to the ground were in use at least as long as those above: steps fall from left to right.
struct UseLayers {
    private struct Step {
        /// Upper end of the step, in 10⁻¹² units.
        var top: Int128
        /// Hours its layers were in use, in 10⁻¹².
        var hours: Int128
    }

    private var steps: [Step] = []

    /// Adds use up to `level` for `duration` (10⁻¹² hours) and returns what it is charged, in 10⁻³⁰ unit-hours.
    mutating func add(_ level: Int128, for duration: Int128, of month: Int128, _ rates: SustainedRates) -> Int128 {
        guard level > 0, duration > 0 else { return 0 }
        var charged: Int128 = 0
        var after: [Step] = []
        after.reserveCapacity(steps.count + 2)
        var ground: Int128 = 0
        // Neighbouring steps mostly lie within the same part of the month: it is looked up once for all of them.
        var part = rates.part(of: 0, month)
        func use(upTo top: Int128, since hours: Int128) {
            if hours < part.from || hours >= part.to { part = rates.part(of: hours, month) }
            let isWithin = hours + duration <= part.to
            let share =
                isWithin
                ? duration * part.rate : rates.charge(hours + duration, of: month) - rates.charge(hours, of: month)
            charged += (top - ground) * share
            Self.append(Step(top: top, hours: hours + duration), to: &after)
            ground = top
        }
        for step in steps {
            if ground < level { use(upTo: min(step.top, level), since: step.hours) }
            if step.top > level { Self.append(step, to: &after) }
        }
        if ground < level { use(upTo: level, since: 0) }
        steps = after
        return charged
    }

    private static func append(_ step: Step, to steps: inout [Step]) {
        if let last = steps.indices.last, steps[last].hours == step.hours {
            steps[last].top = step.top
        } else {
            steps.append(step)
        }
    }
}

/// How long pools of sustained use were in use in a month so far.
struct SustainedState {
    /// Hours of the calendar month, in 10⁻¹².
    private let month: Int128
    private var layers: [SustainedPool.Key: UseLayers] = [:]

    init(monthHours: Int) { month = Int128(monthHours) * FixedPoint.one }

    /// What an hour of a pool used, in 10⁻¹² units.
    struct Hour {
        /// Amounts that last the whole hour.
        var amount: Int128 = 0
        /// Use by machines …
        var machineUse: Int128 = 0
        /// … and how many machine-hours it stands for, whoever pays: half a machine-hour is a whole machine for
        /// half of the hour.
        var machines: Int128 = 0
    }

    /// Adds an hour of a pool and returns which part of its price is taken off, as a fraction.
    mutating func add(_ hour: Hour, to pool: SustainedPool) -> (numerator: Int128, denominator: Int128) {
        let whole = hour.machines / FixedPoint.one
        let part = hour.machines % FixedPoint.one
        guard part > 0, hour.machineUse > 0 else {
            let level = hour.amount + hour.machineUse
            let charged = layers[pool.key, default: UseLayers()].add(level, for: FixedPoint.one, of: month, pool.rates)
            let full = level * FixedPoint.one * SustainedRates.one
            return (full - charged, full)
        }
        func level(_ count: Int128) -> Int128 {
            hour.amount + (FixedPoint.scaled(hour.machineUse, by: count * FixedPoint.one, over: hour.machines) ?? 0)
        }
        var full: Int128 = 0
        var charged: Int128 = 0
        for (count, duration) in [(whole + 1, part), (whole, FixedPoint.one - part)] {
            let level = level(count)
            charged += layers[pool.key, default: UseLayers()].add(level, for: duration, of: month, pool.rates)
            full += level * duration * SustainedRates.one
        }
        return (full - charged, full)
    }
}
