/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine for the same seed.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The numbers of a seed.
    public init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number of `range`; which one does not depend on the standard library's way of drawing.
    public mutating func draw(_ range: ClosedRange<Int>) -> Int {
        let size = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next().multipliedFullWidth(by: size).high)
    }

    /// True `permille` times of a thousand.
    public mutating func chance(_ permille: Int) -> Bool { draw(0...999) < permille }

    /// One of `items`, which must not be empty.
    public mutating func pick<Item>(_ items: [Item]) -> Item { items[draw(0...(items.count - 1))] }
}
