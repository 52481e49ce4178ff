internal import CloudHTTP
internal import PlimsollCore

/// Makes calls as one identity.
struct AlibabaSession: Sendable {
    let client: CloudClient
    let credentials: CredentialCache<ACS3.Credentials>
    /// Address instead of the vendor's own, without a slash at the end; nil = the vendor's own.
    let endpoint: String?
    /// Host of the billing API: that of the site where the account is.
    let billingHost: String?
    var account = ""

    func call(
        _ call: AlibabaCall, _ region: String, _ parameters: [(String, String)] = []
    ) throws(CloudFailure) -> CloudCall {
        let own = call.package == AlibabaCall.API.billing.package ? billingHost : nil
        let address = endpoint ?? "https://" + (own ?? call.host(in: region))
        guard var request = CloudRequest(method: call.path.isEmpty ? "POST" : "GET", url: address) else {
            throw CloudFailure(.config, "`\(address)` is no address", hint: "give `--endpoint http://HOST:PORT`")
        }
        if !call.path.isEmpty { request.path = (request.path == "/" ? "" : request.path) + call.path }
        request.query = parameters.map { (name: $0.0, value: $0.1) }
        request.setHeader("x-acs-action", call.action)
        request.setHeader("x-acs-version", call.version)
        var made = CloudCall(
            call.permission, request, limit: .init(account: account, service: call.service, region: region),
            authorizer: AlibabaAuthorizer(credentials: credentials))
        made.isStandIn = endpoint != nil
        return made
    }

    func answer(
        _ call: AlibabaCall, _ region: String, _ parameters: [(String, String)] = []
    ) async throws(CloudFailure) -> CloudItem {
        try await client.send(try self.call(call, region, parameters)) { (response) throws(CloudFailure) in
            try CloudItem(json: response)
        }
    }

    /// Reads a listing page by page.
    func pages(
        _ call: AlibabaCall, _ region: String, _ parameters: [(String, String)],
        deliver: ([CloudItem]) async throws -> Void
    ) async throws {
        let first = try self.call(call, region, parameters + Self.size(call.paging))
        try await client.pages(of: first) { request, token in
            let name = Self.cursor(call.paging)
            request.query.removeAll { $0.name == name }
            request.query.append((name, token))
        } decode: { (response) throws(CloudFailure) in
            let item = try CloudItem(json: response)
            let next = try Self.next(call, item)
            return CloudPage(items: item.list(call.items), next: next.map { .token($0) })
        } deliver: {
            try await deliver($0)
        }
    }

    private static func size(_ paging: AlibabaCall.Paging) -> [(String, String)] {
        switch paging {
        case .none: []
        case .token(let count, _): [("MaxResults", String(count))]
        case .number(let count, let number, let size, _): [(number, "1"), (size, String(count))]
        }
    }

    private static func cursor(_ paging: AlibabaCall.Paging) -> String {
        switch paging {
        case .none, .token: "NextToken"
        case .number(_, let number, _, _): number
        }
    }

    private static func next(_ call: AlibabaCall, _ item: CloudItem) throws(CloudFailure) -> String? {
        switch call.paging {
        case .none: return nil
        case .token(_, let path): return item[path].isEmpty ? nil : item[path]
        case .number(let count, let number, _, let total):
            // The number is told beside the total, under the same parent.
            let parent = total.split(separator: ".").dropLast().joined(separator: ".")
            let path = parent.isEmpty ? number : "\(parent).\(number)"
            guard let page = Int(item[path]), let all = Int(item[total]) else {
                guard item.list(call.items).count >= count else { return nil }
                throw CloudFailure(.data, "a full page does not tell its number and how many there are")
            }
            return page * count < all ? String(page + 1) : nil
        }
    }
}
