/// A commitment somebody holds or is advised to buy: the columns of the `commitments` interchange file.
///
/// `quantity` counts instances (or vCPU / GiB); `hourly` and `upfront` are per unit of quantity.
/// A spend plan leaves both empty: its fee is `hourlyCommitment`, paid upfront by 0 / 50 / 100 %
/// for none / partial / all. Empty os, tenancy, license, sku, family and region mean any.
public struct Commitment: Hashable, Sendable {
    /// How far its benefit is shared.
    public enum Sharing: String, Sendable, Codable, CaseIterable {
        /// The owner account alone.
        case account
        /// One resource group.
        case resourceGroup = "resource-group"
        /// The accounts below one management group.
        case managementGroup = "management-group"
        /// The whole billing account; empty in files.
        case organization

        /// From the narrowest, 0, to the widest.
        public var width: Int {
            switch self {
            case .resourceGroup: 0
            case .account: 1
            case .managementGroup: 2
            case .organization: 3
            }
        }
    }

    /// Unique in the file.
    public var id = ""
    /// Provider that sold it.
    public var provider = ""
    /// Who pays.
    public var billingAccount = ""
    /// Who owns it.
    public var account = ""
    /// Resource group it is bound to.
    public var resourceGroup = ""
    /// What was bought.
    public var offer = Offer.riStandard
    /// How far it is shared.
    public var sharing = Sharing.organization
    /// Region; empty = global.
    public var region = ""
    /// Zone; filled = zonal.
    public var zone = ""
    /// Family; filled = size-flexible where the vendor's rules allow it.
    public var family = ""
    /// SKU; empty = any.
    public var sku = ""
    /// Operating system; empty = any.
    public var os = ""
    /// Licence; empty = any.
    public var license = ""
    /// Tenancy; empty = any.
    public var tenancy = ""
    /// Units held.
    public var quantity = Quantity.zero
    /// Money an hour of a spend plan.
    public var hourlyCommitment = Money.zero
    /// Term, if it has one.
    public var term: Term?
    /// Payment option, if it has one.
    public var payment: Payment?
    /// Paid once per unit of quantity.
    public var upfront = Money.zero
    /// Paid every hour per unit of quantity.
    public var hourly = Money.zero
    /// Currency of the amounts.
    public var currency = ""
    /// When it begins; nil = active throughout, upfront already paid.
    public var start: Instant?
    /// When it ends; nil = active throughout.
    public var end: Instant?
    /// Where it was read from, for messages.
    public var place: Diagnostic.Place?

    /// An empty commitment.
    public init() {}

    /// The hours it is active in: a start within an hour includes that hour, an end within an hour
    /// does not. Missing bounds are taken from the term, else without limit.
    public func active(in window: HourGrid) -> HourGrid {
        let first = start?.hour
        let length = term?.hours
        let last: Hour? = end?.hour ?? first.flatMap { from in length.map { from.advanced(by: $0) } }
        return window.intersection(HourGrid(start: first ?? window.start, end: last ?? window.end))
    }

    /// The hours its upfront part is spread over: the real ones between start and end, else the
    /// term's, else a year's.
    public var amortizationHours: Int {
        if let start, let end { return max(1, end.hour.index - start.hour.index) }
        return (term ?? .oneYear).hours
    }

    /// Tenths of a spend plan's fee that are paid upfront: 0, 5 or 10.
    public var upfrontTenths: Int {
        switch payment {
        case .all: 10
        case .partial: 5
        default: 0
        }
    }
}
