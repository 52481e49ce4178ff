public import PlimsollCore

extension AWS {
    /// How a commitment is bought with the vendor's command line; nil for offers this module does not know.
    public static func purchaseSteps(_ commitment: Commitment) -> PurchaseSteps? {
        guard commitment.provider == descriptor.id else { return nil }
        switch commitment.offer {
        case .familyPlan, .computePlan: return planSteps(commitment)
        case .riStandard, .riConvertible: return isNode(commitment.sku) ? nil : reservationSteps(commitment)
        default: return nil
        }
    }

    /// Whether a SKU is a node of another service than EC2, which sells its reservations itself.
    private static func isNode(_ sku: String) -> Bool {
        sku.hasSuffix(".search") || ["db.", "cache.", "ra3.", "dc2.", "ds2."].contains(where: sku.hasPrefix)
    }

    // MARK: Savings Plans

    private static func planSteps(_ plan: Commitment) -> PurchaseSteps {
        let isFamily = plan.offer == .familyPlan
        let kind = isFamily ? "EC2 Instance Savings Plan" : "Compute Savings Plan"
        var lookup = [
            "aws savingsplans describe-savings-plans-offerings", "--plan-types \(isFamily ? "EC2Instance" : "Compute")",
            "--durations \(seconds(plan))", "--payment-options \(ShellWord.quote(payment(plan)))",
            "--currencies \(ShellWord.quote(plan.currency))",
        ]
        if isFamily {
            lookup.append(
                "--filters \(ShellWord.quote("name=region,values=\(plan.region)"))"
                    + " \(ShellWord.quote("name=instanceFamily,values=\(plan.family)"))")
        }
        lookup.append("--query 'searchResults[].offeringId' --output text")
        let buy = [
            "aws savingsplans create-savings-plan", "--savings-plan-offering-id '<OFFERING-ID>'",
            "--commitment \(plan.hourlyCommitment)",
        ]
        return PurchaseSteps(
            title: "\(kind), \(title(plan))", lookup: lookup.joined(separator: " "), buy: buy.joined(separator: " "),
            undo: planUndo(plan), checks: planChecks(plan), resource: planResource(plan), form: planForm(plan))
    }

    private static func planUndo(_ plan: Commitment) -> String {
        guard plan.hourlyCommitment <= Money(100) else {
            return "None: a plan of more than 100 USD an hour cannot be returned; it runs to the end of its term."
        }
        return "Within 7 days and the calendar month of the purchase: "
            + "`aws savingsplans return-savings-plan --savings-plan-id '<PLAN-ID>'`. After that there is none."
    }

    private static func planChecks(_ plan: Commitment) -> [String] {
        var result = ["The rates of the offering are those of the price book."]
        if let start = plan.start {
            result.append(
                "It begins at once; `--purchase-time \(start)` queues it, and "
                    + "`aws savingsplans delete-queued-savings-plan` takes it back until then.")
        }
        result.append(accountCheck(plan))
        return result
    }

    // MARK: Reserved Instances

    private static func reservationSteps(_ item: Commitment) -> PurchaseSteps {
        let isStandard = item.offer == .riStandard
        let region = ShellWord.quote(item.region)
        var lookup = [
            "aws ec2 describe-reserved-instances-offerings", "--region \(region)",
            "--instance-type \(ShellWord.quote(item.sku))",
            "--product-description \(ShellWord.quote(product(item.os)))",
            "--instance-tenancy \(item.tenancy == "dedicated" ? "dedicated" : "default")",
            "--offering-class \(isStandard ? "standard" : "convertible")",
            "--offering-type \(ShellWord.quote(payment(item)))", "--min-duration \(seconds(item))",
            "--max-duration \(seconds(item))", "--no-include-marketplace",
        ]
        lookup.append(
            item.zone.isEmpty
                ? "--filters Name=scope,Values=Region" : "--availability-zone \(ShellWord.quote(item.zone))")
        lookup.append("--query 'ReservedInstancesOfferings[].ReservedInstancesOfferingId' --output text")
        let buy =
            "aws ec2 purchase-reserved-instances-offering --region \(region)"
            + " --reserved-instances-offering-id '<OFFERING-ID>' --instance-count \(item.quantity)"
        let undo =
            isStandard
            ? "None by the vendor. It may be sold on the Reserved Instance Marketplace after 30 days "
                + "(`aws ec2 create-reserved-instances-listing`), at what a buyer pays."
            : "None. It may be exchanged for others of at least the same value "
                + "(`aws ec2 accept-reserved-instances-exchange-quote`); it cannot be sold."
        return PurchaseSteps(
            title: "\(isStandard ? "Standard" : "Convertible") Reserved Instance, \(title(item))",
            lookup: lookup.joined(separator: " "), buy: buy, undo: undo,
            checks: [
                "The offering's prices are those of the price book.",
                "The quota of Reserved Instances of the region allows it; `--dry-run` asks without buying.",
                accountCheck(item),
            ],
            noResource: "The AWS provider of Terraform has no resource for EC2 Reserved Instances "
                + "(aws_ec2_capacity_reservation reserves capacity, not a price): use the command.",
            form: reservationForm(item))
    }

    // MARK: Words

    private static func title(_ item: Commitment) -> String {
        let years = (item.term ?? .oneYear).hours / 8_760
        return "\(years) year\(years == 1 ? "" : "s"), \(payment(item))"
    }

    static func payment(_ item: Commitment) -> String {
        switch item.payment {
        case .all: "All Upfront"
        case .partial: "Partial Upfront"
        default: "No Upfront"
        }
    }

    static func seconds(_ item: Commitment) -> Int { (item.term ?? .oneYear).hours * 3_600 }

    static func product(_ os: String) -> String {
        switch os {
        case "windows": "Windows"
        case "rhel": "Red Hat Enterprise Linux"
        case "sles": "SUSE Linux"
        default: "Linux/UNIX"
        }
    }

    private static func accountCheck(_ item: Commitment) -> String {
        let owner = item.account.isEmpty ? item.billingAccount : item.account
        return "The command runs as account `\(owner)`: `aws sts get-caller-identity` says so."
    }
}
