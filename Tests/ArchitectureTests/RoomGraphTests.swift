import Foundation
import Testing

/// Imports only point down. Optimizers know nothing of providers and providers
/// nothing of optimizers; only the command-line door names both.
@Suite struct RoomGraphTests {
    /// What a room is decides what it may import.
    private enum Kind {
        case core
        case shim
        case solver
        case overCore
        case reporting
        case provider
        case optimizer
        case runner
        case web
        case pluginHost
        case pluginKit
        case plugin
        case door
    }

    private static let optimizers: Set = [
        "CommitmentPlanner", "Rightsizing", "Recommenders", "GPUScheduling", "MigrationPlanner",
        "RecoveryPlanner", "AnomalyDetection", "KubernetesCosts", "MLTracking",
    ]
    private static let overCore: Set = [
        "Rating", "Ledger", "CloudHTTP", "Collection", "PlimsollPlugin", "PlimsollTesting",
    ]

    private static func kind(of room: String) -> Kind? {
        switch room {
        case "PlimsollCore": .core
        case "CHiGHS", "CSpawn": .shim
        case "Solver": .solver
        case "Reporting": .reporting
        case "ScenarioRunner": .runner
        case "Dashboard": .web
        case "PluginHost": .pluginHost
        case "PluginConformance": .pluginKit
        case "idle-volumes-swift": .plugin
        case "plimsoll": .door
        default:
            if overCore.contains(room) {
                .overCore
            } else if optimizers.contains(room) {
                .optimizer
            } else if room.hasSuffix("Provider") {
                .provider
            } else {
                nil
            }
        }
    }

    private static func mayImport(_ room: Kind, _ other: String, _ otherKind: Kind) -> Bool {
        switch room {
        case .core, .shim: false
        case .solver: otherKind == .core || otherKind == .shim
        case .overCore: otherKind == .core
        // What it shows are bills.
        case .reporting: otherKind == .core || other == "Rating"
        case .provider: otherKind == .core || ["CloudHTTP", "Rating"].contains(other)
        case .optimizer: otherKind == .core || ["Rating", "Solver"].contains(other)
        case .runner:
            otherKind == .core || otherKind == .solver || otherKind == .optimizer
                || ["Rating", "Ledger", "Reporting", "PluginHost"].contains(other)
        case .web: otherKind == .core || ["ScenarioRunner", "Reporting"].contains(other)
        // A plugin's processes are started by a shim.
        case .pluginHost: otherKind == .core || ["PlimsollPlugin", "CSpawn"].contains(other)
        case .pluginKit: otherKind == .core || ["PlimsollPlugin", "PluginHost", "PlimsollTesting"].contains(other)
        // What outsiders may import, and no more.
        case .plugin: otherKind == .core || other == "PlimsollPlugin"
        case .door: otherKind != .shim && otherKind != .door
        }
    }

    /// A third-party product is one room's business; tests may use it as an oracle.
    /// Digests and signatures are two: files' hashes in the core, requests' signatures beside the clouds.
    private static let owners: [String: Set<String>] = [
        "ArgumentParser": ["plimsoll"], "BigInt": ["Rating"], "Crypto": ["PlimsollCore", "CloudHTTP"],
        "CryptoExtras": ["CloudHTTP"], "AsyncHTTPClient": ["CloudHTTP"], "NIOCore": ["CloudHTTP"],
        "NIOHTTP1": ["CloudHTTP"], "NIOSSL": ["CloudHTTP"], "Yams": ["ScenarioRunner", "KubernetesProvider"],
        "GRDB": ["Ledger"],
        "Hummingbird": ["Dashboard"],
    ]

    private static let system: Set = [
        "Swift", "Foundation", "FoundationEssentials", "FoundationNetworking", "Dispatch", "Glibc", "Musl",
        "Darwin", "Synchronization", "RegexBuilder",
    ]

    private let manifest: Manifest

    init() throws {
        manifest = try Manifest.shared.get()
    }

    private var rooms: [Manifest.Target] { manifest.targets.filter { $0.type != "test" } }

    @Test func `declared edges point down`() {
        #expect(!rooms.isEmpty)
        for room in rooms {
            guard let kind = Self.kind(of: room.name) else {
                Issue.record("\(room.name) has no place in the graph: give it one in RoomGraphTests")
                continue
            }
            for other in room.rooms.sorted() {
                let allowed = Self.kind(of: other).map { Self.mayImport(kind, other, $0) } ?? false
                #expect(allowed, "\(room.name) must not depend on \(other)")
            }
        }
    }

    @Test func `only the command-line door names providers and optimizers`() {
        for room in rooms where room.name != "plimsoll" {
            let kinds = room.rooms.compactMap(Self.kind(of:))
            #expect(
                !(kinds.contains(.provider) && kinds.contains(.optimizer)), "\(room.name) names both sides")
        }
    }

    @Test func `a third-party product has one owner`() {
        for room in rooms {
            for product in room.products.sorted() {
                let owners = Self.owners[product] ?? []
                #expect(
                    owners.contains(room.name),
                    "\(room.name) must not use \(product): it belongs to \(owners.isEmpty ? "nobody yet" : owners.sorted().joined(separator: ", "))"
                )
            }
        }
    }

    @Test func `sources import only what their room declares`() throws {
        for target in manifest.targets {
            let isTest = target.type == "test"
            let declared = target.rooms.union(target.products).union(Self.system).union(
                isTest ? ["Testing"] : [])
            // A shipped library of test helpers is the one room that may lean on the test library.
            let allowed = target.name == "PlimsollTesting" ? declared.union(["Testing"]) : declared
            let folder = target.path ?? "\(isTest ? "Tests" : "Sources")/\(target.name)"
            for file in Checkout.files(in: folder, suffix: ".swift") {
                for module in Self.imports(in: try Checkout.text(file)) {
                    #expect(
                        allowed.contains(module),
                        "\(Checkout.relative(file)) imports \(module), which Package.swift does not declare")
                }
            }
        }
    }

    @Test func `every folder of sources is a room`() {
        let names = Set(manifest.targets.map(\.name))
        for folder in Checkout.folders(in: "Sources") + Checkout.folders(in: "Tests") where folder != "Fixtures" {
            #expect(names.contains(folder), "\(folder) is in no target")
        }
    }

    @Test func `the import scanner sees every form`() {
        let source = """
            import A
            public import B
            @testable import C
            internal import struct D.Thing
            @preconcurrency public import E.Sub
            // import Comment
            let text = "x" // import Trailing
            """
        #expect(Self.imports(in: source) == ["A", "B", "C", "D", "E"])
    }

    /// The modules that a source imports, in order.
    private static func imports(in source: String) -> [String] {
        let pattern =
            #/^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/#
        return SwiftText.withoutComments(source, keepingStrings: false).split(separator: "\n").compactMap {
            line in
            line.firstMatch(of: pattern).map { String($0.1) }
        }
    }
}
