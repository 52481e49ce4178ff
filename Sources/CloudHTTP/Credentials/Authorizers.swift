internal import Foundation
public import PlimsollCore

/// Signs by AWS Signature Version 4 with the credentials of a chain.
public struct AWSAuthorizer: RequestAuthorizer {
    private let signer: SigV4
    private let credentials: CredentialCache<SigV4.Credentials>

    /// An authorizer for a service in a region.
    public init(_ signer: SigV4, credentials: CredentialCache<SigV4.Credentials>) {
        self.signer = signer
        self.credentials = credentials
    }

    /// The signed request.
    public func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest {
        signer.sign(request, credentials: try await credentials.value(), at: time)
    }

    /// New credentials next time.
    public func discard() async { await credentials.discard() }
}

/// Signs by ACS3-HMAC-SHA256 with the credentials of a chain. The request says what it calls in the headers
/// `x-acs-action` and `x-acs-version`.
public struct AlibabaAuthorizer: RequestAuthorizer {
    private let credentials: CredentialCache<ACS3.Credentials>
    private let jitter: Jitter

    /// An authorizer; nonces come from `nonces`.
    public init(credentials: CredentialCache<ACS3.Credentials>, nonces: Jitter = Jitter()) {
        self.credentials = credentials
        jitter = nonces
    }

    /// The signed request.
    public func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest {
        guard let action = request.header("x-acs-action"), let version = request.header("x-acs-version") else {
            throw CloudFailure(.internal, "the request has no `x-acs-action` and `x-acs-version`")
        }
        let call = ACS3.Call(action: action, version: version)
        let given = try await credentials.value()
        return ACS3().stages(request, call, credentials: given, at: time, nonce: jitter.identifier()).request
    }

    /// New credentials next time.
    public func discard() async { await credentials.discard() }
}

/// A token that whoever holds it may use.
public struct BearerToken: Sendable, Hashable {
    /// The token.
    public var token: Secret
    /// Project that its calls are counted for, where it names one (Google Cloud).
    public var project: String?

    /// A token.
    public init(_ token: Secret, project: String? = nil) {
        self.token = token
        self.project = project
    }
}

/// Sends the token of a chain, as Azure and Google Cloud want it. Never over an open connection, but to this
/// machine.
public struct BearerAuthorizer: RequestAuthorizer {
    private let credentials: CredentialCache<BearerToken>

    /// An authorizer.
    public init(credentials: CredentialCache<BearerToken>) { self.credentials = credentials }

    /// The request with its `Authorization`.
    public func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest {
        guard request.isPrivate else {
            throw CloudFailure(
                .config, "tokens are not sent to `\(request.host)` over an open connection", hint: "use https")
        }
        let token = try await credentials.value()
        var request = request
        request.setHeader("Authorization", "Bearer \(token.token.value)")
        if let project = token.project { request.setHeader("x-goog-user-project", project) }
        return request
    }

    /// A new token next time.
    public func discard() async { await credentials.discard() }
}

/// Makes the request anew for every try: for assertions that carry the time.
struct MadeRequest: RequestAuthorizer {
    let make: @Sendable (CloudRequest, Instant) throws(CloudFailure) -> CloudRequest

    func authorize(_ request: CloudRequest, at time: Instant) async throws(CloudFailure) -> CloudRequest {
        try make(request, time)
    }

    func discard() async {}
}
