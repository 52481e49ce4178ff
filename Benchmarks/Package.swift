// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A package of its own, so that what only benchmarks need stays out of Plimsoll's own graph.
let package = Package(
    name: "plimsoll-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "plimsoll", path: "..")],
    targets: [
        .executableTarget(
            name: "plimsoll-bench",
            dependencies: [
                .product(name: "AWSProvider", package: "plimsoll"),
                .product(name: "CommitmentPlanner", package: "plimsoll"),
                .product(name: "Ledger", package: "plimsoll"),
                .product(name: "PlimsollCore", package: "plimsoll"),
                .product(name: "PlimsollTesting", package: "plimsoll"),
                .product(name: "Rating", package: "plimsoll"),
                .product(name: "Reporting", package: "plimsoll"),
                .product(name: "ScenarioRunner", package: "plimsoll"),
                .product(name: "Solver", package: "plimsoll"),
            ],
            path: "Sources/PlimsollBench",
            swiftSettings: settings),
        // What the plugin protocol carries at most: a plugin that only streams.
        .executableTarget(
            name: "stream-plugin",
            dependencies: [
                .product(name: "PlimsollCore", package: "plimsoll"),
                .product(name: "PlimsollPlugin", package: "plimsoll"),
            ],
            path: "Sources/StreamPlugin",
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
