internal import CloudHTTP
internal import PlimsollCore

/// One listing that is read: its account and region, and where its rows go.
struct AWSReader: ListingReader {
    let provider = "aws"
    let session: AWSSession
    let billingAccount: String
    let region: String
    let scope: CollectScope
    let sink: any CollectSink
    /// Now, for what is asked by time.
    let now: Instant

    /// Account that is read.
    var account: String { session.account }

    /// A resource of this account and region.
    func resource(_ type: String, _ id: String, _ item: CloudItem? = nil, fields: [String] = []) -> Resource {
        var resource = Resource(provider: "aws", type: type, id: id)
        resource.billingAccount = billingAccount
        resource.account = session.account
        resource.region = region
        resource.attributes = item?.fields(fields) ?? [:]
        return resource
    }

    /// ARN of something in this account and region.
    func arn(_ service: String, _ name: String) -> String {
        let partition = region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
        return "arn:\(partition):\(service):\(region):\(session.account):\(name)"
    }

    /// Reads a listing of the query or JSON form, page by page.
    func pages(
        _ service: AWSService, _ action: String, _ parameters: [(String, String)] = [], body: JSONValue? = nil,
        items: String, token: AWSToken, _ deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        let call = try session.call(service, action, region, parameters, body: body)
        try await session.pages(call, service, items: items, token: token, deliver: deliver)
    }

    /// One answer of the query or JSON form.
    func answer(
        _ service: AWSService, _ action: String, _ parameters: [(String, String)] = [], body: JSONValue? = nil
    ) async throws(CloudFailure) -> CloudItem {
        try await session.answer(try session.call(service, action, region, parameters, body: body), service)
    }
}

/// Something that an account has, and how it is read.
typealias AWSListing = Listing<AWSReader>

/// What is read.
enum AWSListings {}
