public import PlimsollCore

/// Families and size factors of SKUs: the catalogue's, else by the vendor's naming.
public struct SKUFacts: Sendable {
    private var rows: [String: [String: CatalogRow]] = [:]
    private var naming: [String: SKUNaming] = [:]

    /// Facts from a catalogue and the naming rules of the programs.
    public init(catalog: [CatalogRow], programs: [BenefitProgram]) {
        for row in catalog { rows[row.provider, default: [:]][row.sku] = row }
        for program in programs { naming[program.provider] = program.naming }
    }

    /// The family of a SKU; the SKU itself where nothing is known.
    public func family(_ provider: String, _ sku: String) -> String {
        if let family = rows[provider]?[sku]?.family, !family.isEmpty { return family }
        return naming[provider]?.family(of: sku) ?? sku
    }

    /// The family that the vendor's naming gives a SKU, whatever the catalogue says.
    func namedFamily(_ provider: String, _ sku: String) -> String { naming[provider]?.family(of: sku) ?? sku }

    /// vCPUs of a SKU, by the catalogue.
    func cores(_ provider: String, _ sku: String) -> Quantity? { rows[provider]?[sku]?.vcpu }

    /// The size factor of a SKU in its vendor's unit; nil where nothing is known.
    public func sizeFactor(_ provider: String, _ sku: String) -> Quantity? {
        rows[provider]?[sku]?.sizeFactor ?? naming[provider]?.sizeFactor(of: sku)
    }
}
