internal import CloudHTTP
internal import PlimsollCore

/// Makes calls as one identity in one account.
struct AWSSession: Sendable {
    let client: CloudClient
    let credentials: CredentialCache<SigV4.Credentials>
    /// Account of the credentials; empty until it is known.
    var account = ""
    /// Address instead of AWS's own, without a slash at the end; nil = AWS's own.
    let endpoint: String?

    /// A call of a query or JSON service.
    func call(
        _ service: AWSService, _ action: String, _ region: String, _ parameters: [(String, String)] = [],
        body: JSONValue? = nil
    ) throws(CloudFailure) -> CloudCall {
        var request = try request(service, region, method: "POST")
        switch service.form {
        case .query(let version):
            request.setForm([("Action", action), ("Version", version)] + parameters.map { (name: $0.0, value: $0.1) })
        case .json(let target, let version):
            request.setHeader("Content-Type", "application/x-amz-json-\(version)")
            request.setHeader("X-Amz-Target", "\(target).\(action)")
            request.body = Array((body ?? .object([:])).canonical.utf8)
        case .rest, .restXML: throw CloudFailure(.internal, "`\(action)` needs a method and a path")
        }
        return call(service, action, region, request)
    }

    /// A call of a service with methods and paths. `permission` is the name of its permission.
    func call(
        _ service: AWSService, _ permission: String, _ region: String, method: String = "GET", path: String,
        query: [(String, String)] = [], body: JSONValue? = nil
    ) throws(CloudFailure) -> CloudCall {
        var request = try request(service, region, method: method)
        request.path += path.hasPrefix("/") ? String(path.dropFirst()) : path
        request.query = query.map { (name: $0.0, value: $0.1) }
        if let body {
            request.setHeader("Content-Type", "application/json")
            request.body = Array(body.canonical.utf8)
        }
        return call(service, permission, region, request)
    }

    private func call(_ service: AWSService, _ name: String, _ region: String, _ request: CloudRequest) -> CloudCall {
        let place = service.home ?? region
        let signer = SigV4(region: place, service: service.signing)
        var call = CloudCall(
            "\(service.prefix):\(name)", request,
            limit: .init(account: account, service: service.prefix, region: place),
            authorizer: AWSAuthorizer(signer, credentials: credentials))
        call.isStandIn = endpoint != nil
        return call
    }

    private func request(
        _ service: AWSService, _ region: String, method: String
    ) throws(CloudFailure) -> CloudRequest {
        let address = endpoint ?? "https://" + service.host(in: region)
        guard var request = CloudRequest(method: method, url: address) else {
            throw CloudFailure(.config, "`\(address)` is no address", hint: "give `--endpoint http://HOST:PORT`")
        }
        if !request.path.hasSuffix("/") { request.path += "/" }
        return request
    }

    /// The answer of a call.
    func answer(_ call: CloudCall, _ service: AWSService) async throws(CloudFailure) -> CloudItem {
        try await client.send(call) { (response) throws(CloudFailure) in try Self.item(response, service) }
    }

    /// A response in the form of its service; results of the query form lose their wrapping.
    static func item(_ response: CloudResponse, _ service: AWSService) throws(CloudFailure) -> CloudItem {
        switch service.form {
        case .json, .rest: return try CloudItem(json: response)
        case .restXML: return try CloudItem(xml: response)
        case .query:
            let root = try response.xml()
            guard let result = root.children.first(where: { $0.name.hasSuffix("Result") }), service != .ec2 else {
                return try CloudItem(xml: response)
            }
            return CloudItem(xml: result)
        }
    }

    /// Reads the pages of a listing: elements at `items`, the token at `token.next`, sent as `token.name`.
    func pages(
        _ first: CloudCall, _ service: AWSService, items: String, token: AWSToken,
        deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        try await client.pages(of: first) { request, value in
            token.put(value, into: &request, service)
        } decode: { (response) throws(CloudFailure) in
            let item = try Self.item(response, service)
            let next = token.isLast(item) ? "" : item[token.next]
            return CloudPage(items: item.list(items), next: next.isEmpty ? nil : .token(next))
        } deliver: {
            try await deliver($0)
        }
    }
}

/// How a listing goes on.
struct AWSToken: Sendable {
    /// Name in the request.
    var name: String
    /// Path in the response.
    var next: String
    /// Path of a truth value that is false on the last page; empty = there is none.
    var more = ""

    static let nextToken = AWSToken(name: "NextToken", next: "NextToken")
    static let ec2 = AWSToken(name: "NextToken", next: "nextToken")
    static let camel = AWSToken(name: "nextToken", next: "nextToken")
    static let marker = AWSToken(name: "Marker", next: "Marker")
    static let nextMarker = AWSToken(name: "Marker", next: "NextMarker")

    func isLast(_ item: CloudItem) -> Bool { !more.isEmpty && item[more] == "false" }

    func put(_ token: String, into request: inout CloudRequest, _ service: AWSService) {
        switch service.form {
        case .query: request.body += Array("&\(name)=\(PercentEncoding.strict(token))".utf8)
        case .json:
            guard case .object(var members)? = JSONValue(parsing: request.body) else { return }
            members[name] = .string(token)
            request.body = Array(JSONValue.object(members).canonical.utf8)
        case .rest where request.method == "POST":
            guard case .object(var members)? = JSONValue(parsing: request.body) else { return }
            members[name] = .string(token)
            request.body = Array(JSONValue.object(members).canonical.utf8)
        case .rest, .restXML:
            request.query.removeAll { $0.name == name }
            request.query.append((name, token))
        }
    }
}
