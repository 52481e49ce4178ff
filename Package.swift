// swift-tools-version: 6.2
import PackageDescription

/// One row per room: the only list of edges. ArchitectureTests holds the
/// sources to it.
struct Room {
    var name: String
    var rooms: [String] = []
    var products: [Target.Dependency] = []
    var resources: [Resource] = []
    /// Where its sources are, if not in the usual folder.
    var path: String?
}

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let nio = ["NIOCore", "NIOHTTP1"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let rooms = [
    Room(name: "PlimsollCore", products: [crypto]),
    Room(name: "Rating", rooms: ["PlimsollCore"], products: [bigInt]),
    Room(name: "Solver", rooms: ["PlimsollCore", "CHiGHS"]),
    Room(name: "Ledger", rooms: ["PlimsollCore"]),
    Room(name: "CloudHTTP", rooms: ["PlimsollCore"], products: [crypto, cryptoExtras, asyncHTTPClient, nioSSL] + nio),
    Room(name: "Collection", rooms: ["PlimsollCore"]),
    Room(
        name: "AWSProvider", rooms: ["PlimsollCore", "Rating", "CloudHTTP"],
        resources: [.embedInCode("Bills"), .embedInCode("PriceLists")]),
    Room(
        name: "AzureProvider", rooms: ["PlimsollCore", "CloudHTTP"],
        resources: [.embedInCode("Bills"), .embedInCode("PriceLists")]),
    Room(
        name: "GCPProvider", rooms: ["PlimsollCore", "CloudHTTP"],
        resources: [.embedInCode("Bills"), .embedInCode("PriceLists")]),
    Room(name: "AlibabaProvider", rooms: ["PlimsollCore", "CloudHTTP"], resources: [.embedInCode("Bills")]),
    Room(name: "KubernetesProvider", rooms: ["PlimsollCore", "CloudHTTP"], products: [yams]),
    Room(name: "PlimsollPlugin", rooms: ["PlimsollCore"], resources: [.embedInCode("Schema")]),
    Room(
        name: "PluginHost", rooms: ["PlimsollCore", "PlimsollPlugin", "CSpawn"],
        resources: [.embedInCode("Templates")]),
    Room(name: "CommitmentPlanner", rooms: ["PlimsollCore", "Rating", "Solver"]),
    Room(name: "Reporting", rooms: ["PlimsollCore", "Rating"]),
    Room(
        name: "ScenarioRunner",
        rooms: ["PlimsollCore", "Rating", "CommitmentPlanner", "Reporting"],
        products: [yams]),
    Room(name: "PlimsollTesting", rooms: ["PlimsollCore"]),
    Room(name: "PluginConformance", rooms: ["PlimsollCore", "PlimsollPlugin", "PluginHost", "PlimsollTesting"]),
]

let doors = [
    Room(
        name: "plimsoll",
        rooms: [
            "PlimsollCore", "Rating", "Solver", "AWSProvider", "AzureProvider", "GCPProvider", "AlibabaProvider",
            "KubernetesProvider", "CommitmentPlanner", "Ledger", "Reporting", "ScenarioRunner", "CloudHTTP",
            "Collection", "PlimsollPlugin",
            "PluginHost", "PluginConformance",
        ],
        products: [argumentParser]),
    // An example of a plugin; a program of its own.
    Room(
        name: "idle-volumes-swift", rooms: ["PlimsollCore", "PlimsollPlugin"], path: "Plugins/idle-volumes-swift"),
]

let tests = [
    Room(name: "PlimsollCoreTests", rooms: ["PlimsollCore", "PlimsollTesting"]),
    Room(
        name: "RatingTests",
        rooms: [
            "PlimsollCore", "Rating", "AWSProvider", "AzureProvider", "GCPProvider", "AlibabaProvider",
            "PlimsollTesting",
        ],
        products: [bigInt]),
    Room(
        name: "CloudHTTPTests", rooms: ["PlimsollCore", "CloudHTTP", "PlimsollTesting"],
        products: [crypto, cryptoExtras]),
    Room(
        name: "CollectionTests",
        rooms: [
            "PlimsollCore", "Collection", "CloudHTTP", "AWSProvider", "AzureProvider", "GCPProvider", "AlibabaProvider",
            "KubernetesProvider", "Ledger", "PlimsollTesting",
        ]),
    Room(
        name: "LedgerTests",
        rooms: ["PlimsollCore", "Rating", "AWSProvider", "Ledger", "Reporting", "PlimsollTesting"]),
    Room(name: "SolverTests", rooms: ["PlimsollCore", "Solver", "PlimsollTesting"]),
    Room(name: "AWSProviderTests", rooms: ["PlimsollCore", "Rating", "AWSProvider", "PlimsollTesting"]),
    Room(
        name: "BillMappingTests",
        rooms: ["PlimsollCore", "AzureProvider", "GCPProvider", "AlibabaProvider", "Ledger", "PlimsollTesting"]),
    Room(
        name: "PriceListTests",
        rooms: ["PlimsollCore", "Rating", "AWSProvider", "AzureProvider", "GCPProvider", "Ledger"]),
    Room(
        name: "BillCalibrationTests",
        rooms: [
            "PlimsollCore", "Rating", "Ledger", "AWSProvider", "AzureProvider", "GCPProvider", "AlibabaProvider",
            "CommitmentPlanner", "Reporting", "ScenarioRunner",
        ]),
    Room(
        name: "CommitmentPlannerTests",
        rooms: [
            "PlimsollCore", "Rating", "Solver", "AWSProvider", "AzureProvider", "GCPProvider", "AlibabaProvider",
            "CommitmentPlanner", "PlimsollTesting",
        ]),
    Room(name: "ReportingTests", rooms: ["PlimsollCore", "Rating", "Reporting", "PlimsollTesting"]),
    Room(
        name: "ScenarioRunnerTests",
        rooms: [
            "PlimsollCore", "Rating", "AWSProvider", "AzureProvider", "GCPProvider", "AlibabaProvider",
            "CommitmentPlanner", "Reporting", "ScenarioRunner", "PlimsollTesting",
        ]),
    Room(
        name: "PluginHostTests",
        rooms: ["PlimsollCore", "PlimsollPlugin", "PluginHost", "PluginConformance", "PlimsollTesting"]),
    Room(name: "ArchitectureTests", rooms: ["PlimsollTesting"]),
    Room(name: "EndToEndTests", rooms: ["PlimsollTesting"]),
]

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func dependencies(_ room: Room) -> [Target.Dependency] {
    room.rooms.map { .target(name: $0) } + room.products
}

let package = Package(
    name: "plimsoll",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "plimsoll", targets: ["plimsoll"]),
        .library(name: "PlimsollCore", targets: ["PlimsollCore"]),
        .library(name: "Rating", targets: ["Rating"]),
        .library(name: "Ledger", targets: ["Ledger"]),
        .library(name: "Solver", targets: ["Solver"]),
        .library(name: "AWSProvider", targets: ["AWSProvider"]),
        .library(name: "AzureProvider", targets: ["AzureProvider"]),
        .library(name: "GCPProvider", targets: ["GCPProvider"]),
        .library(name: "AlibabaProvider", targets: ["AlibabaProvider"]),
        .library(name: "KubernetesProvider", targets: ["KubernetesProvider"]),
        .library(name: "PlimsollPlugin", targets: ["PlimsollPlugin"]),
        .library(name: "PluginHost", targets: ["PluginHost"]),
        .library(name: "PluginConformance", targets: ["PluginConformance"]),
        .library(name: "CommitmentPlanner", targets: ["CommitmentPlanner"]),
        .library(name: "Reporting", targets: ["Reporting"]),
        .library(name: "ScenarioRunner", targets: ["ScenarioRunner"]),
        .library(name: "PlimsollTesting", targets: ["PlimsollTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .target(name: "CHiGHS", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(name: "CSpawn"),
    ]
        + rooms.map {
            .target(
                name: $0.name, dependencies: dependencies($0), resources: $0.resources, swiftSettings: settings)
        }
        + doors.map {
            .executableTarget(
                name: $0.name, dependencies: dependencies($0), path: $0.path, swiftSettings: settings)
        }
        + tests.map {
            .testTarget(name: $0.name, dependencies: dependencies($0), swiftSettings: settings)
        },
    swiftLanguageModes: [.v6]
)
