internal import Crypto
internal import CryptoExtras
internal import Foundation
public import PlimsollCore

/// Makes JSON Web Tokens signed with an RSA key (RFC 7515, compact form).
public struct JSONWebToken: Sendable {
    /// How it is signed.
    public enum Algorithm: String, Sendable {
        /// PKCS #1 v1.5 over SHA-256.
        case rs256 = "RS256"
        /// PSS over SHA-256, the salt as long as the hash.
        case ps256 = "PS256"
    }

    private let key: _RSA.Signing.PrivateKey

    /// A maker with a private key in PEM, PKCS #1 or PKCS #8 without password. Throws `config` where it is none,
    /// or shorter than 2,048 bits.
    public init(privateKey pem: Secret) throws(CloudFailure) {
        guard let key = try? _RSA.Signing.PrivateKey(pemRepresentation: pem.value) else {
            throw CloudFailure(
                .config, "the private key is no RSA key in PEM of 2,048 bits or more",
                hint: "keys with a password and other kinds of keys are not supported")
        }
        self.key = key
    }

    /// The signed token: header, claims and signature. Throws `internal` where signing fails.
    public func token(
        _ algorithm: Algorithm, header: [String: JSONValue] = [:], claims: [String: JSONValue]
    ) throws(CloudFailure) -> Secret {
        var header = header
        header["alg"] = .string(algorithm.rawValue)
        header["typ"] = "JWT"
        let parts = [JSONValue.object(header), .object(claims)].map { Self.base64URL(Array($0.canonical.utf8)) }
        let text = parts.joined(separator: ".")
        let padding: _RSA.Signing.Padding = algorithm == .rs256 ? .insecurePKCS1v1_5 : .PSS
        guard let signature = try? key.signature(for: SHA256.hash(data: Data(text.utf8)), padding: padding) else {
            throw CloudFailure(.internal, "the token could not be signed")
        }
        return Secret(text + "." + Self.base64URL(Array(signature.rawRepresentation)))
    }

    /// Base64 with `-` and `_`, without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}

/// A file with a certificate and its private key, in PEM.
struct CertificateFile {
    /// The first certificate, DER.
    let certificate: [UInt8]
    /// The private key's block.
    let privateKey: Secret

    init(_ bytes: [UInt8], path: String) throws(CloudFailure) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let block = Self.block(text, "CERTIFICATE"), let data = Data(base64Encoded: Self.inner(block)) else {
            throw CloudFailure(
                .config, "`\(path)` holds no certificate in PEM",
                hint: "PKCS #12 files are not supported: convert with `openssl pkcs12 -in FILE -out FILE.pem -nodes`")
        }
        if Self.block(text, "ENCRYPTED PRIVATE KEY") != nil {
            throw CloudFailure(.config, "the private key in `\(path)` has a password, which is not supported")
        }
        guard let key = ["PRIVATE KEY", "RSA PRIVATE KEY"].lazy.compactMap({ Self.block(text, $0) }).first else {
            throw CloudFailure(.config, "`\(path)` holds no private key in PEM")
        }
        certificate = Array(data)
        privateKey = Secret(key)
    }

    /// SHA-256 of the certificate, as `x5t#S256` names it.
    var thumbprint: String { JSONWebToken.base64URL(Array(SHA256.hash(data: Data(certificate)))) }

    /// SHA-1 of the certificate, as `x5t` names it.
    var thumbprintSHA1: String { JSONWebToken.base64URL(Array(Insecure.SHA1.hash(data: Data(certificate)))) }

    private static func block(_ text: String, _ name: String) -> String? {
        guard let start = text.range(of: "-----BEGIN \(name)-----"),
            let end = text.range(of: "-----END \(name)-----", range: start.upperBound..<text.endIndex)
        else { return nil }
        return String(text[start.lowerBound..<end.upperBound]) + "\n"
    }

    private static func inner(_ block: String) -> String {
        block.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
    }
}
