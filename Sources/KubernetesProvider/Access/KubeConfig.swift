internal import CloudHTTP
internal import Foundation
internal import PlimsollCore
internal import Yams

/// Clusters, users and contexts as kubeconfig files name them. Kubernetes, "Organizing Cluster Access Using kubeconfig
/// Files": of several files, the first that names a thing counts; absent files are passed over.
struct KubeConfig: Sendable {
    struct Cluster: Sendable {
        var server = ""
        var authorityFile = ""
        var authority: [UInt8] = []
        var isVerified = true
        var proxy = ""
        var serverName = ""
    }

    struct User: Sendable {
        var certificateFile = ""
        var certificate: [UInt8] = []
        var keyFile = ""
        var key = Secret("")
        var token = Secret("")
        var tokenFile = ""
        var name = ""
        var password = Secret("")
        var program: KubeProgram?
        /// Kind of an authentication provider of the old form; empty = none.
        var oldProvider = ""
    }

    struct Context: Sendable {
        var cluster = ""
        var user = ""
    }

    var current = ""
    var clusters: [String: Cluster] = [:]
    var users: [String: User] = [:]
    var contexts: [String: Context] = [:]
    /// Names of contexts in the order of the files.
    var order: [String] = []
    /// Files that were read.
    var files: [String] = []

    /// The files that `KUBECONFIG` names, or that of the home folder; nil where none is there. Throws `config` where
    /// one cannot be read.
    static func load(_ sources: CredentialSources) throws(CloudFailure) -> KubeConfig? {
        let named = sources.variable("KUBECONFIG").map { $0.split(separator: ":").map(String.init) }
        var config = KubeConfig()
        for file in named ?? ["~/.kube/config"] {
            let path = sources.path(file)
            guard let bytes = try sources.read(path) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let node = try? Yams.compose(yaml: text), node.mapping != nil else {
                throw CloudFailure(.config, "`\(file)` is no kubeconfig", hint: "it has to be YAML with `clusters`")
            }
            config.files.append(file)
            config.add(node, folder: (path as NSString).deletingLastPathComponent)
        }
        return config.files.isEmpty ? nil : config
    }

    private mutating func add(_ node: Node, folder: String) {
        if current.isEmpty { current = Self.text(node, "current-context") }
        for (name, item) in Self.entries(node, "clusters", "cluster") where clusters[name] == nil {
            clusters[name] = Self.cluster(item, folder)
        }
        for (name, item) in Self.entries(node, "users", "user") where users[name] == nil {
            users[name] = Self.user(item, folder)
        }
        for (name, item) in Self.entries(node, "contexts", "context") where contexts[name] == nil {
            contexts[name] = Context(cluster: Self.text(item, "cluster"), user: Self.text(item, "user"))
            order.append(name)
        }
    }

    private static func entries(_ node: Node, _ list: String, _ member: String) -> [(String, Node)] {
        (node[list]?.sequence.map(Array.init) ?? []).compactMap { entry in
            entry[member].map { (text(entry, "name"), $0) }
        }
    }

    private static func text(_ node: Node, _ name: String) -> String { node[name]?.scalar?.string ?? "" }

    /// Paths are from the folder of their file.
    private static func path(_ node: Node, _ name: String, _ folder: String) -> String {
        let text = text(node, name)
        return text.isEmpty || text.hasPrefix("/") ? text : folder + "/" + text
    }

    private static func data(_ node: Node, _ name: String) -> [UInt8] {
        Data(base64Encoded: text(node, name), options: .ignoreUnknownCharacters).map(Array.init) ?? []
    }

    private static func cluster(_ node: Node, _ folder: String) -> Cluster {
        Cluster(
            server: text(node, "server"), authorityFile: path(node, "certificate-authority", folder),
            authority: data(node, "certificate-authority-data"),
            isVerified: node["insecure-skip-tls-verify"]?.bool != true, proxy: text(node, "proxy-url"),
            serverName: text(node, "tls-server-name"))
    }

    private static func user(_ node: Node, _ folder: String) -> User {
        User(
            certificateFile: path(node, "client-certificate", folder),
            certificate: data(node, "client-certificate-data"), keyFile: path(node, "client-key", folder),
            key: Secret(String(decoding: data(node, "client-key-data"), as: UTF8.self)),
            token: Secret(text(node, "token")), tokenFile: path(node, "tokenFile", folder),
            name: text(node, "username"), password: Secret(text(node, "password")),
            program: node["exec"].map { program($0, folder) },
            oldProvider: node["auth-provider"].map { text($0, "name") } ?? "")
    }

    private static func program(_ node: Node, _ folder: String) -> KubeProgram {
        var command = text(node, "command")
        if command.contains("/"), !command.hasPrefix("/") { command = folder + "/" + command }
        let variables = (node["env"]?.sequence.map(Array.init) ?? []).map { (text($0, "name"), text($0, "value")) }
        return KubeProgram(
            version: text(node, "apiVersion"), command: command,
            arguments: (node["args"]?.sequence.map(Array.init) ?? []).compactMap { $0.scalar?.string },
            environment: Dictionary(variables) { $1 })
    }
}

/// A program that brings credentials. Kubernetes, "Authenticating": client-go credential plugins.
struct KubeProgram: Sendable {
    var version: String
    var command: String
    var arguments: [String]
    var environment: [String: String]

    /// What it brings.
    struct Credential: Sendable {
        var token: Dated<BearerToken>?
        var certificate: [UInt8] = []
        var key = Secret("")
    }

    func run(_ sources: CredentialSources) async throws(CloudFailure) -> Credential {
        let version = version.isEmpty ? "client.authentication.k8s.io/v1" : version
        let ask = JSONValue.object([
            "apiVersion": .string(version), "kind": "ExecCredential", "spec": .object(["interactive": .bool(false)]),
        ])
        var environment = environment
        environment["KUBERNETES_EXEC_INFO"] = ask.canonical
        let output = try await sources.run([command] + arguments, environment)
        guard let value = JSONValue(parsing: output), let status = value["status"] else {
            throw CloudFailure(.config, "`\(command)` printed no ExecCredential")
        }
        let item = CloudItem(status)
        var result = Credential()
        result.certificate = Array(item["clientCertificateData"].utf8)
        result.key = Secret(item["clientKeyData"])
        if !item["token"].isEmpty {
            let end = Instant(fractional: item["expirationTimestamp"])
            result.token = Dated(BearerToken(Secret(item["token"])), expires: end)
        }
        guard result.token != nil || !result.certificate.isEmpty else {
            throw CloudFailure(.config, "`\(command)` brought neither a token nor a certificate")
        }
        return result
    }
}
