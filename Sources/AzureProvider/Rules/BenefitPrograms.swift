public import PlimsollCore

extension Azure {
    /// How reservations and savings plans apply, hour by hour: reservations of virtual machines, then the
    /// savings plan for compute, then pay-as-you-go.
    ///
    /// A reservation is a pool of machine hours each hour. With instance size flexibility a machine takes its
    /// ratio out of it; families and ratios are the catalogue's (`family`, `size_factor`), because the vendor
    /// changes them; those of two groups that the vendor's page works through are here. A commitment without a family serves its exact size. Plans take usage by saving, greatest
    /// first; where the customer's own price is below the plan's rate, that price is what is taken. Both cover the
    /// infrastructure alone: a licence in a machine's price stays to be paid, unless the customer brings it.
    ///
    /// Assumed, because the documents do not say it: among usage that one reservation reaches, small sizes
    /// come first; among reservations that reach the same usage, those of a narrow scope come first.
    ///
    /// Sources: "How the Azure reservation discount is applied to virtual machines"; "Virtual machine size
    /// flexibility with Reserved VM Instances"; "How saving plan discount is applied".
    public static let benefitPrograms: [BenefitProgram] = [
        BenefitProgram(
            provider: "azure", name: "Reservations of virtual machines and savings plan for compute",
            sources: [
                "How the Azure reservation discount is applied to virtual machines",
                "Virtual machine size flexibility with Reserved VM Instances", "How saving plan discount is applied",
            ],
            stages: [reservations, savingsPlans], naming: naming, licences: licences)
    ]

    private static let reservations = BenefitStage(
        name: "reservations", offers: ["reservation"], locality: .any, matches: [.region, .sku, .os, .tenancy],
        conversion: .count, order: [.narrowScopeFirst, .sizeAscending], sharing: .pooled,
        flexibility: SizeFlexibility(
            os: ["linux", "windows", "rhel", "sles", ""], tenancy: ["shared", ""], exclusions: [],
            namedFamilyOnly: true))

    private static let savingsPlans = BenefitStage(
        name: "savings plan for compute", offers: ["compute-savings-plan"], locality: .any, matches: [],
        conversion: .lowerRate, order: [.longTermFirst, .narrowScopeFirst, .savingDescending, .rateAscending],
        sharing: .pooled)

    /// Names tell neither flexibility group nor ratio: beyond these both are the catalogue's.
    private static let naming = SKUNaming(
        separator: "", sizes: [:], numberedSuffix: "\u{0}", numberedFactor: "1", exceptions: ratios,
        families: groups)

    /// Source: "Virtual machine size flexibility with Reserved VM Instances".
    private static let ratios = [
        "Standard_DS1_v2": "1", "Standard_DS2_v2": "2", "Standard_DS3_v2": "4", "Standard_DS4_v2": "8",
        "Standard_DS5_v2": "16", "Standard_D2s_v3": "1", "Standard_D4s_v3": "2", "Standard_D8s_v3": "4",
        "Standard_D16s_v3": "8", "Standard_D32s_v3": "16", "Standard_D64s_v3": "32",
    ]

    private static let groups = Dictionary(
        uniqueKeysWithValues: ratios.keys.map { ($0, $0.hasSuffix("_v2") ? "DSv2 Series" : "DSv3 Series") })

    private static let licences = SeparateLicences(
        os: ["windows", "rhel", "sles"], without: "linux", brought: ["hybrid-benefit", "ahb", "byol"],
        word: "license-only")
}
