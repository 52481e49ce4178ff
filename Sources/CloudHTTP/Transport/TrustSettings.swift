internal import NIOSSL

/// Whom a connection trusts, and who it says it is: for servers with certificates of their own, as clusters have.
public struct TrustSettings: Sendable {
    /// Certificates of the authorities that are trusted instead of the system's, PEM; empty = the system's.
    public var authorities: [UInt8] = []
    /// The client's certificate and those above it, PEM; empty = none.
    public var certificate: [UInt8] = []
    /// Key of the client's certificate, PEM.
    public var key = Secret("")
    /// Whether the server's certificate is looked at; only who asks for it may turn this off.
    public var isVerified = true

    /// The system's authorities, and no certificate of one's own.
    public init() {}

    func configuration() throws(CloudFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !authorities.isEmpty {
            let roots = try Self.certificates(authorities, "the certificate of the authority")
            configuration.trustRoots = .certificates(roots)
        }
        if !isVerified { configuration.certificateVerification = .none }
        guard !certificate.isEmpty else { return configuration }
        let chain = try Self.certificates(certificate, "the client's certificate")
        configuration.certificateChain = chain.map { .certificate($0) }
        do {
            let key = try NIOSSLPrivateKey(bytes: Array(key.value.utf8), format: .pem)
            configuration.privateKey = .privateKey(key)
        } catch {
            throw CloudFailure(.config, "the key of the client's certificate is not a key in PEM")
        }
        return configuration
    }

    private static func certificates(_ bytes: [UInt8], _ what: String) throws(CloudFailure) -> [NIOSSLCertificate] {
        let found: [NIOSSLCertificate]
        do { found = try NIOSSLCertificate.fromPEMBytes(bytes) } catch {
            throw CloudFailure(.config, "\(what) is not in PEM")
        }
        guard !found.isEmpty else { throw CloudFailure(.config, "\(what) is not in PEM") }
        return found
    }
}
