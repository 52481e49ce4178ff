/// A call of an API of Alibaba Cloud as its reference describes it.
struct AlibabaCall: Sendable, Hashable {
    /// Where an API is.
    enum Host: Sendable, Hashable {
        /// One host for all regions.
        case one(String)
        /// `PREFIX.REGION.aliyuncs.com`, but one for the older of the regions: `PREFIX.aliyuncs.com`.
        case region(String, central: Set<String> = [])
    }

    /// How a listing goes on.
    enum Paging: Sendable, Hashable {
        /// All at once.
        case none
        /// `NextToken` with `MaxResults`; the token is at this path.
        case token(Int, at: String = "NextToken")
        /// Numbered pages: names of the number and the size, and the path of the total.
        case number(Int, number: String = "PageNumber", size: String = "PageSize", total: String = "TotalCount")
    }

    /// Package of the vendor's Python SDK, for checks: `alibabacloud_ecs20140526`.
    var package: String
    /// Service as RAM names it.
    var service: String
    var version: String
    var host: Host
    var action: String
    /// Path of the elements.
    var items: String
    var paging: Paging
    /// Path of a call in the resource style; empty = the action is all.
    var path = ""
    /// RAM's name of the action, where it is another.
    var permissionAction: String?

    init(
        _ api: API, _ action: String, items: String, _ paging: Paging, path: String = "", permission: String? = nil
    ) {
        package = api.package
        service = api.service
        version = api.version
        host = api.host
        self.action = action
        self.items = items
        self.paging = paging
        self.path = path
        permissionAction = permission
    }

    /// What RAM has to allow: `ecs:DescribeInstances`.
    var permission: String { permissionAction ?? "\(service):\(action)" }

    func host(in region: String) -> String {
        switch host {
        case .one(let host): host
        case .region(let prefix, let central):
            central.contains(region) ? "\(prefix).aliyuncs.com" : "\(prefix).\(region).aliyuncs.com"
        }
    }

    /// Regions that RDS serves from one host. Source: endpoints of the vendor's SDKs.
    private static let old: Set = [
        "cn-qingdao", "cn-beijing", "cn-hangzhou", "cn-shanghai", "cn-shenzhen", "cn-hongkong", "ap-southeast-1",
        "us-west-1", "us-east-1",
    ]

    /// An API: its SDK package, RAM's service, version and host.
    struct API: Sendable {
        var package: String
        var service: String
        var version: String
        var host: Host

        static let sts = API(
            package: "alibabacloud_sts20150401", service: "sts", version: "2015-04-01", host: .one("sts.aliyuncs.com"))
        static let regions = API(
            package: "alibabacloud_ecs20140526", service: "ecs", version: "2014-05-26", host: .one("ecs.aliyuncs.com"))
        static let ecs = API(
            package: "alibabacloud_ecs20140526", service: "ecs", version: "2014-05-26", host: .region("ecs"))
        static let vpc = API(
            package: "alibabacloud_vpc20160428", service: "vpc", version: "2016-04-28",
            host: .region("vpc", central: ["cn-hangzhou"]))
        static let slb = API(
            package: "alibabacloud_slb20140515", service: "slb", version: "2014-05-15",
            host: .region("slb", central: old))
        static let rds = API(
            package: "alibabacloud_rds20140815", service: "rds", version: "2014-08-15",
            host: .region("rds", central: old.union(["cn-heyuan"])))
        static let redis = API(
            package: "alibabacloud_r_kvstore20150101", service: "kvstore", version: "2015-01-01",
            host: .region("r-kvstore", central: ["cn-hangzhou"]))
        static let containers = API(
            package: "alibabacloud_cs20151215", service: "cs", version: "2015-12-15", host: .region("cs"))
        static let monitor = API(
            package: "alibabacloud_cms20190101", service: "cms", version: "2019-01-01", host: .region("metrics"))
        static let billing = API(
            package: "alibabacloud_bssopenapi20171214", service: "bss", version: "2017-12-14",
            host: .one("business.ap-southeast-1.aliyuncs.com"))
    }

    static let identity = AlibabaCall(.sts, "GetCallerIdentity", items: "", .none)
    static let regions = AlibabaCall(.regions, "DescribeRegions", items: "Regions.Region", .none)
}
