/// A synthetic Savings Plans price list, in the vendor's published columns.
enum PlanFile {
    struct Rate {
        var plan: String
        var kind: String
        var payment: String
        var years: String
        var sku: String
        var service: String
        var usage: String
        var operation: String
        var unit: String
        var rate: String

        /// Plan and SKU, service, usage type and operation, unit and rate, by blanks.
        init(_ plan: (String, String, String, String), _ words: String) {
            (self.plan, kind, payment, years) = plan
            let cells = words.split(separator: " ").map(String.init)
            (sku, service, usage) = (cells[0], cells[1], cells[2])
            operation = cells[3] == "-" ? "" : cells[3]
            (unit, rate) = (cells[4], cells[5])
        }
    }

    private static let compute = ("P1", "ComputeSavingsPlans", "All Upfront", "1")

    static let rates = [
        Rate(compute, "S1 AmazonEC2 EU-BoxUsage:m5.large RunInstances Hrs 0.0780000000"),
        Rate(compute, "S2 AmazonEC2 EU-DedicatedUsage:m5.large RunInstances Hrs 0.0850000000"),
        Rate(compute, "S3 AmazonEC2 EU-UnusedBox:m5.large RunInstances Hrs 0.0780000000"),
        Rate(compute, "L1 AWSLambda EU-Lambda-GB-Second - Lambda-GB-Second 0.0000138"),
        Rate(
            ("P2", "EC2InstanceSavingsPlans", "No Upfront", "3"),
            "S4 AmazonEC2 EU-BoxUsage:m5.large RunInstances:0002 Hrs 0.151"),
        Rate(
            ("P3", "SageMakerSavingsPlans", "Partial Upfront", "3"),
            "M1 AmazonSageMaker EU-ml.m5.large-Training RunTraining Hrs 0.2"),
        Rate(
            ("P4", "DatabaseSavingsPlans", "No Upfront", "1"),
            "D1 AmazonRDS EU-InstanceUsage:db.r7g.large CreateDBInstance:0021 Hrs 0.1"),
    ]

    private static let header =
        "SKU,RateCode,Unit,EffectiveDate,DiscountedRate,Currency,DiscountedSKU,DiscountedServiceCode,DiscountedUsageType,"
        + "DiscountedOperation,PurchaseOption,LeaseContractLength,LeaseContractLengthUnit,ServiceCode,UsageType,Operation,"
        + "Description,Instance Family,Location,Location Type,Granularity,Product Family,DiscountedRegionCode,"
        + "DiscountedInstanceType"

    static var csv: String {
        let preamble = [
            "FormatVersion,v1.0", "Disclaimer,\"Synthetic, for tests\"", "Publication Date,2026-11-01T00:00:00Z",
            "Version,2026", "OfferCode,AmazonComputeSavingsPlan", header,
        ]
        let lines = rates.map { rate in
            [
                rate.plan, "\(rate.plan).\(rate.sku)", rate.unit, "2026-10-01T00:00:00Z", rate.rate, "USD", rate.sku,
                rate.service, rate.usage, rate.operation, rate.payment, rate.years, "year", "ComputeSavingsPlans", "X",
                "",
                "text", "m5", "EU (Ireland)", "AWS Region", "hourly", rate.kind, "eu-west-1", "",
            ].joined(separator: ",")
        }
        return (preamble + lines).joined(separator: "\n") + "\n"
    }

    private static var plans: [Rate] {
        rates.enumerated().filter { item in rates.firstIndex { $0.plan == item.element.plan } == item.offset }
            .map(\.element)
    }

    static var json: String {
        let products = plans.map {
            #"{"sku": "\#($0.plan)", "productFamily": "\#($0.kind)", "attributes": {"purchaseOption": "\#($0.payment)"}}"#
        }
        let terms = plans.map { plan in
            let inner = rates.filter { $0.plan == plan.plan }.map {
                #"{"discountedSku": "\#($0.sku)", "discountedUsageType": "\#($0.usage)", "discountedOperation": "\#($0.operation)", "#
                    + #""discountedServiceCode": "\#($0.service)", "discountedRegionCode": "eu-west-1", "unit": "\#($0.unit)", "#
                    + #""discountedRate": {"price": "\#($0.rate)", "currency": "USD"}}"#
            }
            return #"{"sku": "\#(plan.plan)", "effectiveDate": "2026-10-01T00:00:00Z", "#
                + #""leaseContractLength": {"duration": \#(plan.years), "unit": "year"}, "#
                + #""rates": [\#(inner.joined(separator: ", "))]}"#
        }
        return #"{"version": "2026", "products": [\#(products.joined(separator: ", "))], "#
            + #""terms": {"savingsPlan": [\#(terms.joined(separator: ", "))]}}"#
    }
}
