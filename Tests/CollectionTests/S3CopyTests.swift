import AWSProvider
import CloudHTTP
import Collection
import Foundation
import Ledger
import PlimsollCore
import Synchronization
import Testing

@Suite("Exports in S3, against moto", .enabled(if: MotoEstate.python != nil, MotoEstate.missing))
struct S3CopyTests {
    private let folder = TemporaryFolder()

    private static func key(_ month: String, _ run: String, _ part: Int = 1) -> String {
        "exports/daily/data/BILLING_PERIOD=2026-\(month)/\(run)/daily-0000\(part).csv"
    }

    private static func manifest(_ month: String, _ run: String, parts: Int) -> (key: String, text: String) {
        let files = (1...parts).map { JSONValue.string("s3://billing/" + Self.key(month, run, $0)) }
        let key = "exports/daily/metadata/BILLING_PERIOD=2026-\(month)/\(run)/daily-Manifest.json"
        return (key, JSONValue.object(["dataFiles": .array(files)]).canonical)
    }

    private static func order(_ store: MotoProgram, _ key: String, _ text: String?) async throws {
        let order: JSONValue = .object(
            text.map { ["put": .string(key), "text": .string($0)] } ?? ["delete": .string(key)])
        try await blocking {
            try store.say(order.canonical)
            _ = store.line()
        }
    }

    private static func deliver(_ store: MotoProgram, _ month: String, _ run: String, parts: [String]) async throws {
        for (index, text) in parts.enumerated() { try await order(store, key(month, run, index + 1), text) }
        let manifest = Self.manifest(month, run, parts: parts.count)
        try await order(store, manifest.key, manifest.text)
    }

    /// Updates the copy; the client is returned for its counts.
    private func update(_ url: String, _ prefix: String = "exports") async throws -> (ExportCopy.Report, CloudClient) {
        let client = CloudClient(transport: ClientTransport(proxies: try ProxySettings(environment: [:])))
        let credentials = CredentialCache { () async throws(CloudFailure) in
            Dated(SigV4.Credentials(accessKeyID: "testing", secretAccessKey: Secret("testing")))
        }
        let place = try #require(StorePlace("s3://billing/" + prefix, scheme: "s3"))
        let store = S3Objects(
            place.bucket, client: client, credentials: credentials, endpoint: url, region: "us-east-1")
        let copy = ExportCopy(folder: folder.path)
        let report = try await copy.update(from: store, under: place.prefix, progress: { _ in }) {
            (names, folder) throws(Failure) in
            try BillSelection.wanted(names, in: folder, deliveries: AWS.billDeliveries)
        }
        return (report, client)
    }

    private func files() -> Set<String> {
        let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return Set(all.filter { $0.hasSuffix(".csv") })
    }

    @Test("manifests decide what is fetched; only what changed is fetched again; what is gone goes")
    func incremental() async throws {
        let store = try await blocking { try MotoProgram("moto_store.py") }
        let url = String(decoding: try await blocking { store.line() }, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try await Self.deliver(store, "01", "20260105T0101-a", parts: ["old"])
        try await Self.deliver(store, "01", "20260202T0101-b", parts: ["one", "two"])
        try await Self.deliver(store, "02", "20260301T0101-c", parts: ["three"])
        let (first, _) = try await update(url)
        #expect(first.wanted == 3 && first.fetched == 6)
        let january = [Self.key("01", "20260202T0101-b"), Self.key("01", "20260202T0101-b", 2)]
        #expect(files() == Set(january + [Self.key("02", "20260301T0101-c")]))
        #expect(try folder.text(january[1]) == "two")

        let (second, quiet) = try await update(url)
        #expect(second.fetched == 0 && second.wanted == 3)
        #expect(Set(quiet.log.totals.keys) == ["s3:ListBucket"])

        // The same keys overwritten, and a month delivered anew; a file that was cut off here is fetched again.
        try await Self.order(store, january[0], "changed")
        try await Self.deliver(store, "02", "20260401T0101-d", parts: ["four"])
        try FileManager.default.removeItem(atPath: folder.path + "/" + january[1])
        let (third, _) = try await update(url)
        #expect(third.fetched == 4)
        #expect(try folder.text(january[0]) == "changed")
        #expect(files() == Set(january + [Self.key("02", "20260401T0101-d")]))

        try await Self.order(store, Self.manifest("01", "20260202T0101-b", parts: 2).key, nil)
        for key in january { try await Self.order(store, key, nil) }
        _ = try await update(url)
        #expect(files() == [Self.key("01", "20260105T0101-a"), Self.key("02", "20260401T0101-d")])
    }

    @Test("nothing there, no bucket, a delivery that lacks a file: said, with what to do")
    func absent() async throws {
        let store = try await blocking { try MotoProgram("moto_store.py") }
        let url = String(decoding: try await blocking { store.line() }, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let nothing = await #expect(throws: Failure.self) { try await update(url, "elsewhere") }
        #expect(nothing?.exitCode == .noInput)
        let manifest = Self.manifest("01", "20260202T0101-b", parts: 2)
        try await Self.order(store, manifest.key, manifest.text)
        try await Self.order(store, Self.key("01", "20260202T0101-b"), "one")
        let cut = await #expect(throws: Failure.self) { try await update(url) }
        #expect(cut?.diagnostics.first?.code == "import.incomplete-delivery")
    }

    @Test(
        "addresses",
        arguments: [
            ("s3://b", "b", ""), ("s3://b/x/y/", "b", "x/y"), ("s3:///x", "x", ""), ("s3://b/../x", nil, ""),
            ("s3://", nil, ""),
        ] as [(String, String?, String)])
    func addresses(_ text: String, _ bucket: String?, _ prefix: String) {
        let address = StorePlace(text, scheme: "s3")
        #expect(address?.bucket == bucket)
        if bucket != nil { #expect(address?.prefix == prefix) }
    }
}
