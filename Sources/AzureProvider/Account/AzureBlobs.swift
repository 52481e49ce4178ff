public import CloudHTTP
public import PlimsollCore

/// Blobs of a container of an Azure storage account. Blob service REST API, "List Blobs", "Get Blob".
public struct AzureBlobs: ObjectStore {
    /// Scope of the tokens.
    public static let scope = "https://storage.azure.com/.default"

    /// An account and a place in it: `https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX`.
    public struct Address: Hashable, Sendable {
        /// Storage account.
        public var account: String
        /// Container and prefix.
        public var place: StorePlace

        /// Reads an address; nil where it is none of a blob service.
        public init?(_ text: String) {
            guard let whole = StorePlace(text, scheme: "https"), whole.bucket.hasSuffix(".blob.core.windows.net"),
                let place = StorePlace("x://" + whole.prefix, scheme: "x")
            else { return nil }
            account = String(whole.bucket.prefix { $0 != "." })
            self.place = place
        }
    }

    private let client: CloudClient
    private let credentials: CredentialCache<BearerToken>
    private let address: Address
    private let endpoint: String
    private let isStandIn: Bool

    /// Blobs of the container of an address, which the credentials of a cache reach, at `endpoint` where it is not
    /// Azure's own.
    public init(
        _ address: Address, client: CloudClient, credentials: CredentialCache<BearerToken>, endpoint: String?
    ) {
        self.client = client
        self.credentials = credentials
        self.address = address
        isStandIn = endpoint != nil
        var own = endpoint ?? "https://\(address.account).blob.core.windows.net"
        while own.hasSuffix("/") { own.removeLast() }
        self.endpoint = own
    }

    /// `https://ACCOUNT.blob.core.windows.net/CONTAINER`.
    public var title: String { "https://\(address.account).blob.core.windows.net/\(address.place.bucket)" }

    /// Blobs whose names begin with a prefix, by name.
    public func list(under prefix: String) async throws -> [StoredObject] {
        do {
            var query = [("restype", "container"), ("comp", "list"), ("maxresults", "5000")]
            if !prefix.isEmpty { query.append(("prefix", prefix)) }
            let first = try call("\(Self.permission)", "", query)
            var objects: [StoredObject] = []
            try await client.pages(of: first) { request, marker in
                request.query.removeAll { $0.name == "marker" }
                request.query.append(("marker", marker))
            } decode: { (response) throws(CloudFailure) in
                let page = try CloudItem(xml: response)
                return CloudPage(items: page.list("Blobs"), next: .token(page["NextMarker"]))
            } deliver: { (items: [CloudItem]) in
                objects += items.map { item in
                    StoredObject(
                        key: item["Name"], tag: item["Properties.Etag"],
                        size: Int(item["Properties.Content-Length"]) ?? 0)
                }
            }
            return objects.sorted { $0.key < $1.key }
        } catch let failure as CloudFailure {
            throw failure.provider
        }
    }

    /// Reads a blob piece by piece.
    public func read(_ key: String, deliver: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        do throws(CloudFailure) {
            let path = "/" + PercentEncoding.strict(key, keepingSlashes: true)
            try await client.download(try call(Self.permission, path, []), deliver: deliver)
        } catch {
            throw error.provider
        }
    }

    private static let permission = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"

    private func call(
        _ name: String, _ path: String, _ query: [(String, String)]
    ) throws(CloudFailure) -> CloudCall {
        guard var request = CloudRequest(method: "GET", url: endpoint) else {
            throw CloudFailure(.config, "`\(endpoint)` is no address", hint: "give `--endpoint http://HOST:PORT`")
        }
        let base = request.path == "/" ? "" : request.path
        request.path = base + "/" + PercentEncoding.strict(address.place.bucket) + path
        request.query = query.map { (name: $0.0, value: $0.1) }
        request.setHeader("x-ms-version", "2023-11-03")
        var made = CloudCall(
            name, request, limit: .init(account: address.account, service: "blob"),
            authorizer: BearerAuthorizer(credentials: credentials))
        made.isStandIn = isStandIn
        return made
    }
}
