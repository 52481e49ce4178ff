public import PlimsollCore

extension GCP {
    /// How committed-use discounts apply, hour by hour: resource-based commitments, then Compute flexible ones,
    /// then on-demand.
    ///
    /// Resource-based commitments are of vCPU and memory apart, by region and machine series: the SKUs
    /// `n2/vcpu` and `n2/gib`. A flexible commitment is discounted dollars an hour over the whole billing
    /// account, of the model that all accounts have since 2026-01-21; for hours before that day there is no
    /// stage for it.
    ///
    /// Assumed, because no document was found that says it: eligible usage consumes a flexible commitment by
    /// saving, greatest first. That resource-based commitments go before flexible ones was seen in a copy of
    /// the documentation only.
    ///
    /// Sources: "Committed use discounts (CUDs) for Compute Engine"; "Calculate savings with Compute flexible
    /// commitments".
    public static let benefitPrograms: [BenefitProgram] = [
        program("Committed-use discounts", from: "2026-01-21", to: nil, [resources, flexible]),
        program("Committed-use discounts before the present flexible model", from: nil, to: "2026-01-21", [resources]),
    ]

    private static func program(
        _ name: String, from: String?, to: String?, _ stages: [BenefitStage]
    ) -> BenefitProgram {
        BenefitProgram(
            provider: "gcp", name: name,
            sources: [
                "Committed use discounts (CUDs) for Compute Engine",
                "Calculate savings with Compute flexible commitments",
            ],
            validFrom: from, validTo: to, stages: stages, naming: naming)
    }

    private static let resources = BenefitStage(
        name: "resource-based commitments", offers: ["cud-resource"], locality: .any, matches: [.region, .sku],
        conversion: .count, order: [.narrowScopeFirst], sharing: .ownerFirst)

    private static let flexible = BenefitStage(
        name: "Compute flexible commitments", offers: ["cud-flex"], locality: .any, matches: [], conversion: .rate,
        order: [.savingDescending, .rateAscending], sharing: .pooled)

    /// `n2/vcpu` is of the series `n2`.
    private static let naming = SKUNaming(
        separator: "/", sizes: [:], numberedSuffix: "\u{0}", numberedFactor: "1", exceptions: [:])
}
