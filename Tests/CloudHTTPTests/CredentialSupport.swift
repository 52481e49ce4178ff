import CloudHTTP
import CryptoExtras
import Foundation
import PlimsollCore
import PlimsollTesting
import Testing

/// Secrets of these tests carry this mark, so that they can be looked for.
let planted = "PLANTED"

/// Sources on nothing but loopback: every token service is `server`, files and programs are what the test says.
struct SourceBench {
    var environment: [String: String] = [:]
    var files: [String: String] = [:]
    var programs: [String: String] = [:]
    var bench = Bench()

    func sources(_ server: FaultServer?) -> CredentialSources {
        var settings = bench
        settings.settings.retry.base = 0.01
        var sources = CredentialSources(environment: environment, home: "/home-of-test", client: settings.client())
        sources.metadataWait = 300
        let url = server?.url ?? "http://127.0.0.1:1"
        sources.endpoints.awsSTS = url
        sources.endpoints.awsPortal = url
        sources.endpoints.awsMetadata = url
        sources.endpoints.awsContainer = url
        sources.endpoints.azureAuthority = url
        sources.endpoints.azureMetadata = url
        sources.endpoints.gcpToken = url + "/token"
        sources.endpoints.gcpMetadata = url
        sources.endpoints.alibabaSTS = url
        sources.endpoints.alibabaMetadata = url
        let files = files
        let programs = programs
        sources.read = { path throws(CloudFailure) in files[path].map { Array($0.utf8) } }
        sources.run = { words, _ async throws(CloudFailure) in
            guard let output = programs[words.joined(separator: " ")] else {
                throw CloudFailure(.config, "the program `\(words[0])` is not found")
            }
            return Array(output.utf8)
        }
        return sources
    }
}

/// An RSA key, made once.
let testKey: (private: _RSA.Signing.PrivateKey, pem: String) = {
    guard let key = try? _RSA.Signing.PrivateKey(keySize: .bits2048) else { fatalError("no key") }
    return (key, key.pkcs8PEMRepresentation)
}()

/// A PEM file with a stand-in for a certificate (only its bytes' hash counts here) and the key.
let testCertificate = """
    -----BEGIN CERTIFICATE-----
    \(Data((0..<90).map { UInt8($0) }).base64EncodedString(options: .lineLength64Characters))
    -----END CERTIFICATE-----

    """ + testKey.pem

/// Header and claims of a token, once its signature holds.
func verified(_ token: String, padding: _RSA.Signing.Padding) throws -> (header: JSONValue, claims: JSONValue) {
    let parts = token.split(separator: ".").map(String.init)
    try #require(parts.count == 3)
    let bytes = try parts.map { try #require(decoded($0)) }
    let signature = _RSA.Signing.RSASignature(rawRepresentation: Data(bytes[2]))
    let isValid = testKey.private.publicKey.isValidSignature(
        signature, for: Data((parts[0] + "." + parts[1]).utf8), padding: padding)
    #expect(isValid)
    return (try #require(JSONValue(parsing: bytes[0])), try #require(JSONValue(parsing: bytes[1])))
}

private func decoded(_ text: String) -> [UInt8]? {
    var text = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    while text.count % 4 != 0 { text += "=" }
    return Data(base64Encoded: text).map(Array.init)
}

/// Fields of a form.
func form(_ request: FaultServer.Received) -> [String: String] {
    let pairs = CloudRequest(url: "http://x/?" + request.text)?.query ?? []
    return Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
}

extension CredentialChain {
    /// States of all links, in order, and the credential.
    func walk() async -> (states: [LinkReport.State], value: Value?, reports: [LinkReport]) {
        let (result, reports) = await resolve()
        return (reports.map(\.state), (try? result?.get())?.value, reports)
    }
}
