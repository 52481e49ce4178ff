public import PlimsollCore

extension GCP {
    /// How a commitment is bought with the vendor's command line; nil for offers this module does not know.
    ///
    /// Sources: "gcloud compute commitments create"; "Purchase resource-based commitments without attached
    /// reservations"; "Terraform Google provider, google_compute_region_commitment".
    public static func purchaseSteps(_ commitment: Commitment) -> PurchaseSteps? {
        guard commitment.provider == descriptor.id else { return nil }
        switch commitment.offer.rawValue {
        case "cud-resource": return resourceSteps(commitment)
        case "cud-flex": return flexibleSteps(commitment)
        default: return nil
        }
    }

    // MARK: Resource-based

    private static func resourceSteps(_ item: Commitment) -> PurchaseSteps? {
        let parts = item.sku.split(separator: "/").map(String.init)
        guard parts.count == 2, ["vcpu", "gib"].contains(parts[1]) else { return nil }
        let (series, isCPU) = (parts[0], parts[1] == "vcpu")
        let amount = isCPU ? "vcpu=\(item.quantity)" : "memory=\(item.quantity)GB"
        let type = types[series]
        let project = item.account.isEmpty ? "'<PROJECT>'" : ShellWord.quote(item.account)
        let region = ShellWord.quote(item.region)
        let name = "plimsoll-" + resourceName(item.id)
        return PurchaseSteps(
            title: "Committed use of \(series) \(isCPU ? "vCPUs" : "memory"), \(years(item))",
            lookup: "gcloud compute commitments list --project=\(project) --regions=\(region)",
            buy: "gcloud compute commitments create \(name) --project=\(project) --region=\(region)"
                + " --plan=\(isLong(item) ? "36" : "12")-month --type=\(ShellWord.quote(type ?? "<TYPE>"))"
                + " --resources=\(ShellWord.quote(amount))",
            undo: "None: a commitment cannot be cancelled; it runs to the end of its term.",
            checks: [
                "The vendor sells vCPUs and memory of a series in one commitment, memory within limits for each vCPU: "
                    + "put the amounts of both purchases of a region and series into one command.",
                "The quota \"Committed CPUs\" or \"Committed memory\" of the region allows it.",
                "Discount sharing over the billing account is on where the plan counts on it.",
            ] + (type == nil ? ["`<TYPE>` is the commitment type that the vendor's page gives for \(series)."] : []),
            resource: type.map { resource(item, name, $0, isCPU) },
            noResource: type == nil ? "The commitment type of \(series) is not known here: use the command." : "",
            form: PurchaseForm(
                id: "gcp-commitments",
                page:
                    "Google Cloud console, Compute Engine, Committed use discounts, Purchase commitment. The rows are "
                    + "for typing in.",
                fields: [
                    .init("Name", name), .init("Region", item.region), .init("Machine series", series.uppercased()),
                    .init("Duration", years(item)), .init("vCPUs", isCPU ? item.quantity.description : ""),
                    .init("Memory (GB)", isCPU ? "" : item.quantity.description),
                ]))
    }

    private static func resource(
        _ item: Commitment, _ name: String, _ type: String, _ isCPU: Bool
    ) -> PurchaseResource {
        // Memory is given in MB.
        let amount = isCPU ? item.quantity : Quantity(raw: item.quantity.raw * 1_024)
        return PurchaseResource(
            type: "google_compute_region_commitment", source: "hashicorp/google", version: ">= 5.0.0",
            arguments: [
                .init("name", name), .init("region", item.region),
                .init("plan", isLong(item) ? "THIRTY_SIX_MONTH" : "TWELVE_MONTH"),
                .init("type", type.uppercased().replacing("-", with: "_")),
            ],
            blocks: [
                .init("resources", [.init("type", isCPU ? "VCPU" : "MEMORY"), .init("amount", amount.description)])
            ],
            document: "Terraform Google provider, Resource: google_compute_region_commitment",
            cautions: [
                "Undo: none by Terraform. A destroy forgets the state, and the commitment runs on to its end.",
                "Put the vCPUs and the memory of a region and series into one resource, a `resources` block each.",
            ])
    }

    // MARK: Flexible

    private static func flexibleSteps(_ plan: Commitment) -> PurchaseSteps {
        PurchaseSteps(
            title: "Compute flexible commitment, \(years(plan))", lookup: "", buy: "",
            undo: "None: a commitment cannot be cancelled; it runs to the end of its term.",
            checks: [
                "The console takes the commitment as discounted spend an hour, the model of all accounts since "
                    + "2026-01-21.",
                "It reaches all projects and regions of billing account `\(plan.billingAccount)`.",
            ],
            noResource: "A flexible commitment is bought in the console of the billing account: there is neither a "
                + "gcloud command nor a Terraform resource for it.",
            form: PurchaseForm(
                id: "gcp-flexible",
                page: "Google Cloud console, Billing, Committed use discounts, Purchase, Compute flexible commitments. "
                    + "The rows are for typing in.",
                fields: [
                    .init("Billing account", plan.billingAccount), .init("Commitment", "Compute Engine flexible"),
                    .init("Period", years(plan)), .init("Hourly commitment", plan.hourlyCommitment.description),
                ]))
    }

    // MARK: Words

    /// Commitment types of machine series, as the command spells them.
    private static let types = [
        "n1": "general-purpose", "n2": "general-purpose-n2", "n2d": "general-purpose-n2d", "e2": "general-purpose-e2",
        "t2d": "general-purpose-t2d", "c2": "compute-optimized", "c2d": "compute-optimized-c2d",
        "c3": "compute-optimized-c3", "c3d": "compute-optimized-c3d", "m1": "memory-optimized",
        "m2": "memory-optimized", "a2": "accelerator-optimized",
    ]

    private static func isLong(_ item: Commitment) -> Bool { item.term == .threeYears }

    private static func years(_ item: Commitment) -> String { isLong(item) ? "3 years" : "1 year" }

    /// Small letters, digits and dashes, as names of resources are.
    private static func resourceName(_ id: String) -> String {
        String(id.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }.prefix(40))
    }
}
