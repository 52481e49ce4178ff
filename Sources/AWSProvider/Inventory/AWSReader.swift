internal import CloudHTTP
internal import PlimsollCore

/// One listing that is read: its account and region, and where its rows go.
struct AWSReader: Sendable {
    let session: AWSSession
    let billingAccount: String
    let region: String
    let scope: CollectScope
    let sink: any CollectSink
    /// Now, for what is asked by time.
    let now: Instant

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

    /// Keeps resources.
    func push(_ resources: [Resource]) async throws {
        guard !resources.isEmpty else { return }
        var batch = CollectedBatch()
        batch.resources = resources
        try await sink.push(batch)
    }

    /// Keeps commitments.
    func push(_ commitments: [Commitment]) async throws {
        guard !commitments.isEmpty else { return }
        var batch = CollectedBatch()
        batch.commitments = commitments
        try await sink.push(batch)
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

    /// What a call about one resource says; nil where the provider says that there is none, and where it fails: that
    /// is a gap, and the listing goes on. `absent` are codes that mean none.
    func detail(
        _ what: String, absent: Set<String> = [], _ ask: () async throws(CloudFailure) -> CloudItem
    ) async throws -> CloudItem? {
        do throws(CloudFailure) { return try await ask() } catch {
            guard error.kind != .cancelled else { throw error }
            guard !absent.contains(error.code) else { return nil }
            try await gap(what, error)
            return nil
        }
    }

    /// Says what could not be read.
    func gap(_ what: String, _ failure: CloudFailure) async throws {
        var batch = CollectedBatch()
        let piece = CollectPiece(id: "", what: what, account: session.account, region: region)
        batch.gaps = [Gap(failure.provider, provider: "aws", what: what, of: piece)]
        try await sink.push(batch)
    }
}

/// Something that an account has, and how it is read.
struct AWSListing: Sendable {
    /// Stable name.
    var id: String
    /// For people.
    var what: String
    /// Permissions, that of the listing itself first.
    var permissions: [String]
    /// Whether there is one for all regions.
    var isGlobal = false
    /// Reads it.
    var read: @Sendable (AWSReader) async throws -> Void

    /// A listing that makes calls of `permissions`.
    init(
        _ id: String, _ what: String, _ permissions: String..., isGlobal: Bool = false,
        read: @escaping @Sendable (AWSReader) async throws -> Void
    ) {
        self.id = id
        self.what = what
        self.permissions = permissions
        self.isGlobal = isGlobal
        self.read = read
    }
}

extension Resource {
    /// Adds a relation to each of the ids that is not empty, in their order, once.
    mutating func link(_ kind: String, _ ids: [String]) {
        for id in ids where !id.isEmpty {
            let link = Link(kind: kind, id: id)
            if !links.contains(link) { links.append(link) }
        }
    }
}
