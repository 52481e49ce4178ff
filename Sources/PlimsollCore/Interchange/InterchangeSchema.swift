/// What one kind of interchange file looks like, as data: the decoders check against it,
/// `plimsoll schema NAME` prints it and docs/reference/formats.md is made from it.
public struct InterchangeSchema: Sendable, Hashable {
    /// How rows are written.
    public enum Layout: String, Sendable {
        /// Comma-separated with a header.
        case csv
        /// One JSON object a line.
        case jsonLines = "json-lines"
    }

    /// What a cell holds.
    public enum Kind: String, Sendable {
        /// Free text.
        case text
        /// One of `Column.words`.
        case word
        /// A full UTC hour: `2026-01-01T00:00:00Z`.
        case hour
        /// A UTC time, or a date (its first hour).
        case time
        /// A UTC date: `2026-01-01`.
        case day
        /// A decimal amount, not negative.
        case money
        /// A decimal number, not negative.
        case quantity
        /// A decimal number of either sign.
        case amount
        /// `true` or `false`.
        case flag
        /// An object of texts.
        case texts
        /// An array of objects.
        case list
    }

    /// One column, or one member of a JSON line.
    public struct Column: Sendable, Hashable {
        /// Name in the header.
        public var name: String
        /// Kind of cell.
        public var kind: Kind
        /// Whether the file must have it and every row must fill it.
        public var required: Bool
        /// What it says.
        public var meaning: String
        /// Unit of the number, where it is one.
        public var unit: String
        /// Words allowed; empty = free.
        public var words: [String]
        /// Whether `*` is allowed and matches anything.
        public var wildcard: Bool

        init(
            _ name: String, _ kind: Kind, required: Bool = false, _ meaning: String, unit: String = "",
            words: [String] = [], wildcard: Bool = false
        ) {
            self.name = name
            self.kind = kind
            self.required = required
            self.meaning = meaning
            self.unit = unit
            self.words = words
            self.wildcard = wildcard
        }

        /// A column of free text.
        init(_ name: String, required: Bool = false, _ meaning: String, wildcard: Bool = false) {
            self.init(name, .text, required: required, meaning, wildcard: wildcard)
        }
    }

    /// Name for `plimsoll schema`.
    public var name: String
    /// How rows are written.
    public var layout: Layout
    /// What a row is.
    public var summary: String
    /// Columns in the order of the header.
    public var columns: [Column]

    /// The header line, without a line end.
    public var header: String { columns.map(\.name).joined(separator: ",") }

    /// The column of a name.
    public func column(_ name: String) -> Column? { columns.first { $0.name == name } }

    /// The schema of a name.
    public static func named(_ name: String) -> InterchangeSchema? { all.first { $0.name == name } }

    /// Every interchange file.
    public static let all: [InterchangeSchema] = [
        usage, prices, catalog, commitments, accounts, fx, metrics, resources, gaps, bill, coverage,
    ]
}

extension InterchangeSchema {
    /// Words of the `os` columns.
    public static let osWords = ["linux", "windows", "rhel", "sles"]
    /// Words of the `tenancy` columns.
    public static let tenancyWords = ["shared", "dedicated", "host"]

    /// Demand by the hour.
    public static let usage = InterchangeSchema(
        name: "usage", layout: .csv, summary: "Units used of something in one hour; an absent row is 0.",
        columns: [
            Column("hour", .hour, required: true, "the hour used, UTC"),
            Column("provider", required: true, "who sells it: a word such as a provider module has as its id"),
            Column("billing_account", "who pays; benefits are never shared beyond it"),
            Column("account", "who uses"),
            Column("resource_group", "resource group, where the provider has them"),
            Column("region", "region, free text"),
            Column("zone", "zone, free text"),
            Column("service", "`compute`, `fargate`, `lambda`, `database`, …, free text"),
            Column("sku", required: true, "unit of sale; for a machine its type"),
            Column("os", .word, "operating system", words: osWords),
            Column("license", "licence sold with it, free text"),
            Column("tenancy", .word, "tenancy", words: tenancyWords),
            Column(
                "pricing", .word, "how it was bought; empty = on-demand",
                words: UsageKey.Pricing.allCases.map(\.rawValue)),
            Column("quantity", .quantity, required: true, "units used in that hour", unit: "`unit`"),
            Column("unit", "what `quantity` counts; equal to the price's"),
            Column("resource", "the provider's id of the resource"),
        ])

    /// A price book.
    public static let prices = InterchangeSchema(
        name: "prices", layout: .csv,
        summary: "What one unit costs under an offer. An empty cell matches an empty cell, `*` anything.",
        columns: [
            Column("provider", required: true, "provider of the SKU"),
            Column("region", "region", wildcard: true),
            Column("zone", "zone; empty = every zone of the region", wildcard: true),
            Column("service", "service", wildcard: true),
            Column("sku", required: true, "unit of sale", wildcard: true),
            Column("os", .word, "operating system", words: osWords, wildcard: true),
            Column("license", "licence", wildcard: true),
            Column("tenancy", .word, "tenancy", words: tenancyWords, wildcard: true),
            Column("offer", .word, required: true, "what it is a price of", words: Offer.all.map(\.rawValue)),
            Column("term", .word, "term of a commitment offer", words: Term.allCases.map(\.rawValue), wildcard: true),
            Column(
                "payment", .word, "payment of a commitment offer", words: Payment.allCases.map(\.rawValue),
                wildcard: true),
            Column("upfront", .money, "paid once per unit for the whole term", unit: "`currency`"),
            Column(
                "price", .money, required: true, "recurring price per `unit`; for a spend plan its rate",
                unit: "`currency`"),
            Column("currency", required: true, "ISO 4217 code"),
            Column("unit", "what one `price` buys; equal to the usage's"),
            Column(
                "tier_from", .quantity, "the row holds for the month's quantity from here, included", unit: "`unit`"),
            Column("tier_to", .quantity, "to here, not included; empty = without end", unit: "`unit`"),
            Column("valid_from", .day, "first day it holds; empty = always"),
            Column("valid_to", .day, "first day it no longer holds; empty = never"),
            Column("source", "where the price is from; begins with `synthetic` where it was made up"),
        ])

    /// Facts of SKUs.
    public static let catalog = InterchangeSchema(
        name: "catalog", layout: .csv, summary: "What an SKU is; beats what the vendor's naming says.",
        columns: [
            Column("provider", required: true, "provider of the SKU"),
            Column("sku", required: true, "unit of sale"),
            Column("family", "family whose members share size-flexible commitments"),
            Column("vcpu", .quantity, "virtual CPUs", unit: "vCPU"),
            Column("memory_gib", .quantity, "memory", unit: "GiB"),
            Column("size_factor", .quantity, "size in the vendor's own unit (normalisation factor, ratio)"),
            Column("arch", "`x86_64`, `arm64`, …"),
            Column("gpu", "GPU model"),
            Column("gpu_count", .quantity, "GPUs"),
            Column("gpu_memory_gib", .quantity, "memory of all GPUs", unit: "GiB"),
            Column("network_gbps", .quantity, "network", unit: "Gbit/s"),
            Column("burstable", .flag, "whether CPU is earned by credits; empty = false"),
        ])

    /// Commitments held or advised.
    public static let commitments = InterchangeSchema(
        name: "commitments", layout: .csv,
        summary: "A commitment held or to be bought. Empty os, tenancy, license, sku, family or region = any.",
        columns: [
            Column("id", required: true, "unique in the file"),
            Column("provider", required: true, "provider that sold it"),
            Column("billing_account", "who pays"),
            Column("account", "who owns it; also the id of a management group"),
            Column("resource_group", "resource group it is bound to"),
            Column(
                "offer", .word, required: true, "what was bought",
                words: Offer.all.filter(\.isCommitment).map(\.rawValue)),
            Column(
                "sharing", .word, "how far it is shared; empty = organization",
                words: Commitment.Sharing.allCases.map(\.rawValue)),
            Column("region", "region; empty = global"),
            Column("zone", "filled = zonal"),
            Column("family", "filled = size-flexible where the vendor's rules allow it"),
            Column("sku", "unit of sale"),
            Column("os", .word, "operating system", words: osWords),
            Column("license", "licence"),
            Column("tenancy", .word, "tenancy", words: tenancyWords),
            Column("quantity", .quantity, "instances (vCPU or GiB for resource CUDs); not for spend plans"),
            Column("hourly_commitment", .money, "fee an hour of a spend plan", unit: "`currency`/h"),
            Column("term", .word, "term", words: Term.allCases.map(\.rawValue)),
            Column("payment", .word, "when it is paid", words: Payment.allCases.map(\.rawValue)),
            Column("upfront", .money, "paid once per unit of quantity", unit: "`currency`"),
            Column("hourly", .money, "paid every hour per unit of quantity", unit: "`currency`/h"),
            Column("currency", "ISO 4217 code"),
            Column("start", .time, "when it begins; empty = active throughout, upfront already paid"),
            Column("end", .time, "when it ends, not included; empty = active throughout"),
        ])

    /// Accounts and who pays for them.
    public static let accounts = InterchangeSchema(
        name: "accounts", layout: .csv, summary: "An account; without the file each belongs to its row's payer.",
        columns: [
            Column("account", required: true, "the account"),
            Column("parent", "account or management group above it"),
            Column("billing_account", "who pays for it"),
            Column("name", "name for people"),
            Column("sharing", .word, "whether benefits are shared with it; empty = on", words: ["on", "off"]),
        ])

    /// Dated exchange rates.
    public static let fx = InterchangeSchema(
        name: "fx", layout: .csv, summary: "From `date` on, one `from` is `rate` `to`.",
        columns: [
            Column("date", .day, required: true, "first day the rate holds"),
            Column("from", required: true, "currency converted from"),
            Column("to", required: true, "currency converted to"),
            Column("rate", .money, required: true, "how many `to` one `from` is"),
        ])

    /// Measurements of resources.
    public static let metrics = InterchangeSchema(
        name: "metrics", layout: .csv, summary: "One measurement of a resource.",
        columns: [
            Column("time", .time, required: true, "when, UTC"),
            Column("provider", required: true, "provider of the resource"),
            Column("resource", required: true, "the provider's id of the resource"),
            Column("metric", required: true, "what was measured"),
            Column("statistic", "`average`, `maximum`, `p99`, …"),
            Column("value", .quantity, required: true, "the value", unit: "`unit`"),
            Column("unit", "unit of `value`"),
        ])
}
