/// What a usage line is about: everything but the hours. The columns of the `usage` interchange file.
public struct UsageKey: Hashable, Sendable {
    /// How the capacity was bought.
    public enum Pricing: String, Sendable, Codable, CaseIterable {
        /// Pay as you go; empty in files.
        case onDemand = "on-demand"
        /// Interruptible capacity at the spot market's price; no commitment covers it.
        case spot
        /// Reserved capacity without a discount of its own: billed as on-demand, used or not.
        case reservedCapacity = "reserved-capacity"
    }

    /// `aws`, `azure`, `gcp`, `alibaba`, …
    public var provider: String
    /// Who pays: benefits are never shared beyond it.
    public var billingAccount: String
    /// Who uses.
    public var account: String
    /// Resource group, where the provider has them.
    public var resourceGroup: String
    /// The provider's region, free text.
    public var region: String
    /// The provider's zone, free text.
    public var zone: String
    /// `compute`, `fargate`, `lambda`, `database`, …
    public var service: String
    /// The unit of sale: for a machine its type.
    public var sku: String
    /// `linux`, `windows`, `rhel`, `sles` or empty.
    public var os: String
    /// Licence sold with it, free text.
    public var license: String
    /// `shared`, `dedicated`, `host` or empty.
    public var tenancy: String
    /// How it was bought.
    public var pricing: Pricing
    /// What `quantity` counts.
    public var unit: String
    /// The provider's id of the resource, if the line is about one.
    public var resource: String

    /// A key with the given fields, the rest empty.
    public init(
        provider: String, billingAccount: String = "", account: String = "", resourceGroup: String = "",
        region: String = "", zone: String = "", service: String = "", sku: String, os: String = "",
        license: String = "", tenancy: String = "", pricing: Pricing = .onDemand, unit: String = "",
        resource: String = ""
    ) {
        self.provider = provider
        self.billingAccount = billingAccount
        self.account = account
        self.resourceGroup = resourceGroup
        self.region = region
        self.zone = zone
        self.service = service
        self.sku = sku
        self.os = os
        self.license = license
        self.tenancy = tenancy
        self.pricing = pricing
        self.unit = unit
        self.resource = resource
    }

    /// The fields in the order of the interchange file, for sorting: deterministic on every machine.
    public var sortFields: [String] {
        [
            provider, billingAccount, account, resourceGroup, region, zone, service, sku, os, license,
            tenancy, pricing.rawValue, unit, resource,
        ]
    }
}

extension UsageKey: Comparable {
    /// Order by the fields of the interchange file, byte by byte.
    public static func < (left: UsageKey, right: UsageKey) -> Bool {
        if left.provider != right.provider { return precedes(left.provider, right.provider) }
        if left.billingAccount != right.billingAccount { return precedes(left.billingAccount, right.billingAccount) }
        if left.account != right.account { return precedes(left.account, right.account) }
        if left.resourceGroup != right.resourceGroup { return precedes(left.resourceGroup, right.resourceGroup) }
        if left.region != right.region { return precedes(left.region, right.region) }
        if left.zone != right.zone { return precedes(left.zone, right.zone) }
        if left.service != right.service { return precedes(left.service, right.service) }
        if left.sku != right.sku { return precedes(left.sku, right.sku) }
        if left.os != right.os { return precedes(left.os, right.os) }
        if left.license != right.license { return precedes(left.license, right.license) }
        if left.tenancy != right.tenancy { return precedes(left.tenancy, right.tenancy) }
        if left.pricing.rawValue != right.pricing.rawValue {
            return precedes(left.pricing.rawValue, right.pricing.rawValue)
        }
        if left.unit != right.unit { return precedes(left.unit, right.unit) }
        if left.resource != right.resource { return precedes(left.resource, right.resource) }
        return false
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// One line of demand: what, and how much in every hour. An absent hour is 0.
public struct UsageLine: Hashable, Sendable {
    /// What is used.
    public var key: UsageKey
    /// Units used in each hour (instance-hours in the hour).
    public var series: HourSeries
    /// Position of its first row in the file it came from: the billing order of vendors that have one.
    public var order: Int
    /// Units that one machine has, where the line is a part of machines taken apart (4 for the vCPUs of a
    /// machine of four); nil otherwise.
    public var unitsPerMachine: Quantity?

    /// Usage of `key` by the hour.
    public init(key: UsageKey, series: HourSeries, order: Int = 0, unitsPerMachine: Quantity? = nil) {
        self.key = key
        self.series = series
        self.order = order
        self.unitsPerMachine = unitsPerMachine
    }
}
