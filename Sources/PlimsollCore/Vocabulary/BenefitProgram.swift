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
    /// Discounts on use that goes on for much of a month, on what the stages leave.
    public var sustainedUse: [SustainedUse]?
    /// How machines are taken apart into what they are priced by.
    public var parts: MachineParts?
    /// Licences in a machine's price that commitments do not cover.
    public var licences: SeparateLicences?

    /// A program of `stages`.
    public init(
        provider: String, name: String, sources: [String], validFrom: String? = nil, validTo: String? = nil,
        stages: [BenefitStage], naming: SKUNaming, sustainedUse: [SustainedUse]? = nil, parts: MachineParts? = nil,
        licences: SeparateLicences? = nil
    ) {
        self.sustainedUse = sustainedUse
        self.parts = parts
        self.licences = licences
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
        /// The on-demand list price: the commitment counts what usage would cost without it.
        case onDemand
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
    /// Beginnings of the SKUs (or families) whose commitments belong here; nil = all.
    public var skuPrefixes: [String]?
    /// What is paid for one currency unit committed, by term, as decimal strings; nil = one.
    public var feeShares: [String: String]?

    /// A stage.
    public init(
        name: String, offers: [String], locality: Locality, matches: [Attribute], conversion: Conversion,
        order: [Order], sharing: Sharing, flexibility: SizeFlexibility? = nil, skuPrefixes: [String]? = nil,
        feeShares: [String: String]? = nil
    ) {
        self.skuPrefixes = skuPrefixes
        self.feeShares = feeShares
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
    /// Licences that have it; nil = any.
    public var licences: [String]?

    /// Flexibility for the given operating systems, tenancies and licences.
    public init(
        os: [String], tenancy: [String], exclusions: [Exclusion], namedFamilyOnly: Bool? = nil,
        licences: [String]? = nil
    ) {
        self.namedFamilyOnly = namedFamilyOnly
        self.licences = licences
        self.os = os
        self.tenancy = tenancy
        self.exclusions = exclusions
    }
}
