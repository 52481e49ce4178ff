public import PlimsollCore

extension GCP {
    /// How committed-use and sustained-use discounts apply: hour by hour resource-based commitments, then Compute
    /// flexible ones; by the month sustained use on what they leave; then on-demand.
    ///
    /// Resource-based commitments are of vCPU and memory apart, by region and machine series: the SKUs
    /// `n2/vcpu` and `n2/gib`; GPUs (`nvidia-tesla-t4/gpu`) and local SSDs (`local-ssd/gib`) likewise. Usage of
    /// machine types is taken apart into them where the book has their prices. A flexible commitment is money an
    /// hour over the whole billing account: since 2026-01-21 of discounted dollars, of which each SKU takes its
    /// rate; before that day of dollars at on-demand prices, for which the term's share is paid.
    ///
    /// Assumed, because no document was found that says it: eligible usage consumes a flexible commitment by
    /// saving, greatest first. That resource-based commitments go before flexible ones was seen in a copy of
    /// the documentation only.
    ///
    /// Sources: "Committed use discounts (CUDs) for Compute Engine"; "Calculate savings with Compute flexible
    /// commitments"; "Spend-based CUDs program improvements"; "Sustained use discounts for Compute Engine".
    public static let benefitPrograms: [BenefitProgram] = [
        program("Committed-use and sustained-use discounts", from: "2026-01-21", to: nil, [resources, flexible]),
        program(
            "Committed-use and sustained-use discounts before the present flexible model", from: nil,
            to: "2026-01-21", [resources, flexibleAtOnDemandPrices]),
    ]

    private static func program(
        _ name: String, from: String?, to: String?, _ stages: [BenefitStage]
    ) -> BenefitProgram {
        BenefitProgram(
            provider: "gcp", name: name,
            sources: [
                "Committed use discounts (CUDs) for Compute Engine",
                "Calculate savings with Compute flexible commitments", "Spend-based CUDs program improvements",
                "Sustained use discounts for Compute Engine",
            ],
            validFrom: from, validTo: to, stages: stages, naming: naming, sustainedUse: sustainedUse, parts: parts)
    }

    private static let resources = BenefitStage(
        name: "resource-based commitments", offers: ["cud-resource"], locality: .any, matches: [.region, .sku],
        conversion: .count, order: [.narrowScopeFirst], sharing: .ownerFirst)

    private static let flexible = BenefitStage(
        name: "Compute flexible commitments", offers: ["cud-flex"], locality: .any, matches: [], conversion: .rate,
        order: [.savingDescending, .rateAscending], sharing: .pooled)

    /// One dollar committed is one dollar at on-demand prices; 28 % less is paid for one year, 46 % for three.
    private static let flexibleAtOnDemandPrices = BenefitStage(
        name: "Compute flexible commitments at on-demand prices", offers: ["cud-flex"], locality: .any, matches: [],
        conversion: .onDemand, order: [.savingDescending, .rateAscending], sharing: .pooled,
        feeShares: ["1y": "0.72", "3y": "0.54"])

    /// Quarters of a month in use. The 20 % class comes to 80.02 % for a full month: published factors are
    /// rounded.
    private static let sustainedUse = [
        SustainedUse(
            name: "sustained use, 30 % class",
            families: ["n1", "m1", "m2", "f1", "g1"] + gpus,
            exceptServices: withoutSustainedUse, rates: ["1", "0.8", "0.6", "0.4"]),
        SustainedUse(
            name: "sustained use, 20 % class", families: ["n2", "n2d", "c2"], exceptServices: withoutSustainedUse,
            rates: ["1", "0.8678", "0.733", "0.6"]),
    ]

    /// GPUs with sustained use: all but the newer ones (A100, H100, L4).
    private static let gpus = [
        "nvidia-tesla-k80", "nvidia-tesla-p4", "nvidia-tesla-p100", "nvidia-tesla-t4", "nvidia-tesla-v100",
    ]

    /// Services that run on such machines and have no discount for sustained use.
    private static let withoutSustainedUse = ["app-engine", "dataflow", "App Engine", "Dataflow", "Cloud Dataflow"]

    /// Memory for each vCPU of the predefined types. Source: "Machine families resource and comparison guide".
    private static let parts = MachineParts(
        parts: [
            .init(suffix: "vcpu", measure: .vcpu), .init(suffix: "gib", measure: .memory),
            .init(suffix: "gpu", measure: .gpu),
        ],
        shapes: [
            "n1-standard": "3.75", "n1-highmem": "6.5", "n1-highcpu": "0.9", "n2-standard": "4", "n2-highmem": "8",
            "n2-highcpu": "1", "n2d-standard": "4", "n2d-highmem": "8", "n2d-highcpu": "1", "e2-standard": "4",
            "e2-highmem": "8", "e2-highcpu": "1", "c2-standard": "4", "c2d-standard": "4", "c2d-highmem": "8",
            "c2d-highcpu": "2", "c3-standard": "4", "c3-highmem": "8", "c3-highcpu": "2", "n4-standard": "4",
            "n4-highmem": "8", "n4-highcpu": "2", "t2d-standard": "4",
        ])

    /// `n2/vcpu` and `n2-standard-8` are of the series `n2`.
    private static let naming = SKUNaming(
        separator: "/", sizes: [:], numberedSuffix: "\u{0}", numberedFactor: "1", exceptions: [:],
        families: Dictionary(uniqueKeysWithValues: gpus.map { ($0, $0) }), familyEnd: "-")
}
