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
    /// Family of whole SKUs whose name does not tell it.
    public var families: [String: String]?
    /// What ends the family where the SKU has no `separator`: `-` in `n1-standard-4`; the first one counts.
    public var familyEnd: String?

    /// A naming rule.
    public init(
        separator: String, sizes: [String: String], numberedSuffix: String, numberedFactor: String,
        exceptions: [String: String], families: [String: String]? = nil, familyEnd: String? = nil
    ) {
        self.families = families
        self.familyEnd = familyEnd
        self.separator = separator
        self.sizes = sizes
        self.numberedSuffix = numberedSuffix
        self.numberedFactor = numberedFactor
        self.exceptions = exceptions
    }

    /// The family of a SKU; the SKU itself where it has no separator.
    public func family(of sku: String) -> String {
        if let known = families?[sku] { return known }
        if let family = split(sku)?.family { return family }
        guard let end = familyEnd?.first, let cut = sku.firstIndex(of: end) else { return sku }
        return String(sku[..<cut])
    }

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
