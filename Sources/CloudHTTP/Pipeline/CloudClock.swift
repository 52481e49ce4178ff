internal import Foundation
public import PlimsollCore

/// Time as the pipeline sees it. Tests bring one that passes only when somebody sleeps.
public protocol CloudClock: Sendable {
    /// Seconds since 1970-01-01T00:00Z by the wall clock; may jump.
    var wall: Double { get }
    /// Seconds since some moment; never goes back.
    var elapsed: Double { get }
    /// Waits. Throws `CancellationError` where the task is cancelled.
    func sleep(_ seconds: Double) async throws
}

/// The machine's clock.
public struct SystemClock: CloudClock {
    private let start = ContinuousClock.now

    /// The clock.
    public init() {}

    /// Seconds since 1970 by the wall clock.
    public var wall: Double { Date().timeIntervalSince1970 }

    /// Seconds since this value was made.
    public var elapsed: Double {
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }

    /// Waits.
    public func sleep(_ seconds: Double) async throws {
        try await Task.sleep(for: .seconds(max(0, seconds)))
    }
}

extension Instant {
    /// The point that many seconds after 1970-01-01T00:00Z, fractions cut off.
    public init(secondsSince1970 seconds: Double) {
        let whole = seconds.isFinite ? Int(max(-6e10, min(seconds, 2.5e11)).rounded(.down)) : 0
        let hour = whole >= 0 ? whole / 3_600 : (whole - 3_599) / 3_600
        self.init(hour: Hour(index: hour), second: whole - hour * 3_600)
    }

    /// Seconds since 1970-01-01T00:00Z.
    public var secondsSince1970: Double { Double(hour.index * 3_600 + second) }
}

/// Dates in headers: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, IMF-fixdate).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func parse(_ text: String) -> Instant? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = months.firstIndex(of: String(parts[2])), parts[3].count == 4, parts[1].count == 2
        else { return nil }
        let date = Day(year: year, month: month + 1, day: day)
        return Instant("\(date)T\(parts[4])Z")
    }

    /// Seconds that a `Retry-After` header asks for: a number, or a date as seen from `now`.
    static func delay(_ text: String, now: Double) -> Double? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text), seconds.isFinite, seconds >= 0 { return seconds }
        return parse(text).map { max(0, $0.secondsSince1970 - now) }
    }
}
