internal import Foundation
public import PlimsollCore

/// What credential chains look at: environment, files, programs, token services. Everything can be replaced, so
/// that tests stay on loopback.
public struct CredentialSources: Sendable {
    /// Environment variables.
    public var environment: [String: String]
    /// Home folder, for files that are named from it.
    public var home: String
    /// Sends calls to token services.
    public var client: CloudClient
    /// Addresses of token services.
    public var endpoints: Endpoints
    /// Reads a file; nil = absent. Throws `config` where it cannot be read.
    public var read: @Sendable (String) throws(CloudFailure) -> [UInt8]?
    /// Runs a program, by name or path and arguments, with variables beside those of ``environment``, and returns
    /// its output. Throws `config`.
    public var run: @Sendable ([String], [String: String]) async throws(CloudFailure) -> [UInt8]
    /// Seconds to wait for a metadata service: one that is there answers at once.
    public var metadataWait = 1.0
    let clock: any CloudClock

    /// Addresses, without a slash at the end.
    public struct Endpoints: Sendable, Hashable {
        /// AWS STS; nil = that of the region.
        public var awsSTS: String?
        /// AWS IAM Identity Center portal; nil = that of the region.
        public var awsPortal: String?
        /// Metadata service of EC2 instances.
        public var awsMetadata = "http://169.254.169.254"
        /// Credentials of ECS containers.
        public var awsContainer = "http://169.254.170.2"
        /// Microsoft Entra ID.
        public var azureAuthority = "https://login.microsoftonline.com"
        /// Metadata service of Azure machines.
        public var azureMetadata = "http://169.254.169.254"
        /// Google's token service.
        public var gcpToken = "https://oauth2.googleapis.com/token"
        /// Metadata service of Google Cloud machines.
        public var gcpMetadata = "http://metadata.google.internal"
        /// Alibaba Cloud STS.
        public var alibabaSTS = "https://sts.aliyuncs.com"
        /// Metadata service of ECS instances.
        public var alibabaMetadata = "http://100.100.100.200"

        /// The public addresses, or those that the vendors' own variables name.
        public init(environment: [String: String] = [:]) {
            func url(_ name: String) -> String? {
                guard var text = environment[name], !text.isEmpty else { return nil }
                while text.hasSuffix("/") { text.removeLast() }
                return text.contains("://") ? text : "http://" + text
            }
            awsSTS = url("AWS_ENDPOINT_URL_STS") ?? url("AWS_ENDPOINT_URL")
            awsMetadata = url("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? awsMetadata
            azureAuthority = url("AZURE_AUTHORITY_HOST") ?? azureAuthority
            azureMetadata = url("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? azureMetadata
            gcpMetadata = url("GCE_METADATA_HOST") ?? gcpMetadata
        }
    }

    /// Sources on this machine; token services are reached through `client`.
    public init(environment: [String: String], home: String, client: CloudClient) {
        self.environment = environment
        self.home = home
        self.client = client
        endpoints = Endpoints(environment: environment)
        clock = client.clock
        read = CredentialFiles.read
        run = { words, more async throws(CloudFailure) in
            try await ChildProgram.output(of: words, environment: environment.merging(more) { $1 })
        }
    }

    /// A variable that is set and not empty.
    public func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func isOn(_ name: String) -> Bool { ["true", "1", "yes"].contains(variable(name)?.lowercased()) }

    /// A path with `~` as the home folder.
    public func path(_ text: String) -> String {
        text == "~" || text.hasPrefix("~/") ? home + text.dropFirst() : text
    }

    /// The text of a file that must be there, without blanks at its ends. Throws `config` where it is not.
    public func token(inFile path: String) throws(CloudFailure) -> Secret {
        guard let bytes = try read(self.path(path)), let text = String(validating: bytes, as: UTF8.self) else {
            throw CloudFailure(.config, "the token file `\(path)` is absent or no text")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty else { throw CloudFailure(.config, "the token file `\(path)` is empty") }
        return Secret(token)
    }

    /// A request to an address that configuration gives. Throws `config` where it is none.
    func request(_ method: String = "GET", _ url: String) throws(CloudFailure) -> CloudRequest {
        guard let request = CloudRequest(method: method, url: url) else {
            throw CloudFailure(.config, "`\(url)` is not an http or https address")
        }
        return request
    }

    /// A call to a token service: a few tries.
    func call(_ name: String, _ request: CloudRequest) async throws(CloudFailure) -> CloudResponse {
        try await send(name, request, attempts: 4, head: 15)
    }

    /// A call to a metadata service beside the machine: answers at once or is not there.
    func ask(_ name: String, _ request: CloudRequest) async throws(CloudFailure) -> CloudResponse {
        try await send(name, request, attempts: 2, head: metadataWait)
    }

    /// Why a metadata service gives nothing; nil where it should have. It may be absent, or switched off, and
    /// other programs answer at its address.
    func absence(_ failure: CloudFailure, _ base: String) -> String? {
        if failure.kind == .transient, failure.status == 0 { return "no metadata service answers at `\(base)`" }
        guard (400...499).contains(failure.status) else { return nil }
        return "the metadata service at `\(base)` refuses (status \(failure.status))"
    }

    private func send(
        _ name: String, _ request: CloudRequest, attempts: Int, head: Double,
        authorizer: any RequestAuthorizer = NoAuthorizer()
    ) async throws(CloudFailure) -> CloudResponse {
        var settings = client.settings
        settings.retry.attempts = attempts
        settings.retry.total = 20
        settings.head = head
        settings.total = 30
        settings.cap = 1 << 20
        return try await client.with(settings).send(call(name, request, authorizer))
    }

    private func call(_ name: String, _ request: CloudRequest, _ authorizer: any RequestAuthorizer) -> CloudCall {
        let service = String(name.prefix { $0 != ":" })
        var call = CloudCall(name, request, limit: .init(service: service), authorizer: authorizer)
        call.isSecret = service.hasSuffix("metadata")
        return call
    }

    /// A call whose request is made anew for every try, with the time as the service sees it.
    func call(
        _ name: String, _ request: CloudRequest, signing authorizer: any RequestAuthorizer
    ) async throws(CloudFailure) -> CloudResponse {
        try await send(name, request, attempts: 4, head: 15, authorizer: authorizer)
    }

    /// Our wall clock, `seconds` from now.
    func time(in seconds: Double) -> Instant { Instant(secondsSince1970: clock.wall + seconds) }
}

/// Reads files of credentials.
enum CredentialFiles {
    @Sendable static func read(_ path: String) throws(CloudFailure) -> [UInt8]? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        guard !isFolder.boolValue, let file = FileHandle(forReadingAtPath: path) else {
            throw CloudFailure(.config, "`\(path)` cannot be read", hint: "check its owner and permissions")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: 1 << 20) else {
            throw CloudFailure(.config, "`\(path)` cannot be read", hint: "check its owner and permissions")
        }
        return Array(data)
    }
}

extension JSONValue {
    /// A number, also where it stands as a string.
    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        case .string(let text): Double(text)
        default: nil
        }
    }

    /// A string that is not empty.
    func text(_ key: String) -> String? { self[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
}

extension Instant {
    /// Reads a time of RFC 3339, with or without a fraction of a second and in any offset: `2026-01-01T00:00:00.123Z`,
    /// `2026-01-01T02:00:00+02:00`.
    public init?(fractional text: String) {
        var text = Substring(text)
        var shift = 0.0
        // `+02:00` is ahead of UTC.
        let end = text.suffix(6)
        if let sign = end.first, sign == "+" || sign == "-", text.count > 19, end.dropFirst(3).first == ":" {
            guard let hours = Int(end.dropFirst().prefix(2)), let minutes = Int(end.suffix(2)) else { return nil }
            shift = Double((hours * 60 + minutes) * 60) * (sign == "+" ? 1 : -1)
            text = text.dropLast(6) + "Z"
        }
        if let dot = text.firstIndex(of: ".") {
            text = text[..<dot] + text[dot...].dropFirst().drop { $0.isNumber }
        }
        guard let instant = Instant(text) else { return nil }
        self = shift == 0 ? instant : Instant(secondsSince1970: instant.secondsSince1970 - shift)
    }
}
