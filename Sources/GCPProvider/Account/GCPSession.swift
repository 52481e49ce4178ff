internal import CloudHTTP
internal import PlimsollCore

/// Makes calls as one identity.
struct GCPSession: Sendable {
    let client: CloudClient
    let credentials: CredentialCache<BearerToken>
    /// Address instead of Google's own, without a slash at the end; nil = Google's own.
    let endpoint: String?

    func call(
        _ call: GCPCall, _ project: String, location: String = "", _ parameters: [(String, String)] = []
    ) throws(CloudFailure) -> CloudCall {
        let address = endpoint ?? "https://" + call.api.host
        guard var request = CloudRequest(method: "GET", url: address) else {
            throw CloudFailure(.config, "`\(address)` is no address", hint: "give `--endpoint http://HOST:PORT`")
        }
        let path = call.path.replacing("{project}", with: project).replacing("{location}", with: location)
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        request.path = (request.path == "/" ? "" : request.path) + parts[0]
        let fixed = parts.dropFirst().map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        let size = call.size.isEmpty ? [] : [(call.size, String(call.count))]
        request.query = (fixed.map { ($0[0], $0[1]) } + parameters + size).map { (name: $0.0, value: $0.1) }
        var made = CloudCall(
            call.permission, request, limit: .init(account: project, service: call.api.rawValue),
            authorizer: BearerAuthorizer(credentials: credentials))
        made.isStandIn = endpoint != nil
        return made
    }

    func answer(
        _ call: GCPCall, _ project: String, _ parameters: [(String, String)] = []
    ) async throws(CloudFailure) -> CloudItem {
        do throws(CloudFailure) {
            return try await client.send(try self.call(call, project, parameters)) { (response) throws(CloudFailure) in
                try CloudItem(json: response)
            }
        } catch {
            throw Self.told(error, call, project)
        }
    }

    /// One element of a listing, or a place that could not be listed.
    enum Part: Sendable {
        case item(CloudItem)
        case missing(place: String, reason: String)
    }

    /// Reads a listing page by page.
    func pages(
        _ call: GCPCall, _ project: String, location: String = "", _ parameters: [(String, String)] = [],
        deliver: ([Part]) async throws -> Void
    ) async throws {
        do {
            let first = try self.call(call, project, location: location, parameters)
            try await client.pages(of: first) { request, token in
                request.query.removeAll { $0.name == "pageToken" }
                request.query.append(("pageToken", token))
            } decode: { (response) throws(CloudFailure) in
                let answer = try CloudItem(json: response)
                let next = answer["nextPageToken"]
                return CloudPage(items: Self.parts(answer, call), next: next.isEmpty ? nil : .token(next))
            } deliver: {
                try await deliver($0)
            }
        } catch let failure as CloudFailure {
            throw Self.told(failure, call, project)
        }
    }

    private static func parts(_ answer: CloudItem, _ call: GCPCall) -> [Part] {
        let silent = call.unreachable.flatMap { answer.texts($0) }.map {
            Part.missing(place: $0, reason: "it did not answer")
        }
        guard call.isAggregated, case .object(let scopes)? = answer.json["items"] else {
            return answer.list(call.items).map(Part.item) + silent
        }
        // `zones/europe-west1-b` and the like, in the order of their names.
        let parts = scopes.sorted { $0.key < $1.key }.flatMap { place, scope -> [Part] in
            let scope = CloudItem(scope)
            let code = scope["warning.code"]
            // An empty place says so by a warning.
            guard code.isEmpty || code == "NO_RESULTS_ON_PAGE" else {
                return scope.list(call.items).map(Part.item) + [
                    .missing(place: place, reason: scope["warning.message"])
                ]
            }
            return scope.list(call.items).map(Part.item)
        }
        return parts + silent
    }

    /// A refusal because an API is off says how it is switched on.
    private static func told(_ failure: CloudFailure, _ call: GCPCall, _ project: String) -> CloudFailure {
        let codes = ["accessNotConfigured", "SERVICE_DISABLED"]
        guard failure.status == 403,
            codes.contains(failure.code) || failure.message.contains("has not been used in project")
        else { return failure }
        var told = CloudFailure(
            .config, "the API `\(call.api.host)` is not enabled in the project `\(project)`",
            hint: "enable it with `gcloud services enable \(call.api.host) --project \(project)`")
        told.status = failure.status
        told.code = failure.code
        return told
    }
}
