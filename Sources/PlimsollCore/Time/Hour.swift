/// A UTC hour: whole hours since 1970-01-01T00:00Z.
@frozen
public struct Hour: Hashable, Comparable, Sendable, Strideable {
    /// Hours since 1970-01-01T00:00Z.
    public var index: Int

    /// The hour that many hours after 1970-01-01T00:00Z.
    @inlinable public init(index: Int) { self.index = index }

    /// Order in time.
    @inlinable public static func < (left: Hour, right: Hour) -> Bool { left.index < right.index }

    /// Hours from this one to the other.
    @inlinable public func distance(to other: Hour) -> Int { other.index - index }

    /// The hour `n` hours later.
    @inlinable public func advanced(by n: Int) -> Hour { Hour(index: index + n) }

    /// The day this hour belongs to.
    public var day: Day { Day(index: index >= 0 ? index / 24 : (index - 23) / 24) }

    /// The hour of its day, 0 … 23.
    public var hourOfDay: Int { index - day.index * 24 }

    /// The first hour of the month this hour belongs to.
    public var monthStart: Hour { day.monthStart.firstHour }

    /// The first hour of the month after this hour's.
    public var nextMonth: Hour {
        let date = day.civil
        let next = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
        return Day(year: next.0, month: next.1, day: 1).firstHour
    }
}

extension Hour: CustomStringConvertible {
    /// `2026-01-01T00:00:00Z`.
    public var description: String {
        let hour = hourOfDay
        return "\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z"
    }

    /// Reads `2026-01-01T00:00:00Z`. Also taken: `2026-01-01T00:00Z`, `2026-01-01T00:00:00.000Z`,
    /// `+00:00` for `Z`, a space for `T`. Nil when the minutes are not zero, the offset is not UTC,
    /// or no offset is given.
    public init?(_ text: some StringProtocol) {
        guard let instant = Instant(text), instant.second == 0 else { return nil }
        self = instant.hour
    }
}

/// A point in time to the second, for fields such as a commitment's start that need not be full hours.
public struct Instant: Hashable, Comparable, Sendable {
    /// The hour it lies in.
    public var hour: Hour
    /// Seconds into the hour, 0 … 3599.
    public var second: Int

    /// A point `second` seconds into `hour`.
    public init(hour: Hour, second: Int = 0) {
        self.hour = hour
        self.second = second
    }

    /// Order in time.
    public static func < (left: Instant, right: Instant) -> Bool {
        (left.hour, left.second) < (right.hour, right.second)
    }

    /// Reads an ISO 8601 UTC time such as `2026-01-01T00:30:00Z`, or a bare date (its first hour).
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)) else { return nil }
        guard bytes.count > 10 else {
            self.init(hour: day.firstHour)
            return
        }
        guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") else { return nil }
        var clock = bytes[11...]
        if clock.last == UInt8(ascii: "Z") {
            clock.removeLast()
        } else if clock.suffix(6).elementsEqual(Array("+00:00".utf8)) {
            clock.removeLast(6)
        } else {
            return nil
        }
        let parts = clock.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 else { return nil }
        guard let hour = Instant.twoDigits(parts[0]), let minute = Instant.twoDigits(parts[1]) else { return nil }
        guard let second = parts.count == 3 ? Instant.seconds(parts[2]) : 0 else { return nil }
        guard hour < 24, minute < 60, second < 60 else { return nil }
        self.init(hour: Hour(index: day.index * 24 + hour), second: minute * 60 + second)
    }

    private static func twoDigits(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.count == 2, text.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Whole seconds; a fraction is taken when it is zero.
    private static func seconds(_ text: ArraySlice<UInt8>) -> Int? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1)
        guard let whole = parts.first else { return nil }
        if parts.count == 2, !parts[1].allSatisfy({ $0 == 0x30 }) { return nil }
        return twoDigits(whole)
    }
}

extension Instant: CustomStringConvertible {
    /// `2026-01-01T00:30:00Z`.
    public var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(hour.day)T\(two(hour.hourOfDay)):\(two(second / 60)):\(two(second % 60))Z"
    }
}

/// A UTC date: whole days since 1970-01-01.
@frozen
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public var index: Int

    /// The day that many days after 1970-01-01.
    @inlinable public init(index: Int) { self.index = index }

    /// A date of the Gregorian calendar; month 1 … 12, day 1 … 31, not checked.
    public init(year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        index = era * 146_097 + dayOfEra - 719_468
    }

    /// Order in time.
    @inlinable public static func < (left: Day, right: Day) -> Bool { left.index < right.index }

    /// Year, month (1 … 12) and day (1 … 31) of the Gregorian calendar.
    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = index + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
    }

    /// 00:00Z of the day.
    public var firstHour: Hour { Hour(index: index * 24) }

    /// The first day of its month.
    public var monthStart: Day {
        let date = civil
        return Day(year: date.year, month: date.month, day: 1)
    }

    /// 0 = Monday … 6 = Sunday.
    public var weekday: Int { ((index + 3) % 7 + 7) % 7 }
}

extension Day: CustomStringConvertible {
    /// `2026-01-01`.
    public var description: String {
        let date = civil
        func pad(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
    }

    /// Reads `2026-01-01`; nil for a date that does not exist.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2 else { return nil }
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || ($0 >= 0x30 && $0 <= 0x39) }) else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
        guard civil == (numbers[0], numbers[1], numbers[2]) else { return nil }
    }
}
