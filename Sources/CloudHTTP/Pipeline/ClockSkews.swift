internal import Synchronization

/// How far the clocks of hosts are from ours, in seconds. Kept per host; used only once a host complained.
final class ClockSkews: Sendable {
    /// Differences below this many seconds are no reason for a refusal.
    static let tolerated = 120.0

    private let offsets = Mutex<[String: Double]>([:])

    /// Our wall clock as the host sees it.
    func now(_ host: String, wall: Double) -> Double {
        wall + offsets.withLock { $0[host] ?? 0 }
    }

    /// Takes over the host's time from a `Date` header; whether that changes anything.
    func correct(_ host: String, date: String?, wall: Double) -> Bool {
        guard let theirs = date.flatMap(HTTPDate.parse)?.secondsSince1970 else { return false }
        return offsets.withLock { offsets in
            guard abs(theirs - wall - (offsets[host] ?? 0)) >= Self.tolerated else { return false }
            offsets[host] = theirs - wall
            return true
        }
    }
}
