public import PlimsollCore

extension AWS {
    /// How EC2 Reserved Instances and Savings Plans apply, hour by hour, in this order: zonal Reserved
    /// Instances (the owner's, then shared ones), regional ones (the owner's, then shared), EC2 Instance
    /// Savings Plans, Compute Savings Plans, on-demand. That an unused zonal Reserved Instance of another
    /// account comes before the account's own regional one is the exception the vendor names; the order of
    /// stages says it. Reserved nodes of databases, caches and warehouses, and the Savings Plans of databases and of
    /// SageMaker, are pools of their own: usage is in reach of one kind only, by its SKU or by the prices it has.
    ///
    /// Sources: "How Reserved Instance discounts are applied" (Amazon EC2 User Guide); "Understanding how
    /// Savings Plans apply to your usage" (Savings Plans User Guide).
    public static let benefitPrograms: [BenefitProgram] = [
        BenefitProgram(
            provider: "aws", name: "Reserved Instances, reserved nodes and Savings Plans",
            sources: [
                "How Reserved Instance discounts are applied (Amazon EC2 User Guide)",
                "Understanding how Savings Plans apply to your usage (Savings Plans User Guide)",
                "Reserved DB instances for Amazon RDS (Amazon RDS User Guide)",
                "Reserved nodes (Amazon ElastiCache User Guide)",
                "What AWS services support reserved nodes size flexibility? (AWS re:Post)",
            ],
            stages: [
                reservedDatabases, reservedCaches, reservedWarehouses, zonalReservedInstances,
                regionalReservedInstances, instancePlans, computePlans,
                ownPlans("SageMaker Savings Plans", "sagemaker-sp"),
                ownPlans("Database Savings Plans", "database-sp"),
            ],
            naming: naming)
    ]

    private static let reservedOffers = ["ri-standard", "ri-convertible"]

    /// By region, engine (the column `license`) and size; the other sizes of the class where the engine allows it:
    /// not SQL Server, Db2, nor Oracle with its licence included.
    private static let reservedDatabases = BenefitStage(
        name: "reserved DB instances", offers: reservedOffers, locality: .any, matches: [.region, .sku, .license],
        conversion: .count, order: [.sizeAscending], sharing: .ownerFirst,
        flexibility: SizeFlexibility(
            os: [""], tenancy: [""], exclusions: [],
            licences: [
                "", "mysql", "mariadb", "postgresql", "aurora-mysql", "aurora-postgresql", "oracle-byol",
            ]),
        skuPrefixes: ["db."])

    /// By region, engine (the column `license`) and size; the other sizes of the node family too.
    private static let reservedCaches = BenefitStage(
        name: "reserved cache nodes", offers: reservedOffers, locality: .any, matches: [.region, .sku, .license],
        conversion: .count, order: [.sizeAscending], sharing: .ownerFirst,
        flexibility: SizeFlexibility(os: [""], tenancy: [""], exclusions: []), skuPrefixes: ["cache."])

    /// Exact size. Search domains' nodes (`m5.large.search`) are named like machines and serve their exact size too.
    private static let reservedWarehouses = BenefitStage(
        name: "reserved warehouse nodes", offers: reservedOffers, locality: .any, matches: [.region, .sku],
        conversion: .count, order: [.sizeAscending], sharing: .ownerFirst, skuPrefixes: ["ra3.", "dc2.", "ds2."])

    private static let zonalReservedInstances = BenefitStage(
        name: "zonal Reserved Instances", offers: reservedOffers, locality: .zonal,
        matches: [.region, .zone, .sku, .os, .license, .tenancy], conversion: .count, order: [.sizeAscending],
        sharing: .ownerFirst)

    private static let regionalReservedInstances = BenefitStage(
        name: "regional Reserved Instances", offers: reservedOffers, locality: .regional,
        matches: [.region, .sku, .os, .license, .tenancy], conversion: .count, order: [.sizeAscending],
        sharing: .ownerFirst,
        flexibility: SizeFlexibility(os: ["linux"], tenancy: ["shared", ""], exclusions: familiesWithoutFlexibility))

    /// One pool per family and region: region and family must agree.
    private static let instancePlans = BenefitStage(
        name: "EC2 Instance Savings Plans", offers: ["family-sp"], locality: .any, matches: [.region, .family],
        conversion: .rate, order: [.savingDescending, .rateAscending], sharing: .ownerFirst)

    /// Any family, region, operating system and tenancy; Fargate and Lambda where they have a rate.
    private static let computePlans = BenefitStage(
        name: "Compute Savings Plans", offers: ["compute-sp"], locality: .any, matches: [], conversion: .rate,
        order: [.savingDescending, .rateAscending], sharing: .ownerFirst)

    /// Plans over everything that has a rate under them, in any region.
    private static func ownPlans(_ name: String, _ offer: String) -> BenefitStage {
        BenefitStage(
            name: name, offers: [offer], locality: .any, matches: [], conversion: .rate,
            order: [.savingDescending, .rateAscending], sharing: .ownerFirst)
    }

    /// Families whose regional Reserved Instances serve their exact size only.
    private static let familiesWithoutFlexibility = [
        SizeFlexibility.Exclusion(family: "g4ad"),
        SizeFlexibility.Exclusion(family: "g4dn"),
        SizeFlexibility.Exclusion(family: "g5"),
        SizeFlexibility.Exclusion(family: "g5g"),
    ]

    /// Normalisation factors: nano 0.25 … xlarge 8, Nxlarge 8·N. A metal size has the factor of the virtual
    /// machine of the same size.
    private static let naming = SKUNaming(
        separator: ".",
        sizes: [
            "nano": "0.25", "micro": "0.5", "small": "1", "medium": "2", "large": "4", "xlarge": "8",
        ],
        numberedSuffix: "xlarge", numberedFactor: "8",
        exceptions: metalFactors)

    private static let metalFactors: [String: String] = {
        let byFactor: [(String, [String])] = [
            ("32", ["a1"]), ("96", ["m5zn", "z1d"]),
            ("128", ["c6g", "c6gd", "i3", "m6g", "m6gd", "r6g", "r6gd", "x2gd"]), ("144", ["c5n"]),
            ("192", ["c5", "c5d", "i3en", "m5", "m5d", "m5dn", "m5n", "r5", "r5b", "r5d", "r5dn", "r5n"]),
            ("896", ["u-6tb1", "u-9tb1", "u-12tb1", "u-18tb1", "u-24tb1"]),
        ]
        var factors: [String: String] = [:]
        for (factor, families) in byFactor {
            for family in families { factors[family + ".metal"] = factor }
        }
        return factors
    }()
}
