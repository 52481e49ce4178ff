public import PlimsollCore

/// Everything a bill is made from.
public struct RatingInput: Sendable {
    /// What rows of a bill are split by; without any, rows are not made.
    public enum Detail: String, Sendable, CaseIterable { case hour, resource, commitment }

    /// Demand.
    public var usage: [UsageLine] = []
    /// The price book.
    public var prices: [PriceRow] = []
    /// Facts of SKUs; they beat what the vendor's naming says.
    public var catalog: [CatalogRow] = []
    /// Commitments held.
    public var commitments: [Commitment] = []
    /// Accounts; empty = every account belongs to its row's billing account and shares.
    public var accounts: [AccountRow] = []
    /// How each provider's discounts apply.
    public var programs: [BenefitProgram] = []
    /// Terms that work on whole months.
    public var agreements: [Agreement] = []
    /// Dated exchange rates, needed where prices are in several currencies.
    public var fx: [FxRate] = []
    /// Hours billed; nil = from the first to the last hour of usage.
    public var window: HourGrid?
    /// Currency of the bill; nil = the prices' own, or the one the exchange rates lead to.
    public var currency: String?
    /// What to split rows by.
    public var detail: Set<Detail> = []
    /// Whether ``Bill/hours`` is wanted: much cheaper than rows by the hour.
    public var sumsHours = false

    /// An empty input.
    public init() {}
}

/// The amounts of a bill or of one of its rows, in the bill's currency.
///
/// `list` and `contracted` are of usage only. `effective` = amortised commitments, used and unused,
/// plus the rest. `billed` = cash in the window. `onDemand` = what usage left over at on-demand rates costs.
public struct Amounts: Hashable, Sendable {
    /// Usage at on-demand prices.
    public var list = Money.zero
    /// Usage at the customer's own prices.
    public var contracted = Money.zero
    /// Amortised cost.
    public var effective = Money.zero
    /// Cash.
    public var billed = Money.zero
    /// Left over at on-demand rates.
    public var onDemand = Money.zero

    /// No amounts.
    public init() {}

    /// Sums, field by field.
    public static func += (left: inout Amounts, right: Amounts) {
        left.list += right.list
        left.contracted += right.contracted
        left.effective += right.effective
        left.billed += right.billed
        left.onDemand += right.onDemand
    }
}

/// How much of a commitment was used within the window, in its own unit: money for a spend plan
/// (unit = the currency), else `unit-hours`.
public struct CommitmentUse: Hashable, Sendable {
    /// The commitment.
    public var id: String
    /// What `committed`, `used` and `unused` count.
    public var unit: String
    /// Held over all active hours.
    public var committed: Quantity
    /// Used.
    public var used: Quantity
    /// Lost.
    public var unused: Quantity
    /// Used ÷ committed, to 12 places; 0 where nothing was committed.
    public var utilization: Quantity
    /// Amortised cost in the window.
    public var effective: Money
    /// Cash in the window.
    public var billed: Money
    /// Usage served, at on-demand list prices.
    public var coveredList: Money
    /// Usage served, at negotiated on-demand prices.
    public var covered = Money.zero
}

/// Usage that no price was found for: billed nowhere.
public struct Unpriced: Hashable, Sendable {
    /// What is used.
    public var key: UsageKey
    /// How much, over the window.
    public var quantity: Quantity
    /// Which price is missing.
    public var reason: String
}

/// One line of a bill.
public struct BillRow: Hashable, Sendable {
    /// First hour of what it sums; nil when rows are not split by hour.
    public var hour: Hour?
    /// What was used; nil for fees and adjustments, or when rows are not split by resource.
    public var key: UsageKey?
    /// The commitment that served it or whose fee it is; nil = none, or not split by commitment.
    public var commitment: String?
    /// What kind of charge.
    public var kind: ChargeKind
    /// Name of the agreement for percent-of, floor, credit and fixed charges; else empty.
    public var name: String
    /// Units used, or lost for the unused part of a fee; zero where mixed units are summed.
    public var quantity: Quantity
    /// The amounts.
    public var amounts: Amounts
}

/// A month of one billing account's bill, by kind of charge.
public struct BillMonth: Hashable, Sendable {
    /// First hour of the month (of the calendar, also where the window starts later).
    public var month: Hour
    /// Who pays.
    public var billingAccount: String
    /// Amounts by kind of charge.
    public var kinds: [ChargeKind: Amounts]
}

/// A simulated bill.
public struct Bill: Sendable {
    /// Currency of all amounts; empty where there is none to tell it from.
    public var currency: String
    /// Hours billed.
    public var window: HourGrid?
    /// Sums of all rows.
    public var total: Amounts
    /// Use of every commitment, in the order of the input.
    public var commitments: [CommitmentUse]
    /// Usage billed nowhere.
    public var unpriced: [Unpriced]
    /// What the user should know; never an error.
    public var warnings: [Diagnostic]
    /// Rows, where asked for.
    public var rows: [BillRow]
    /// The bill by month, billing account and kind of charge.
    public var months: [BillMonth]
    /// Every hour of the window at a glance, where ``RatingInput/sumsHours`` asks for it.
    public var hours: [HourSum] = []
}
