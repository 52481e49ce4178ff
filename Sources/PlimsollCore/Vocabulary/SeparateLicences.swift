/// That a machine's price holds a licence which the vendor's commitments do not cover: it stays to be paid at
/// what it costs on demand, the difference between the price with it and the price without.
public struct SeparateLicences: Hashable, Sendable, Codable {
    /// Operating systems whose price holds a licence; a value in the column `license` says that there is one on
    /// any of them.
    public var os: [String]
    /// The operating system whose price is that of the infrastructure alone.
    public var without: String
    /// Values of `license` that say the customer brings it: the machine costs the infrastructure alone.
    public var brought: [String]
    /// What `license` says in the rows of a bill that are the licence alone.
    public var word: String

    /// Licences of operating systems.
    public init(os: [String], without: String, brought: [String], word: String) {
        self.os = os
        self.without = without
        self.brought = brought
        self.word = word
    }
}
