internal import CloudHTTP
internal import PlimsollCore

/// Makes calls as one identity.
struct AzureSession: Sendable {
    let client: CloudClient
    let credentials: CredentialCache<BearerToken>
    /// Tokens for the metrics of many resources at once; nil = they are asked one by one.
    let batchCredentials: CredentialCache<BearerToken>?
    /// Address instead of Azure's own, without a slash at the end; nil = Azure's own.
    let endpoint: String?
    private static let host = "management.azure.com"
    private static let retailHost = "prices.azure.com"

    func call(
        _ call: AzureCall, subscription: String = "", resource: String = "", _ query: [(String, String)] = [],
        body: JSONValue? = nil
    ) throws(CloudFailure) -> CloudCall {
        try made(call, host: Self.host, credentials, subscription, resource, query, body)
    }

    /// A call to the regional service that gives metrics of many resources.
    func batch(
        _ region: String, subscription: String, _ query: [(String, String)], body: JSONValue
    ) throws(CloudFailure) -> CloudCall? {
        guard let batchCredentials, !region.isEmpty else { return nil }
        return try made(
            .batch, host: "\(region).metrics.monitor.azure.com", batchCredentials, subscription, "", query, body)
    }

    private func made(
        _ call: AzureCall, host: String, _ credentials: CredentialCache<BearerToken>, _ subscription: String,
        _ resource: String, _ query: [(String, String)], _ body: JSONValue?
    ) throws(CloudFailure) -> CloudCall {
        let address = endpoint ?? "https://" + host
        guard var request = CloudRequest(method: body == nil ? "GET" : "POST", url: address) else {
            throw CloudFailure(.config, "`\(address)` is no address", hint: "give `--endpoint http://HOST:PORT`")
        }
        // Ids may hold blanks and the like.
        let path = call.path.replacing("{subscription}", with: subscription).replacing("{resource}", with: resource)
        let base = request.path == "/" ? "" : request.path
        request.path = base + PercentEncoding.strict(path, keepingSlashes: true).replacing("%3A", with: ":")
        let fixed = call.query.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        request.query = [(name: "api-version", value: call.version)] + fixed + query.map { (name: $0.0, value: $0.1) }
        if let body {
            request.setHeader("Content-Type", "application/json")
            request.body = Array(body.canonical.utf8)
        }
        var made = CloudCall(
            call.permission, request, limit: .init(account: subscription, service: "arm"),
            authorizer: BearerAuthorizer(credentials: credentials))
        made.isStandIn = endpoint != nil
        return made
    }

    /// Reads a listing page by page. A subscription that is not registered for a type has none of it.
    func pages(
        _ call: AzureCall, subscription: String = "", resource: String = "", _ query: [(String, String)] = [],
        deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        let first = try self.call(call, subscription: subscription, resource: resource, query)
        do {
            try await client.pages(of: first) { _, _ in
            } decode: { (response) throws(CloudFailure) in
                let answer = try CloudItem(json: response)
                return CloudPage(items: answer.list("value"), next: Self.link(answer["nextLink"]))
            } deliver: {
                try await deliver($0)
            }
        } catch let failure as CloudFailure {
            guard ["MissingSubscriptionRegistration", "SubscriptionNotRegistered"].contains(failure.code) else {
                throw failure
            }
        }
    }

    /// Reads retail prices, which need no credentials.
    func retail(_ query: [(String, String)], deliver: ([CloudItem]) async throws -> Void) async throws {
        var first = try made(AzureListings.retailCall, host: Self.retailHost, credentials, "", "", query, nil)
        first.authorizer = NoAuthorizer()
        first.limit = .init(service: "retail")
        try await client.pages(of: first) { _, _ in
        } decode: { (response) throws(CloudFailure) in
            let answer = try CloudItem(json: response)
            return CloudPage(items: answer.list("Items"), next: Self.link(answer["NextPageLink"], Self.retailHost))
        } deliver: {
            try await deliver($0)
        }
    }

    /// Links of Azure's own host lead on to wherever the first page was asked.
    private static func link(_ text: String, _ host: String = Self.host) -> PageCursor? {
        guard !text.isEmpty else { return nil }
        let own = "https://\(host)"
        guard text.lowercased().hasPrefix(own) else { return .link(text) }
        var path = String(text.dropFirst(own.count))
        if path.hasPrefix(":443") { path = String(path.dropFirst(4)) }
        return .link(path)
    }
}
