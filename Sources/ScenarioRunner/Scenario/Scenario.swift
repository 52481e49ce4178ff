internal import PlimsollCore

/// A scenario file, read and checked: what the estate is, how it goes on, and what to do about it.
public struct Scenario: Sendable {
    /// Its name.
    public internal(set) var name = ""
    /// Text for people.
    public internal(set) var note = ""
    /// The file as the user named it.
    public internal(set) var file = ""
    /// SHA-256 of the file.
    public internal(set) var hash = ""
    /// Settings given beside the file, in order: `horizon.growth=0`.
    public internal(set) var settings: [String] = []
    /// Seed of everything drawn by chance.
    public internal(set) var seed = 1

    var estate = EstateSpec()
    var horizon: Horizon?
    var agreements: [Agreement] = []
    var levers: [Lever] = []
    var variants: [Variant] = []
    var uncertainty: UncertaintySpec?
    var tree = YAMLNode(content: .scalar(""), place: .init(file: ""))

    /// One thing to do, in the order of the waterfall.
    enum Lever: Hashable, Sendable {
        case commit(CommitOptions)

        /// The word in files.
        var name: String {
            switch self {
            case .commit: "commit"
            }
        }
    }

    /// A row of `compare:`: the scenario with some values set otherwise.
    struct Variant: Sendable {
        var name: String
        var place: Diagnostic.Place
        var settings: [(path: String, value: YAMLNode)]
    }
}

/// How the future is made from the past.
struct Horizon: Hashable, Sendable {
    /// What happens to commitments that end inside the horizon.
    enum Baseline: String, Sendable, CaseIterable { case lapse, renew }

    /// First hour.
    var start: Hour
    /// Months of the calendar.
    var months: Int
    /// Percent a month of 730 hours.
    var growth = Quantity.zero
    /// Whether usage goes on as it went in the past year, in place of `growth`.
    var followsTrend = false
    /// What happens to commitments that end.
    var baseline = Baseline.lapse
    /// How many of the most recent weeks are repeated; nil = as many as there are.
    var weeks: Int?

    /// The hours.
    var window: HourGrid { HourGrid(start: start, end: Self.later(start, months: months)) }

    /// So many calendar months after `hour`.
    static func later(_ hour: Hour, months: Int) -> Hour {
        (0..<months).reduce(hour) { hour, _ in monthLater(hour) }
    }

    /// The same day of the next month, or its last day.
    private static func monthLater(_ hour: Hour) -> Hour {
        let day = hour.day.civil.day
        let next = hour.nextMonth
        let length = next.nextMonth.index / 24 - next.index / 24
        return next.advanced(by: 24 * (min(day, length) - 1) + hour.hourOfDay)
    }
}

/// Where demand, prices, commitments and accounts come from.
struct EstateSpec: Sendable {
    /// A path as written in the scenario, and where.
    struct Path: Hashable, Sendable {
        var text: String
        var place: Diagnostic.Place
    }

    enum Demand: Sendable {
        case none
        case file(Path)
        case generated(GeneratorSpec)
        case recorded(DemandSpec)
    }

    enum Prices: Sendable {
        case builtIn
        case file(Path)
        case synthetic(seed: Int?)
    }

    var demand = Demand.none
    var from: Hour?
    var to: Hour?
    var prices = Prices.builtIn
    var catalog: Path?
    var commitments: Path?
    var accounts: Path?
    var fx: Path?
    /// The real bill of the same hours, to calibrate with.
    var bill: Path?
    var coverage: Path?
}

/// What `generate:` asks for.
struct GeneratorSpec: Hashable, Sendable {
    var from = Hour(index: 0)
    var to = Hour(index: 0)
    var seed: Int?
    var billingAccount = "payer"
    var accounts = ["production", "staging", "analytics"]
    var regions: [String] = []
    var families: [String] = []
    var os = ["linux"]
    var workloads = 60
    /// Percent a month of 730 hours.
    var growth = Quantity.zero
}

/// What `demand:` asks for: recorded demand with numbers for regions and letters for machine types.
struct DemandSpec: Hashable, Sendable {
    var file: EstateSpec.Path?
    var from = Hour(index: 0)
    var to = Hour(index: 0)
    var provider = ""
    var billingAccount = "payer"
    var account = "account"
    var os = "linux"
    var tenancy = "shared"
    var regions: [String: String] = [:]
    var types: [String: String] = [:]
    var place = Diagnostic.Place(file: "")
}
