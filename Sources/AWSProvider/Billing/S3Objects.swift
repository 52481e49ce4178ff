public import CloudHTTP
internal import PlimsollCore

/// A place in S3: `s3://bucket/prefix`.
public struct S3Address: Hashable, Sendable {
    /// The bucket.
    public var bucket: String
    /// Beginning of the keys, without a slash at its ends; empty = all of the bucket.
    public var prefix: String

    /// Whether a path is meant as one.
    public static func isOne(_ path: String) -> Bool { path.hasPrefix("s3://") }

    /// Reads `s3://bucket/prefix`; nil where there is no bucket.
    public init?(_ text: String) {
        guard Self.isOne(text) else { return nil }
        let parts = text.dropFirst(5).split(separator: "/").map(String.init)
        guard let first = parts.first, !parts.contains(".."), !first.contains(where: \.isWhitespace) else { return nil }
        bucket = first
        prefix = parts.dropFirst().joined(separator: "/")
    }
}

/// An object in a bucket, without its bytes.
public struct S3Object: Hashable, Sendable {
    /// Its key.
    public var key: String
    /// Stands for its content: changes when that does.
    public var tag: String
    /// Bytes.
    public var size: Int
}

/// Lists and reads objects of S3, or of a store that speaks its protocol. Amazon S3 API Reference, "ListObjectsV2",
/// "GetObject".
public struct S3Objects: Sendable {
    private let session: AWSSession
    private let region: String

    /// Objects that the credentials of a cache reach, at `endpoint` where it is not AWS's own.
    public init(
        client: CloudClient, credentials: CredentialCache<SigV4.Credentials>, endpoint: String?, region: String
    ) {
        var address = endpoint
        while address?.hasSuffix("/") == true { address?.removeLast() }
        session = AWSSession(client: client, credentials: credentials, endpoint: address)
        self.region = region
    }

    /// Objects under a prefix, by key. Throws a ``CloudFailure``.
    public func list(_ address: S3Address) async throws -> [S3Object] {
        var query = [("list-type", "2"), ("max-keys", "1000")]
        if !address.prefix.isEmpty { query.append(("prefix", address.prefix + "/")) }
        let call = try session.call(.s3, "ListBucket", region, path: "/\(address.bucket)", query: query)
        let token = AWSToken(name: "continuation-token", next: "NextContinuationToken")
        var objects: [S3Object] = []
        // Pages are read as a whole: objects repeat as elements beside others.
        try await session.client.pages(of: call) { request, value in
            token.put(value, into: &request, .s3)
        } decode: { (response) throws(CloudFailure) in
            let page = try CloudItem(xml: response)
            return CloudPage(items: page.all("Contents"), next: .token(page[token.next]))
        } deliver: { items in
            objects += items.map { S3Object(key: $0["Key"], tag: $0["ETag"], size: Int($0["Size"]) ?? 0) }
        }
        return objects.sorted { $0.key < $1.key }
    }

    /// Reads an object piece by piece. Throws a ``CloudFailure``.
    func read(
        _ key: String, of bucket: String, deliver: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws(CloudFailure) {
        let path = key.split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentEncoding.strict(String($0)) }.joined(separator: "/")
        let call = try session.call(.s3, "GetObject", region, path: "/\(bucket)/\(path)")
        try await session.client.download(call, deliver: deliver)
    }
}
