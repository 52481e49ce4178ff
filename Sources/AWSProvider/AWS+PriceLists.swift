internal import Foundation
public import PlimsollCore

extension AWS {
    /// Price list files as AWS publishes them: of services ("offer files") and of Savings Plans, CSV and JSON.
    public static let priceMappings: [PriceMapping] = [
        PriceMapping(
            id: "aws-offer-csv", title: "AWS price list of a service, CSV", source: serviceDocument, layout: .csv,
            signature: ["SKU", "OfferTermCode", "TermType", "PricePerUnit"], columns: offerColumns,
            sql: offers(PriceLists.raw)),
        PriceMapping(
            id: "aws-offer-json", title: "AWS price list of a service, JSON", source: serviceDocument,
            layout: .json([
                .init("product", at: ["products.*"], isRow: false),
                .init("term", at: ["terms.*.*.*"]),
            ]),
            signature: ["sku", "productFamily", "attributes"],
            sql: offers(String(decoding: PackageResources.aws_offer_rows_sql, as: UTF8.self))),
        PriceMapping(
            id: "aws-savings-plan-csv", title: "AWS Savings Plans price list, CSV", source: planDocument, layout: .csv,
            signature: ["SKU", "DiscountedRate", "DiscountedUsageType", "PurchaseOption"], columns: planColumns,
            sql: plans(PriceLists.raw)),
        PriceMapping(
            id: "aws-savings-plan-json", title: "AWS Savings Plans price list, JSON", source: planDocument,
            layout: .json([
                .init("product", at: ["products.[]"], isRow: false),
                .init("plan", at: ["terms.savingsPlan.[]"], isRow: false),
                .init("rate", at: ["terms.savingsPlan.[].rates.[]"]),
            ]),
            signature: ["sku", "productFamily", "attributes"],
            sql: plans(String(decoding: PackageResources.aws_plan_rows_sql, as: UTF8.self))),
    ]

    private static let serviceDocument =
        "Reading the service price list file for an AWS service (AWS Billing User Guide)"
    private static let planDocument = "Reading the service price list file for a Savings Plan (AWS Billing User Guide)"

    private static func offers(_ raw: String) -> String {
        PriceLists.fill(String(decoding: PackageResources.aws_offer_prices_sql, as: UTF8.self), raw)
    }

    private static func plans(_ raw: String) -> String {
        PriceLists.fill(String(decoding: PackageResources.aws_plan_prices_sql, as: UTF8.self), raw)
    }

    private static let offerColumns = [
        "SKU", "OfferTermCode", "TermType", "EffectiveDate", "StartingRange", "EndingRange", "Unit", "PricePerUnit",
        "Currency", "LeaseContractLength", "PurchaseOption", "OfferingClass", "Product Family", "serviceCode",
        "Location",
        "Location Type", "Region Code", "Instance Type", "vCPU", "Physical Processor", "Memory", "Network Performance",
        "Processor Architecture", "Tenancy", "Operating System", "License Model", "usageType", "operation",
        "CapacityStatus", "MarketOption", "GPU", "GPU Memory", "Normalization Size Factor", "Pre Installed S/W",
    ]

    private static let planColumns = [
        "SKU", "Unit", "EffectiveDate", "DiscountedRate", "Currency", "DiscountedSKU", "DiscountedServiceCode",
        "DiscountedUsageType", "DiscountedOperation", "PurchaseOption", "LeaseContractLength", "Location",
        "Product Family", "DiscountedRegionCode", "DiscountedInstanceType",
    ]
}

/// What the vendor's price lists call things by, put into the SQL.
private enum PriceLists {
    /// The rows of a CSV file.
    static let raw = "(SELECT *, 0 AS _part FROM raw)"

    static func fill(_ template: String, _ raw: String) -> String {
        var sql = template.replacing("@RAW@", with: raw)
            .replacing("@PLACES@", with: values(places.map { [$0.0, $0.1] }))
            .replacing("@OPERATIONS@", with: values(operations.map { [$0.0, $0.1, $0.2] }))
        while let start = sql.range(of: "@USAGE_REGION("), let end = sql[start.upperBound...].range(of: ")@") {
            let column = String(sql[start.upperBound..<end.lowerBound])
            sql.replaceSubrange(start.lowerBound..<end.upperBound, with: usageRegion(column))
        }
        return sql
    }

    private static func values(_ rows: [[String]]) -> String {
        rows.map { row in
            "(" + row.map { "'" + $0.replacing("'", with: "''") + "'" }.joined(separator: ", ") + ")"
        }.joined(separator: ", ")
    }

    /// The region that the beginning of a usage type stands for; none there is us-east-1.
    private static func usageRegion(_ column: String) -> String {
        let cases = prefixes.map { "WHEN '\($0.0)' THEN '\($0.1)'" }.joined(separator: " ")
        let prefix = "regexp_extract(\(column), '^([A-Z]{2,3}[0-9]?)-', 1)"
        return "CASE \(prefix) \(cases) WHEN '' THEN CASE WHEN contains(\(column), ':') THEN 'us-east-1' END END"
    }

    /// Operations of instances: the code after `RunInstances:`, operating system, licence.
    /// Source: AMI billing information fields (Amazon EC2 User Guide).
    private static let operations: [(String, String, String)] = [
        ("RunInstances", "linux", ""), ("0002", "windows", ""), ("0800", "windows", "byol"),
        ("0006", "windows", "sql-std"), ("0102", "windows", "sql-ent"), ("0202", "windows", "sql-web"),
        ("0004", "linux", "sql-std"), ("0100", "linux", "sql-ent"), ("0200", "linux", "sql-web"),
        ("0g00", "linux", "ubuntu-pro"), ("0010", "rhel", ""), ("00g0", "rhel", "byol"), ("1010", "rhel", "ha"),
        ("0014", "rhel", "sql-std"), ("0110", "rhel", "sql-ent"), ("0210", "rhel", "sql-web"),
        ("1014", "rhel", "ha+sql-std"), ("1110", "rhel", "ha+sql-ent"), ("1210", "rhel", "ha+sql-web"),
        ("000g", "sles", ""),
    ]

    /// Regions as older price lists name them.
    private static let places: [(String, String)] = [
        ("US East (N. Virginia)", "us-east-1"), ("US East (Ohio)", "us-east-2"),
        ("US West (N. California)", "us-west-1"), ("US West (Oregon)", "us-west-2"),
        ("Canada (Central)", "ca-central-1"), ("Canada West (Calgary)", "ca-west-1"),
        ("Mexico (Central)", "mx-central-1"), ("South America (Sao Paulo)", "sa-east-1"),
        ("EU (Ireland)", "eu-west-1"), ("EU (London)", "eu-west-2"), ("EU (Paris)", "eu-west-3"),
        ("EU (Frankfurt)", "eu-central-1"), ("EU (Stockholm)", "eu-north-1"), ("EU (Milan)", "eu-south-1"),
        ("Europe (Ireland)", "eu-west-1"), ("Europe (London)", "eu-west-2"), ("Europe (Paris)", "eu-west-3"),
        ("Europe (Frankfurt)", "eu-central-1"), ("Europe (Stockholm)", "eu-north-1"), ("Europe (Milan)", "eu-south-1"),
        ("Europe (Spain)", "eu-south-2"), ("Europe (Zurich)", "eu-central-2"), ("Israel (Tel Aviv)", "il-central-1"),
        ("Middle East (Bahrain)", "me-south-1"), ("Middle East (UAE)", "me-central-1"),
        ("Africa (Cape Town)", "af-south-1"), ("Asia Pacific (Tokyo)", "ap-northeast-1"),
        ("Asia Pacific (Seoul)", "ap-northeast-2"), ("Asia Pacific (Osaka)", "ap-northeast-3"),
        ("Asia Pacific (Singapore)", "ap-southeast-1"), ("Asia Pacific (Sydney)", "ap-southeast-2"),
        ("Asia Pacific (Jakarta)", "ap-southeast-3"), ("Asia Pacific (Melbourne)", "ap-southeast-4"),
        ("Asia Pacific (Malaysia)", "ap-southeast-5"), ("Asia Pacific (Thailand)", "ap-southeast-7"),
        ("Asia Pacific (Mumbai)", "ap-south-1"), ("Asia Pacific (Hyderabad)", "ap-south-2"),
        ("Asia Pacific (Hong Kong)", "ap-east-1"), ("Asia Pacific (Taipei)", "ap-east-2"),
        ("AWS GovCloud (US-West)", "us-gov-west-1"), ("AWS GovCloud (US-East)", "us-gov-east-1"),
        ("China (Beijing)", "cn-north-1"), ("China (Ningxia)", "cn-northwest-1"),
    ]

    /// Regions at the beginning of usage types.
    private static let prefixes: [(String, String)] = [
        ("USE1", "us-east-1"), ("USE2", "us-east-2"), ("USW1", "us-west-1"), ("USW2", "us-west-2"),
        ("CAN1", "ca-central-1"), ("SAE1", "sa-east-1"), ("EU", "eu-west-1"), ("EUW1", "eu-west-1"),
        ("EUW2", "eu-west-2"), ("EUW3", "eu-west-3"), ("EUC1", "eu-central-1"), ("EUC2", "eu-central-2"),
        ("EUN1", "eu-north-1"), ("EUS1", "eu-south-1"), ("EUS2", "eu-south-2"), ("ILC1", "il-central-1"),
        ("MES1", "me-south-1"), ("MEC1", "me-central-1"), ("AFS1", "af-south-1"), ("APN1", "ap-northeast-1"),
        ("APN2", "ap-northeast-2"), ("APN3", "ap-northeast-3"), ("APS1", "ap-southeast-1"),
        ("APS2", "ap-southeast-2"), ("APS3", "ap-south-1"), ("APS4", "ap-southeast-3"), ("APS5", "ap-south-2"),
        ("APS6", "ap-southeast-4"), ("APE1", "ap-east-1"), ("APE2", "ap-east-2"), ("UGW1", "us-gov-west-1"),
        ("UGE1", "us-gov-east-1"),
    ]
}
