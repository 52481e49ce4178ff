import AzureProvider
import CloudHTTP
import Collection
import Foundation
import GCPProvider
import Ledger
import PlimsollCore
import PlimsollTesting
import Synchronization
import Testing

/// A store of two clouds' protocols over loopback, two objects a page.
private final class StoreServer: Sendable {
    let objects = Mutex<[String: String]>([:])

    func put(_ key: String, _ text: String?) { objects.withLock { $0[key] = text } }

    /// Objects of a page under a prefix, and the mark of the next.
    private func page(_ prefix: String, _ mark: String?) -> (objects: [(String, String)], next: String) {
        let all = objects.withLock { $0.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key } }
        let start = Int(mark ?? "0") ?? 0
        let some = all.dropFirst(start).prefix(2).map { ($0.key, $0.value) }
        return (some, start + 2 < all.count ? String(start + 2) : "")
    }

    func started() throws -> FaultServer {
        try FaultServer { [self] request in
            guard request.header("Authorization") == "Bearer marked-secret" else { return .respond(401, "{}") }
            if request.query("comp") == "list" {
                guard request.header("x-ms-version") != nil, request.path == "/costs" else { return .respond(400, "") }
                let page = page(request.query("prefix") ?? "", request.query("marker"))
                let blobs = page.objects.map { key, text in
                    "<Blob><Name>\(key)</Name><Properties><Etag>\(text.hashValue)</Etag><Content-Length>\(text.utf8.count)"
                        + "</Content-Length></Properties></Blob>"
                }
                return .respond(
                    200,
                    "<?xml version=\"1.0\"?><EnumerationResults><Blobs>\(blobs.joined())</Blobs><NextMarker>\(page.next)</NextMarker></EnumerationResults>"
                )
            }
            if request.path == "/storage/v1/b/costs/o" {
                let page = page(request.query("prefix") ?? "", request.query("pageToken"))
                let items = page.objects.map { key, text in
                    #"{"name": "\#(key)", "generation": "\#(text.hashValue)", "size": "\#(text.utf8.count)"}"#
                }
                return .respond(
                    200, #"{"items": [\#(items.joined(separator: ","))], "nextPageToken": "\#(page.next)"}"#)
            }
            let coded = request.path.replacing("/storage/v1/b/costs/o/", with: "").replacing("/costs/", with: "")
            let key = coded.removingPercentEncoding ?? ""
            if request.path.hasPrefix("/storage"), request.query("alt") != "media" || coded.contains("/") {
                return .respond(404, "{}")
            }
            return objects.withLock { $0[key] }.map { .respond(200, $0) } ?? .respond(404, "{}")
        }
    }
}

@Suite("Exports in stores of Azure and Google Cloud") struct StoreTests {
    private let folder = TemporaryFolder()
    private static let place = "costs/daily/20260101-20260131/"

    private static func token() -> CredentialCache<BearerToken> {
        CredentialCache { () async throws(CloudFailure) in Dated(BearerToken(Secret("marked-secret"))) }
    }

    private static func manifest(_ run: String, _ time: String) -> String {
        #"{"blobs": [{"blobName": "\#(place)\#(run)/part 0.csv", "byteCount": 1}], "runInfo": {"submittedTime": "\#(time)"}}"#
    }

    private func update(_ store: some ObjectStore, _ prefix: String) async throws -> ExportCopy.Report {
        let copy = ExportCopy(folder: folder.path)
        return try await copy.update(from: store, under: prefix, progress: { _ in }) {
            (names, folder) throws(Failure) in
            try BillSelection.wanted(names, in: folder, deliveries: Azure.billDeliveries)
        }
    }

    private func files() -> Set<String> {
        let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return Set(all.filter { $0.hasSuffix(".csv") })
    }

    @Test("Azure: the manifest of the newest run counts; only what changed is fetched again")
    func azure() async throws {
        let server = StoreServer()
        let web = try server.started()
        defer { web.stop() }
        let address = try #require(AzureBlobs.Address("https://shop.blob.core.windows.net/costs/costs"))
        #expect(address.account == "shop" && address.place.bucket == "costs" && address.place.prefix == "costs")
        let store = AzureBlobs(address, client: try directClient(), credentials: Self.token(), endpoint: web.url)
        for (run, time) in [("a", "2026-01-20T01:00:00Z"), ("b", "2026-02-03T01:00:00Z")] {
            server.put(Self.place + run + "/manifest.json", Self.manifest(run, time))
            server.put(Self.place + run + "/part 0.csv", "rows of \(run)")
        }
        server.put("other/x.csv", "not under the prefix")
        let first = try await update(store, address.place.prefix)
        #expect(first.fetched == 3 && first.wanted == 1)
        #expect(files() == [Self.place + "b/part 0.csv"])
        #expect(try folder.text(Self.place + "b/part 0.csv") == "rows of b")
        #expect(try await update(store, "costs").fetched == 0)
        server.put(Self.place + "b/part 0.csv", "other rows of b")
        #expect(try await update(store, "costs").fetched == 1)
        #expect(try folder.text(Self.place + "b/part 0.csv") == "other rows of b")
        let nothing = await #expect(throws: Failure.self) { try await update(store, "absent") }
        #expect(nothing?.diagnostics.first?.message.contains("shop.blob.core.windows.net/costs/absent/") == true)
    }

    @Test("Google Cloud: files without manifests, all of them; what is gone goes")
    func google() async throws {
        let server = StoreServer()
        let web = try server.started()
        defer { web.stop() }
        let store = GCSObjects("costs", client: try directClient(), credentials: Self.token(), endpoint: web.url)
        for number in 0..<5 { server.put("export/2026/part-\(number).csv", "rows \(number)") }
        let first = try await update(store, "export")
        #expect(first.fetched == 5)
        #expect(try folder.text("export/2026/part-3.csv") == "rows 3")
        server.put("export/2026/part-4.csv", nil)
        server.put("export/2026/part-1.csv", "new rows")
        #expect(try await update(store, "export").fetched == 1)
        #expect(files() == Set((0..<4).map { "export/2026/part-\($0).csv" }))
        #expect(try folder.text("export/2026/part-1.csv") == "new rows")
        let closed = GCSObjects(
            "costs", client: try directClient(),
            credentials: CredentialCache { () async throws(CloudFailure) in Dated(BearerToken(Secret("other"))) },
            endpoint: web.url)
        let failure = await #expect(throws: Failure.self) { try await update(closed, "export") }
        #expect(failure?.exitCode == .partial && failure?.diagnostics.first?.code == "cloud.auth")
    }

    @Test(
        "addresses of blobs",
        arguments: [
            ("https://a.blob.core.windows.net/c", "c", ""), ("https://a.blob.core.windows.net/c/x/y/", "c", "x/y"),
            ("https://a.blob.core.windows.net/", nil, ""), ("https://a.example/c", nil, ""),
            ("https://a.blob.core.windows.net/c/../d", nil, ""), ("s3://a/b", nil, ""),
        ] as [(String, String?, String)])
    func addresses(_ text: String, _ container: String?, _ prefix: String) {
        let address = AzureBlobs.Address(text)
        #expect(address?.place.bucket == container)
        if container != nil { #expect(address?.place.prefix == prefix && address?.account == "a") }
    }
}
