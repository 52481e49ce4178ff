internal import Crypto
public import Foundation

/// SHA-256 of bytes, as 64 lower-case hexadecimal digits.
public enum ContentHash {
    /// The hash of all of `bytes`.
    public static func sha256(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The hash of a text's UTF-8.
    public static func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }
}

extension ContentHash {
    /// The hash of bytes that come in pieces.
    public struct Stream {
        private var state = SHA256()

        /// Nothing yet.
        public init() {}

        /// Adds a piece.
        public mutating func update(_ bytes: some ContiguousBytes) {
            bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
        }

        /// The hash of all pieces, as 64 lower-case hexadecimal digits.
        public func finish() -> String {
            let digits = Array("0123456789abcdef".utf8)
            return String(
                decoding: state.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }
}
