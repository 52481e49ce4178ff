internal import Crypto

/// SHA-256 and HMAC-SHA-256 as signatures use them.
enum Digests {
    static let algorithm = "SHA256"

    /// Lower-case hexadecimal SHA-256.
    static func hash(_ bytes: [UInt8]) -> String { hexadecimal(Array(SHA256.hash(data: bytes))) }

    /// Lower-case hexadecimal SHA-1, for names of files only.
    static func hashSHA1(_ bytes: [UInt8]) -> String { hexadecimal(Array(Insecure.SHA1.hash(data: bytes))) }

    static func authentication(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var result: [UInt8] = []
        for byte in bytes { result += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: result, as: UTF8.self)
    }
}

/// A secret that never shows itself: not in descriptions, not in dumps, not in messages.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let value: String

    /// A secret of the given text.
    public init(_ value: String) { self.value = value }

    /// Four asterisks.
    public var description: String { "****" }
    /// Four asterisks.
    public var debugDescription: String { "****" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
