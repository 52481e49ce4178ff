/// What a price or a commitment is sold under. Words as in the interchange files.
public struct Offer: RawRepresentable, Hashable, Sendable, Codable, Comparable {
    /// The word in the files.
    public var rawValue: String
    /// An offer by its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Order by word.
    public static func < (left: Offer, right: Offer) -> Bool { left.rawValue < right.rawValue }

    /// Pay as you go, list price.
    public static let onDemand = Offer(rawValue: "on-demand")
    /// Pay as you go, the customer's own price.
    public static let negotiated = Offer(rawValue: "negotiated")
    /// Spot market price.
    public static let spot = Offer(rawValue: "spot")
    /// Reserved Instance that keeps its attributes.
    public static let riStandard = Offer(rawValue: "ri-standard")
    /// Reserved Instance that can be exchanged.
    public static let riConvertible = Offer(rawValue: "ri-convertible")
    /// Spend plan bound to one family in one region.
    public static let familyPlan = Offer(rawValue: "family-sp")
    /// Spend plan over all compute.
    public static let computePlan = Offer(rawValue: "compute-sp")

    /// Every offer of the interchange files (DESIGN section 9).
    public static let all: [Offer] = [
        "on-demand", "negotiated", "spot", "ri-standard", "ri-convertible", "family-sp", "compute-sp",
        "sagemaker-sp", "database-sp", "reservation", "compute-savings-plan", "cud-resource", "cud-flex",
        "savings-plan-ecs", "savings-plan-general", "subscription",
    ].map(Offer.init(rawValue:))

    /// Whether a commitment is bought under it (not a price of usage itself).
    public var isCommitment: Bool { self != .onDemand && self != .negotiated && self != .spot }

    /// Offers whose commitment is money an hour, not a count.
    public var isSpend: Bool {
        switch rawValue {
        case "family-sp", "compute-sp", "sagemaker-sp", "database-sp", "compute-savings-plan", "cud-flex",
            "savings-plan-ecs", "savings-plan-general":
            true
        default: false
        }
    }
}

/// How long a commitment runs.
public enum Term: String, Sendable, Codable, CaseIterable, Comparable {
    /// One year: 8,760 hours.
    case oneYear = "1y"
    /// Three years: 26,280 hours.
    case threeYears = "3y"
    /// Five years: 43,800 hours.
    case fiveYears = "5y"

    /// Hours of the term.
    public var hours: Int {
        switch self {
        case .oneYear: 8_760
        case .threeYears: 26_280
        case .fiveYears: 43_800
        }
    }

    /// Order by length.
    public static func < (left: Term, right: Term) -> Bool { left.hours < right.hours }
}

/// When a commitment is paid.
public enum Payment: String, Sendable, Codable, CaseIterable, Comparable {
    /// Nothing upfront.
    case none
    /// Part upfront: a spend plan half.
    case partial
    /// All upfront.
    case all
    /// By the month.
    case monthly

    /// Order of the words in the interchange files.
    public static func < (left: Payment, right: Payment) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .none: 0
        case .partial: 1
        case .all: 2
        case .monthly: 3
        }
    }
}

/// One row of a price book: the columns of the `prices` interchange file.
///
/// An empty cell matches an empty cell, an empty `zone` every zone of the region, `*` anything.
public struct PriceRow: Hashable, Sendable {
    /// Provider of the SKU.
    public var provider = ""
    /// Region, `*` or empty.
    public var region = ""
    /// Zone; empty = every zone of the region.
    public var zone = ""
    /// Service, `*` or empty.
    public var service = ""
    /// SKU or `*`.
    public var sku = ""
    /// Operating system, `*` or empty.
    public var os = ""
    /// Licence, `*` or empty.
    public var license = ""
    /// Tenancy, `*` or empty.
    public var tenancy = ""
    /// What it is a price of.
    public var offer = Offer.onDemand
    /// Term of a commitment offer: `1y`, `3y`, `5y`, `*` or empty.
    public var term = ""
    /// Payment of a commitment offer: `none`, `partial`, `all`, `monthly`, `*` or empty.
    public var payment = ""
    /// Paid once per unit for the whole term.
    public var upfront = Money.zero
    /// Recurring price per `unit`; for a spend plan the plan's rate.
    public var price = Money.zero
    /// Currency of `price` and `upfront`.
    public var currency = ""
    /// What one `price` buys; equal to the usage line's.
    public var unit = ""
    /// The row holds for the month's quantity from here (included) …
    public var tierFrom = Quantity.zero
    /// … to here (not included); nil = without end.
    public var tierTo: Quantity?
    /// First day the row holds; nil = always.
    public var validFrom: Day?
    /// First day it no longer holds; nil = never.
    public var validTo: Day?
    /// Where the price is from; `synthetic` where it was made up.
    public var source = ""

    /// An empty row.
    public init() {}
}

/// One row of a catalogue: the columns of the `catalog` interchange file.
public struct CatalogRow: Hashable, Sendable {
    /// Provider of the SKU.
    public var provider = ""
    /// The SKU.
    public var sku = ""
    /// Family whose members share size-flexible commitments.
    public var family = ""
    /// Virtual CPUs.
    public var vcpu: Quantity?
    /// Memory in GiB.
    public var memoryGiB: Quantity?
    /// Size in the vendor's own unit (normalisation factor, ratio).
    public var sizeFactor: Quantity?
    /// `x86_64`, `arm64`, …
    public var arch = ""
    /// GPU model.
    public var gpu = ""
    /// Number of GPUs.
    public var gpuCount: Quantity?
    /// Memory of all GPUs in GiB.
    public var gpuMemoryGiB: Quantity?
    /// Network in Gbit/s.
    public var networkGbps: Quantity?
    /// Whether CPU is earned by credits.
    public var burstable = false

    /// An empty row.
    public init() {}
}

/// One row of the `accounts` interchange file.
public struct AccountRow: Hashable, Sendable {
    /// The account.
    public var account = ""
    /// Account or management group above it.
    public var parent = ""
    /// Who pays for it.
    public var billingAccount = ""
    /// Name for people.
    public var name = ""
    /// Whether its commitments are shared and shared ones serve it.
    public var sharing = true

    /// An empty row.
    public init() {}
}

/// One row of the `fx` interchange file: one `from` is `rate` `to`, from `date` on.
public struct FxRate: Hashable, Sendable {
    /// First day the rate holds.
    public var date: Day
    /// Currency converted from.
    public var from: String
    /// Currency converted to.
    public var to: String
    /// How many `to` one `from` is.
    public var rate: Money

    /// A dated rate.
    public init(date: Day, from: String, to: String, rate: Money) {
        self.date = date
        self.from = from
        self.to = to
        self.rate = rate
    }
}
