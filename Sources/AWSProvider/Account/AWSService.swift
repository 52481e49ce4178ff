/// A service of AWS as its API reference describes it.
struct AWSService: Sendable, Hashable {
    /// How calls are made.
    enum Form: Sendable, Hashable {
        /// `Action=…&Version=…` in a form; XML comes back.
        case query(version: String)
        /// JSON with the operation in `X-Amz-Target`.
        case json(target: String, version: String)
        /// Method and path; JSON comes back.
        case rest
        /// Method and path; XML comes back.
        case restXML
    }

    /// Prefix of its permissions: `ec2`.
    var prefix: String
    /// Name in signatures, where it is another.
    var signing: String
    /// Beginning of its host.
    var host: String
    /// How calls are made.
    var form: Form
    /// Region that its one endpoint is in; nil = one endpoint in every region.
    var home: String?

    init(_ prefix: String, _ form: Form, signing: String? = nil, host: String? = nil, home: String? = nil) {
        self.prefix = prefix
        self.signing = signing ?? prefix
        self.host = host ?? prefix
        self.form = form
        self.home = home
    }

    /// Host in a region: `ec2.eu-west-1.amazonaws.com`.
    func host(in region: String) -> String {
        if prefix == "iam" { return "iam.amazonaws.com" }
        if prefix == "savingsplans" { return "savingsplans.amazonaws.com" }
        return "\(host).\(home ?? region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    }

    // Versions and targets: the API references of the services.
    static let ec2 = AWSService("ec2", .query(version: "2016-11-15"))
    static let balancers = AWSService("elasticloadbalancing", .query(version: "2012-06-01"))
    static let balancersV2 = AWSService("elasticloadbalancing", .query(version: "2015-12-01"))
    static let autoScaling = AWSService("autoscaling", .query(version: "2011-01-01"))
    static let rds = AWSService("rds", .query(version: "2014-10-31"))
    static let elastiCache = AWSService("elasticache", .query(version: "2015-02-02"))
    static let redshift = AWSService("redshift", .query(version: "2012-12-01"))
    static let cloudWatch = AWSService(
        "cloudwatch", .query(version: "2010-08-01"), signing: "monitoring", host: "monitoring")
    static let iam = AWSService("iam", .query(version: "2010-05-08"), home: "us-east-1")
    static let sts = AWSService("sts", .query(version: "2011-06-15"))
    static let dynamoDB = AWSService("dynamodb", .json(target: "DynamoDB_20120810", version: "1.0"))
    static let organizations = AWSService(
        "organizations", .json(target: "AWSOrganizationsV20161128", version: "1.1"), home: "us-east-1")
    static let pricing = AWSService(
        "pricing", .json(target: "AWSPriceListService", version: "1.1"), host: "api.pricing", home: "us-east-1")
    static let costExplorer = AWSService(
        "ce", .json(target: "AWSInsightsIndexService", version: "1.1"), home: "us-east-1")
    static let logs = AWSService("logs", .json(target: "Logs_20140328", version: "1.1"))
    static let ecs = AWSService("ecs", .json(target: "AmazonEC2ContainerServiceV20141113", version: "1.1"))
    static let kinesis = AWSService("kinesis", .json(target: "Kinesis_20131202", version: "1.1"))
    static let dataExports = AWSService(
        "bcm-data-exports", .json(target: "AWSBillingAndCostManagementDataExports", version: "1.1"),
        home: "us-east-1")
    static let lambda = AWSService("lambda", .rest)
    static let eks = AWSService("eks", .rest)
    static let search = AWSService("es", .rest)
    static let savingsPlans = AWSService("savingsplans", .rest, home: "us-east-1")
    static let s3 = AWSService("s3", .restXML)
}
