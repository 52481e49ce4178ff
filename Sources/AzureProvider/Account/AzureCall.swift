/// A read of Azure Resource Manager.
struct AzureCall: Sendable, Hashable {
    /// Path with `{subscription}` and `{resource}`.
    var path: String
    var version: String
    /// Action of Azure RBAC: `Microsoft.Compute/virtualMachines/read`.
    var permission: String
    /// Further parameters.
    var query: [String: String] = [:]

    init(_ path: String, _ version: String, _ permission: String, query: [String: String] = [:]) {
        self.path = path
        self.version = version
        self.permission = permission
        self.query = query
    }

    /// All resources of a type in a subscription.
    static func list(_ type: String, _ version: String, query: [String: String] = [:]) -> AzureCall {
        AzureCall("/subscriptions/{subscription}/providers/\(type)", version, "\(type)/read", query: query)
    }

    static let subscriptions = AzureCall("/subscriptions", "2022-12-01", "Microsoft.Resources/subscriptions/read")
    static let statuses = list("Microsoft.Compute/virtualMachines", "2024-07-01", query: ["statusOnly": "true"])
    static let skus = list("Microsoft.Compute/skus", "2021-07-01")
    static let graph = AzureCall(
        "/providers/Microsoft.ResourceGraph/resources", "2022-10-01", "Microsoft.ResourceGraph/resources/read")
    static let databases = AzureCall("{resource}/databases", "2023-08-01", "Microsoft.Sql/servers/databases/read")
    static let metrics = AzureCall(
        "{resource}/providers/Microsoft.Insights/metrics", "2023-10-01", "Microsoft.Insights/metrics/read")
    static let batch = AzureCall(
        "/subscriptions/{subscription}/metrics:getBatch", "2024-02-01", "Microsoft.Insights/metrics/read")
    static let reservations = AzureCall(
        "/providers/Microsoft.Capacity/reservations", "2022-11-01",
        "Microsoft.Capacity/reservationOrders/reservations/read")
    static let savingsPlans = AzureCall(
        "/providers/Microsoft.BillingBenefits/savingsPlans", "2022-11-01",
        "Microsoft.BillingBenefits/savingsPlanOrders/savingsPlans/read")
}
