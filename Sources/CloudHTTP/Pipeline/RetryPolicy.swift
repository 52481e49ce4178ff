internal import Synchronization

/// How often and how long a call is tried again.
public struct RetryPolicy: Sendable, Hashable {
    /// Tries in all, the first included.
    public var attempts = 6
    /// Upper end of the first wait, seconds; it doubles from try to try.
    public var base = 0.5
    /// Upper end of any wait, seconds. A wait that the provider asks for may be longer.
    public var longest = 20.0
    /// Seconds that all waits of one call may take together.
    public var total = 120.0

    /// The usual policy.
    public init() {}

    /// One try.
    public static let once: RetryPolicy = {
        var policy = RetryPolicy()
        policy.attempts = 1
        return policy
    }()

    /// Seconds to wait after try number `attempt` (from 1): anything up to the end of the range, each value as
    /// likely as any other ("full jitter").
    public func wait(after attempt: Int, jitter: Jitter) -> Double {
        let end = min(longest, base * Double(1 << min(max(attempt - 1, 0), 20)))
        return end * jitter.unit()
    }
}

/// Random numbers for waits: the same seed gives the same waits.
public final class Jitter: Sendable {
    private let state: Mutex<UInt64>

    /// Numbers from a seed.
    public init(seed: UInt64) { state = Mutex(seed) }

    /// Numbers that nobody can foretell.
    public convenience init() { self.init(seed: .random(in: 0 ... .max)) }

    /// 64 random bits (SplitMix64).
    func bits() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// A number from 0 up to, not including, 1.
    public func unit() -> Double { Double(bits() >> 11) * 0x1p-53 }

    /// 32 random hexadecimal digits, for ids and nonces.
    func identifier() -> String {
        [bits(), bits()].map { number in
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }
}
