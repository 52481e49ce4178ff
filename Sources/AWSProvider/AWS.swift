public import PlimsollCore

/// Amazon Web Services: how its discounts apply, and built-in prices and facts.
public enum AWS {
    /// What this module is.
    public static let descriptor = ProviderDescriptor(
        id: "aws", name: "Amazon Web Services",
        capabilities: [
            "benefit programs: EC2 Reserved Instances, reserved nodes of databases, caches, warehouses and search, "
                + "EC2 Instance, Compute, SageMaker and Database Savings Plans",
            "price lists: of services and of Savings Plans",
            "accounts: inventory, metrics, spot prices, commitments",
        ],
        permissions: AWSAccount.permissions,
        notCovered: ["clusters of RDS and Redshift Serverless", "prices of the Price List API", "objects in buckets"])
}
