/// What AWS's documents say of reserved nodes of other services than EC2, for the oracle.
enum OracleNodes {
    /// "Size-flexible reserved DB instances": these engines.
    private static let engines = [
        "", "mysql", "mariadb", "postgresql", "aurora-mysql", "aurora-postgresql", "oracle-byol",
    ]

    static func isNode(_ sku: String) -> Bool {
        ["db", "cache", "ra3", "dc2", "ds2"].contains(String(sku.prefix { $0 != "." }))
    }

    /// Databases of some engines and all caches; warehouses not.
    static func isFlexible(_ sku: String, engine: String) -> Bool {
        if sku.hasPrefix("cache.") { return true }
        return sku.hasPrefix("db.") && engines.contains(engine)
    }

    /// `db.m5` of `db.m5.large`.
    static func family(_ sku: String) -> String { sku.split(separator: ".").dropLast().joined(separator: ".") }
}
