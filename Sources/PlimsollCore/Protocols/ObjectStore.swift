/// An object in a store, without its bytes.
public struct StoredObject: Hashable, Sendable {
    /// Its key: parts with slashes between them.
    public var key: String
    /// Stands for its content: changes when that does.
    public var tag: String
    /// Bytes.
    public var size: Int

    /// An object.
    public init(key: String, tag: String, size: Int) {
        self.key = key
        self.tag = tag
        self.size = size
    }
}

/// A bucket or container, whose objects can be listed and read.
public protocol ObjectStore: Sendable {
    /// For people: `s3://billing`.
    var title: String { get }
    /// Objects whose keys begin with a prefix, by key. Throws a ``ProviderFailure``.
    func list(under prefix: String) async throws -> [StoredObject]
    /// Reads an object piece by piece. Throws a ``ProviderFailure``.
    func read(_ key: String, deliver: @escaping @Sendable ([UInt8]) async throws -> Void) async throws
}

/// A place in a store, as somebody writes it.
public struct StorePlace: Hashable, Sendable {
    /// Bucket or container.
    public var bucket: String
    /// Beginning of the keys, without a slash at its ends; empty = all of the bucket.
    public var prefix: String

    /// Reads `SCHEME://bucket/prefix`; nil where it begins otherwise, or has no bucket.
    public init?(_ text: String, scheme: String) {
        guard text.hasPrefix(scheme + "://") else { return nil }
        let parts = text.dropFirst(scheme.count + 3).split(separator: "/").map(String.init)
        guard let first = parts.first, !parts.contains(".."), !first.contains(where: \.isWhitespace) else { return nil }
        bucket = first
        prefix = parts.dropFirst().joined(separator: "/")
    }
}
