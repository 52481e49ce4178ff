/// A method of an API of Google Cloud, by its discovery document.
struct GCPCall: Sendable, Hashable {
    /// An API.
    enum API: String, Sendable {
        case compute, monitoring, sqladmin, container, storage, recommender, cloudresourcemanager, cloudbilling

        /// Its host, which is the name that it is enabled by.
        var host: String { "\(rawValue).googleapis.com" }

        /// Name of its discovery document.
        var document: String {
            switch self {
            case .monitoring, .cloudresourcemanager: rawValue + ".v3"
            default: rawValue + ".v1"
            }
        }
    }

    var api: API
    /// Id in the discovery document: `compute.instances.aggregatedList`.
    var method: String
    /// Path with `{project}` and `{location}`.
    var path: String
    /// IAM permission.
    var permission: String
    /// Member of the answer that has the elements. Of an aggregated list, the member of each scope.
    var items: String
    /// Whether the elements are grouped by zone and region.
    var isAggregated = false
    /// Name of the parameter that says how many come at once; empty = there is none.
    var size = ""
    var count = 500
    /// Members that name places which did not answer.
    var unreachable: [String] = []

    init(
        _ api: API, _ method: String, _ path: String, _ permission: String, items: String, isAggregated: Bool = false,
        size: String = "", count: Int = 500, unreachable: [String] = []
    ) {
        self.api = api
        self.method = method
        self.path = path
        self.permission = permission
        self.items = items
        self.isAggregated = isAggregated
        self.size = size
        self.count = count
        self.unreachable = unreachable
    }

    /// A list of Compute Engine over all zones and regions.
    static func aggregated(_ name: String, _ permission: String, resource: String? = nil) -> GCPCall {
        GCPCall(
            .compute, "compute.\(resource ?? name).aggregatedList", "/compute/v1/projects/{project}/aggregated/\(name)",
            "compute.\(permission).list", items: name, isAggregated: true, size: "maxResults",
            unreachable: ["unreachables"])
    }

    /// A list of Compute Engine without a place.
    static func global(_ name: String) -> GCPCall {
        GCPCall(
            .compute, "compute.\(name).list", "/compute/v1/projects/{project}/global/\(name)", "compute.\(name).list",
            items: "items", size: "maxResults")
    }

    static let projects = GCPCall(
        .cloudresourcemanager, "cloudresourcemanager.projects.search", "/v3/projects:search",
        "resourcemanager.projects.get", items: "projects", size: "pageSize", count: 300)
    static let billing = GCPCall(
        .cloudbilling, "cloudbilling.projects.getBillingInfo", "/v1/projects/{project}/billingInfo",
        "resourcemanager.projects.get", items: "")
}
