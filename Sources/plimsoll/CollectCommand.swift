import ArgumentParser
import Collection
import Foundation
import PlimsollCore
import PluginHost
import ScenarioRunner

/// `plimsoll collect`: what is in an account, from its provider's APIs.
struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Read inventory, metrics, prices and commitments from a provider.",
        discussion: """
            Reads only. What could not be read stands in gaps.jsonl with the permission or setting that would help, \
            and the exit code is 3. An interrupted collection goes on where it was when the same command is run again \
            within a day.

            Examples:
              plimsoll collect --provider aws --out estate
              plimsoll collect --provider aws --accounts all --regions eu-west-1,us-east-1 --since 2026-01-01 --out estate
              plimsoll collect --provider kubernetes --prometheus http://127.0.0.1:9090 --out estate
              plimsoll policy --provider aws
            """)

    @Option(
        help: ArgumentHelp(
            "Whose APIs are read: `aws`, `azure`, `gcp`, `alibaba`, `kubernetes`, or a plugin that was added.",
            valueName: "name"
        ))
    var provider: String

    @Option(
        help: ArgumentHelp(
            "Accounts, separated by commas; `all` = those of the organization (default: that of the credentials).",
            valueName: "list"))
    var accounts = ""

    @Option(help: ArgumentHelp("Regions, separated by commas (default: all that are enabled).", valueName: "list"))
    var regions = ""

    @Option(
        help: ArgumentHelp("Beginning of the metrics, a UTC date or time (default: two weeks ago).", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Address to ask instead of the provider's own.", valueName: "url"))
    var endpoint: String?

    @Option(help: ArgumentHelp("AWS: role that is taken on in other accounts.", valueName: "name"))
    var role = "OrganizationAccountAccessRole"

    @Option(help: ArgumentHelp("Kubernetes: address of Prometheus (default: `PROMETHEUS_URL`).", valueName: "url"))
    var prometheus: String?

    @Option(
        help: ArgumentHelp(
            "Kubernetes: label matchers that every series has to meet, such as `cluster=\"prod\"`.",
            valueName: "matchers"))
    var prometheusSelector = ""

    @Option(help: ArgumentHelp("Folder that gets the files.", valueName: "folder"))
    var out: String

    @OptionGroup(title: "Calls") var trace: TraceOptions
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let scope = CollectScope(
            accounts: Self.list(accounts), regions: Self.list(regions), since: try since.map(Self.time))
        var collector = Collector()
        collector.progress = Talk.counted
        let result = try collect(collector, scope)
        Talk.progress("")
        try finish(result)
    }

    private func collect(_ collector: Collector, _ scope: CollectScope) throws -> Collector.Result {
        let name = provider
        let path = out
        let label = [endpoint ?? "", role, prometheus ?? "", prometheusSelector].joined(separator: " ")
        guard let cloud = Registry.CloudProvider(rawValue: provider) else {
            return try CloudDoor.wait {
                let plugin: PluginProvider
                do { plugin = try await PluginRegistry().provider(name) } catch let failure as ProviderFailure {
                    throw Failure(.partial, "cloud.\(failure.code)", failure.message, hint: failure.hint)
                }
                do {
                    let result = try await collector.collect(plugin, scope, label: label, into: path)
                    await plugin.close()
                    return result
                } catch {
                    await plugin.close()
                    throw error
                }
            }
        }
        let client = try CloudDoor.client(trace)
        let settings = CollectSettings(
            endpoint: endpoint, role: role, prometheus: prometheus, prometheusSelector: prometheusSelector)
        let source = Registry.collecting(cloud, client, CloudDoor.sources(client), settings)
        return try CloudDoor.wait { try await Self.collect(source, collector, scope, label: label, into: path) }
    }

    /// Opens the box that holds the provider.
    private static func collect(
        _ source: any CollectingProvider, _ collector: Collector, _ scope: CollectScope, label: String,
        into path: String
    ) async throws -> Collector.Result {
        try await collector.collect(source, scope, label: label, into: path)
    }

    private func finish(_ result: Collector.Result) throws {
        let counts = result.counts
        if result.resumed > 0 {
            Talk.tell([
                Diagnostic(
                    .note, "collect.resumed",
                    "\(result.resumed) of \(result.pieces) parts were there from an interrupted collection")
            ])
        }
        let rows = [
            ("resources.jsonl", counts.resources), ("metrics.csv", counts.metrics), ("prices.csv", counts.prices),
            ("catalog.csv", nil), ("commitments.csv", counts.commitments), ("gaps.jsonl", counts.gaps),
        ]
        let lines = rows.map { name, count in "  \(out)/\(name)" + (count.map { "  \($0)" } ?? "") }
        try StandardOutput.write(
            "collected \(result.pieces) parts of \(provider)\n" + lines.map { $0 + "\n" }.joined())
        guard counts.gaps > 0 else { return }
        throw Failure(
            .partial, "collect.gaps", "\(counts.gaps) things could not be read",
            hint: "\(out)/gaps.jsonl says which, why, and what would help")
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private static func time(_ text: String) throws -> Instant {
        guard let time = Instant(text) else {
            throw Failure(
                .usage, "collect.bad-time", "`\(text)` is no UTC date or time",
                hint: "write it like 2026-01-31 or 2026-01-31T12:00:00Z")
        }
        return time
    }
}

/// What decides how a provider is reached.
struct CollectSettings {
    var endpoint: String?
    var role: String
    var prometheus: String?
    var prometheusSelector: String
}

/// `plimsoll policy`: the permissions that collecting needs.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Print the least-privilege, read-only policy that `collect` needs.",
        discussion: """
            The policy has exactly the calls that `plimsoll collect` makes.

            Examples:
              plimsoll policy --provider aws > plimsoll-policy.json
            """)

    @Option(help: ArgumentHelp("Whose policy.", valueName: "name"))
    var provider: Registry.CloudProvider

    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws { try StandardOutput.write(Registry.policy(provider)) }
}
