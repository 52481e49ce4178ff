/// How one vendor applies its discounts to usage, as data: ordered stages. A provider supplies it,
/// Rating compiles it, a plugin returns the same JSON.
public struct BenefitProgram: Hashable, Sendable, Codable {
    /// Provider whose usage and commitments it governs.
    public var provider: String
    /// Name for people.
    public var name: String
    /// Titles of the vendor's documents the rules are from.
    public var sources: [String]
    /// First and last date the program holds (`2025-12-02`); nil = without bound.
    public var validFrom: String?
    /// First date it no longer holds.
    public var validTo: String?
    /// Applied one after the other in every hour.
    public var stages: [BenefitStage]
    /// How a family and a size are read off a SKU the catalogue does not have.
    public var naming: SKUNaming

    /// A program of `stages`.
    public init(
        provider: String, name: String, sources: [String], validFrom: String? = nil, validTo: String? = nil,
        stages: [BenefitStage], naming: SKUNaming
    ) {
        self.provider = provider
        self.name = name
        self.sources = sources
        self.validFrom = validFrom
        self.validTo = validTo
        self.stages = stages
        self.naming = naming
    }
}

/// One step of a program: which commitments, what they match, and in which order usage consumes them.
public struct BenefitStage: Hashable, Sendable, Codable {
    /// Which commitments of the offers belong here, by their zone.
    public enum Locality: String, Sendable, Codable { case zonal, regional, any }
    /// Attributes of usage that must equal the commitment's, where the commitment has a value.
    public enum Attribute: String, Sendable, Codable { case region, zone, family, sku, os, license, tenancy }
    /// What one unit of usage takes from the commitment.
    public enum Conversion: String, Sendable, Codable {
        /// One for one; under `flexibility`, by size factor.
        case count
        /// The plan's rate in money.
        case rate
        /// The plan's rate, or the customer's own pay-as-you-go price where that is lower.
        case lowerRate
    }
    /// Order in which usage consumes the commitment; earlier keys first.
    public enum Order: String, Sendable, Codable {
        case sizeAscending, savingDescending, rateAscending, billingOrder
        /// Commitments of a narrow scope (resource group, account) before those of a wide one.
        case narrowScopeFirst
        /// Commitments of a long term before those of a short one.
        case longTermFirst
        /// Commitments that end soon before those that end late; those without an end last. Of equals the
        /// one that began first.
        case earliestEndFirst
    }
    /// Who is served first.
    public enum Sharing: String, Sendable, Codable {
        /// The owner's usage, then the rest of the billing account where sharing is on.
        case ownerFirst
        /// All usage the commitment's scope reaches, at once.
        case pooled
    }

    /// Name for messages and reports.
    public var name: String
    /// Offers whose commitments belong here.
    public var offers: [String]
    /// Which of them, by zone.
    public var locality: Locality
    /// What must agree.
    public var matches: [Attribute]
    /// What a unit of usage takes.
    public var conversion: Conversion
    /// Order of consumption.
    public var order: [Order]
    /// Who is served first.
    public var sharing: Sharing
    /// Size flexibility, if the stage has it.
    public var flexibility: SizeFlexibility?

    /// A stage.
    public init(
        name: String, offers: [String], locality: Locality, matches: [Attribute], conversion: Conversion,
        order: [Order], sharing: Sharing, flexibility: SizeFlexibility? = nil
    ) {
        self.name = name
        self.offers = offers
        self.locality = locality
        self.matches = matches
        self.conversion = conversion
        self.order = order
        self.sharing = sharing
        self.flexibility = flexibility
    }
}

/// Where a commitment for one size serves the other sizes of its family.
public struct SizeFlexibility: Hashable, Sendable, Codable {
    /// A family that has none, with the dates that is so.
    public struct Exclusion: Hashable, Sendable, Codable {
        /// The family.
        public var family: String
        /// First date (`2019-09-20`); nil = always.
        public var from: String?
        /// First date it has flexibility; nil = never so far.
        public var to: String?

        /// An excluded family.
        public init(family: String, from: String? = nil, to: String? = nil) {
            self.family = family
            self.from = from
            self.to = to
        }
    }

    /// Operating systems that have it.
    public var os: [String]
    /// Tenancies that have it.
    public var tenancy: [String]
    /// Families that have it not.
    public var exclusions: [Exclusion]
    /// Whether only commitments have it that name a family: nil = all of the stage.
    public var namedFamilyOnly: Bool?

    /// Flexibility for the given operating systems and tenancies.
    public init(os: [String], tenancy: [String], exclusions: [Exclusion], namedFamilyOnly: Bool? = nil) {
        self.namedFamilyOnly = namedFamilyOnly
        self.os = os
        self.tenancy = tenancy
        self.exclusions = exclusions
    }
}

/// How a vendor's SKU spells family and size: `m5.24xlarge` is family `m5`, size `24xlarge`.
public struct SKUNaming: Hashable, Sendable, Codable {
    /// What stands between family and size; the last one counts.
    public var separator: String
    /// Size factor by size name, as decimal strings.
    public var sizes: [String: String]
    /// Suffix of numbered sizes (`xlarge` in `24xlarge`).
    public var numberedSuffix: String
    /// Size factor of one numbered step.
    public var numberedFactor: String
    /// Size factor of whole SKUs that break the rule (`m5.metal`), as decimal strings.
    public var exceptions: [String: String]

    /// A naming rule.
    public init(
        separator: String, sizes: [String: String], numberedSuffix: String, numberedFactor: String,
        exceptions: [String: String]
    ) {
        self.separator = separator
        self.sizes = sizes
        self.numberedSuffix = numberedSuffix
        self.numberedFactor = numberedFactor
        self.exceptions = exceptions
    }

    /// The family of a SKU; the SKU itself where it has no separator.
    public func family(of sku: String) -> String { split(sku)?.family ?? sku }

    /// The size factor of a SKU; nil where the name does not tell.
    public func sizeFactor(of sku: String) -> Quantity? {
        if let known = exceptions[sku] { return Quantity(known) }
        guard let size = split(sku)?.size else { return nil }
        if let known = sizes[size] { return Quantity(known) }
        guard size.hasSuffix(numberedSuffix), let step = Quantity(numberedFactor) else { return nil }
        guard let count = Int(size.dropLast(numberedSuffix.count)), count > 0, count < 10_000 else { return nil }
        return Quantity(raw: step.raw * Int128(count))
    }

    private func split(_ sku: String) -> (family: String, size: String)? {
        guard let mark = separator.first else { return nil }
        // Byte by byte where it can be: a book has many SKUs.
        let found = mark.asciiValue.map { sku.utf8.lastIndex(of: $0) } ?? sku.lastIndex(of: mark)
        guard let cut = found else { return nil }
        return (String(sku[..<cut]), String(sku[sku.index(after: cut)...]))
    }
}
