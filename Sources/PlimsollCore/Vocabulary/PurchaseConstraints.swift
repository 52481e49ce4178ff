/// Limits that purchases of commitments have to keep.
public struct PurchaseConstraints: Hashable, Sendable {
    /// A limit on what is committed to in any hour.
    public struct Cap: Hashable, Sendable {
        /// The commitments it counts; empty = any. An account is the owner's.
        public var provider, account, region, family, offer: String
        /// Amortised fee of all of them in any hour, at most.
        public var hourly: Money

        /// A cap on everything, or on what the words name.
        public init(
            hourly: Money, provider: String = "", account: String = "", region: String = "", family: String = "",
            offer: String = ""
        ) {
            self.hourly = hourly
            (self.provider, self.account, self.region) = (provider, account, region)
            (self.family, self.offer) = (family, offer)
        }

        /// Whether a commitment counts.
        public func counts(_ item: Commitment) -> Bool {
            Self.fits(provider, item.provider) && Self.fits(account, item.account) && Self.fits(region, item.region)
                && Self.fits(family, item.family) && Self.fits(offer, item.offer.rawValue)
        }

        static func fits(_ wanted: String, _ value: String) -> Bool { wanted.isEmpty || wanted == value }

        /// `family=m5 region=eu-west-1`, `all` where it names nothing.
        public var scope: String {
            PurchaseConstraints.words([
                ("provider", provider), ("account", account), ("region", region), ("family", family), ("offer", offer),
            ])
        }
    }

    /// Something that will not be used any more from a day on: no commitment bound to it may last longer.
    public struct Leaving: Hashable, Sendable {
        /// What is left; empty = any, at least one is filled.
        public var provider, region, family: String
        /// The first day without it.
        public var by: Day

        /// What is left, and when.
        public init(by: Day, provider: String = "", region: String = "", family: String = "") {
            self.by = by
            (self.provider, self.region, self.family) = (provider, region, family)
        }

        /// Whether a commitment serves only what is left.
        public func binds(_ item: Commitment) -> Bool {
            Cap.fits(provider, item.provider) && Cap.fits(region, item.region) && Cap.fits(family, item.family)
        }

        /// `family=m5`.
        public var scope: String {
            PurchaseConstraints.words([("provider", provider), ("region", region), ("family", family)])
        }
    }

    /// Cash paid at purchase in any calendar month, at most; nil = any.
    public var upfrontPerMonth: Money?
    /// Cash paid at purchase in all, at most; nil = any.
    public var upfront: Money?
    /// Limits on what is committed to an hour.
    public var caps: [Cap] = []
    /// Least share of every purchase that is used, in ten-thousandths; nil = any.
    public var utilization: Int?
    /// Least share of the on-demand cost of usage that offers reach to be left uncovered, in ten-thousandths.
    public var uncovered: Int?
    /// All usage may fall by so much, in ten-thousandths, before any purchase costs more than what it serves would
    /// on demand; nil = not asked.
    public var noRegret: Int?
    /// Families, regions or providers that are going to be left.
    public var leaving: [Leaving] = []

    /// No limit.
    public init() {}

    /// Whether nothing is limited.
    public var isEmpty: Bool { self == PurchaseConstraints() }

    private static func words(_ parts: [(String, String)]) -> String {
        let filled = parts.filter { !$0.1.isEmpty }.map { "\($0.0)=\($0.1)" }
        return filled.isEmpty ? "all" : filled.joined(separator: " ")
    }

    /// A share of the whole written as `90%`, with at most two decimals, in ten-thousandths.
    public static func share(_ text: String) -> Int? {
        guard text.hasSuffix("%"), let percent = Quantity(String(text.dropLast())) else { return nil }
        let scaled = percent.raw * 100
        guard scaled % FixedPoint.one == 0, (0...10_000 * FixedPoint.one).contains(scaled) else { return nil }
        return Int(scaled / FixedPoint.one)
    }

    /// Months between tranches: `monthly`, `quarterly`, or their number up to 12.
    public static func ladder(_ text: String) -> Int? {
        switch text {
        case "monthly": 1
        case "quarterly": 3
        default: Int(text).flatMap { (1...12).contains($0) ? $0 : nil }
        }
    }
}
