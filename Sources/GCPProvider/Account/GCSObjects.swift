public import CloudHTTP
public import PlimsollCore

/// Objects of a bucket in Cloud Storage. Cloud Storage JSON API, "Objects: list", "Objects: get".
public struct GCSObjects: ObjectStore {
    private static let listCall = GCPCall(
        .storage, "storage.objects.list", "/storage/v1/b/{project}/o", "storage.objects.list", items: "items",
        size: "maxResults", count: 1000)
    private static let readCall = GCPCall(
        .storage, "storage.objects.get", "/storage/v1/b/{project}/o/{location}?alt=media", "storage.objects.get",
        items: "")

    private let session: GCPSession
    private let bucket: String

    /// Objects of a bucket that the credentials of a cache reach, at `endpoint` where it is not Google's own.
    public init(
        _ bucket: String, client: CloudClient, credentials: CredentialCache<BearerToken>, endpoint: String?
    ) {
        var endpoint = endpoint
        while let address = endpoint, address.hasSuffix("/") { endpoint = String(address.dropLast()) }
        session = GCPSession(client: client, credentials: credentials, endpoint: endpoint)
        self.bucket = bucket
    }

    /// `gs://BUCKET`.
    public var title: String { "gs://\(bucket)" }

    /// Objects whose names begin with a prefix, by name.
    public func list(under prefix: String) async throws -> [StoredObject] {
        do {
            var objects: [StoredObject] = []
            let query = prefix.isEmpty ? [] : [("prefix", prefix)]
            try await session.pages(Self.listCall, PercentEncoding.strict(bucket), query) { page in
                for case .item(let item) in page {
                    objects.append(
                        StoredObject(key: item["name"], tag: item["generation"], size: Int(item["size"]) ?? 0))
                }
            }
            return objects.sorted { $0.key < $1.key }
        } catch let failure as CloudFailure {
            throw failure.provider
        }
    }

    /// Reads an object piece by piece.
    public func read(_ key: String, deliver: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        do throws(CloudFailure) {
            let call = try session.call(
                Self.readCall, PercentEncoding.strict(bucket), location: PercentEncoding.strict(key))
            try await session.client.download(call, deliver: deliver)
        } catch {
            throw error.provider
        }
    }
}
