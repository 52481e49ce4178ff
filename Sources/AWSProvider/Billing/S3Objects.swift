public import CloudHTTP
public import PlimsollCore

/// Objects of a bucket in S3, or of a store that speaks its protocol. Amazon S3 API Reference, "ListObjectsV2",
/// "GetObject".
public struct S3Objects: ObjectStore {
    private let session: AWSSession
    private let bucket: String
    private let region: String

    /// Objects of a bucket that the credentials of a cache reach, at `endpoint` where it is not AWS's own.
    public init(
        _ bucket: String, client: CloudClient, credentials: CredentialCache<SigV4.Credentials>, endpoint: String?,
        region: String
    ) {
        self.bucket = bucket
        var address = endpoint
        while address?.hasSuffix("/") == true { address?.removeLast() }
        session = AWSSession(client: client, credentials: credentials, endpoint: address)
        self.region = region
    }

    /// `s3://BUCKET`.
    public var title: String { "s3://\(bucket)" }

    /// Objects whose keys begin with a prefix, by key.
    public func list(under prefix: String) async throws -> [StoredObject] {
        do { return try await listed(prefix) } catch let failure as CloudFailure { throw failure.provider }
    }

    private func listed(_ prefix: String) async throws -> [StoredObject] {
        var query = [("list-type", "2"), ("max-keys", "1000")]
        if !prefix.isEmpty { query.append(("prefix", prefix)) }
        let call = try session.call(.s3, "ListBucket", region, path: "/\(bucket)", query: query)
        let token = AWSToken(name: "continuation-token", next: "NextContinuationToken")
        var objects: [StoredObject] = []
        // Pages are read as a whole: objects repeat as elements beside others.
        try await session.client.pages(of: call) { request, value in
            token.put(value, into: &request, .s3)
        } decode: { (response) throws(CloudFailure) in
            let page = try CloudItem(xml: response)
            return CloudPage(items: page.all("Contents"), next: .token(page[token.next]))
        } deliver: { items in
            objects += items.map { (item: CloudItem) in
                StoredObject(key: item["Key"], tag: item["ETag"], size: Int(item["Size"]) ?? 0)
            }
        }
        return objects.sorted { $0.key < $1.key }
    }

    /// Reads an object piece by piece.
    public func read(_ key: String, deliver: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        let path = key.split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentEncoding.strict(String($0)) }.joined(separator: "/")
        do throws(CloudFailure) {
            let call = try session.call(.s3, "GetObject", region, path: "/\(bucket)/\(path)")
            try await session.client.download(call, deliver: deliver)
        } catch {
            throw error.provider
        }
    }
}
