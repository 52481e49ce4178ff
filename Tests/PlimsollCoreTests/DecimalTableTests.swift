import Foundation
import PlimsollCore
import Testing

/// Every row of a table that Python's `decimal` made (scripts/make-decimal-table).
@Suite("Decimals against an independent implementation")
struct DecimalTableTests {
    private static let table: [[String]] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/decimals.csv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }()

    @Test("reads, rounds half-even and prints as Python does")
    func parseAndPrint() throws {
        #expect(Self.table.count > 3_500)
        for row in Self.table {
            let reading = FixedPoint.parse(row[0])
            guard let reading else {
                #expect(row[1].isEmpty, "\(row[0]) was refused")
                continue
            }
            #expect(FixedPoint.text(reading.raw) == row[1], "\(row[0])")
            #expect(reading.rounded == (row[2] == "1"), "\(row[0])")
            #expect(Money(raw: reading.raw).rounded(to: 2) == row[3], "\(row[0])")
            #expect(Money(FixedPoint.text(reading.raw))?.raw == reading.raw)
        }
    }

    @Test("refuses what is no decimal", arguments: ["NaN", "inf", "Infinity", "1_000", " 1", "1 ", "0x10", "1,5", "１"])
    func refusals(_ text: String) {
        #expect(Money(text) == nil)
    }
}

@Suite("Hours and days")
struct HourTests {
    @Test("days and hours print and read back")
    func roundTrips() {
        for index in stride(from: -200_000, through: 200_000, by: 37) {
            let day = Day(index: index)
            let civil = day.civil
            #expect(Day(year: civil.year, month: civil.month, day: civil.day) == day)
            if civil.year > 0 { #expect(Day(day.description) == day) }
        }
        for index in stride(from: 262_968, through: 1_139_591, by: 1_013) {
            let hour = Hour(index: index)
            #expect(Hour(hour.description) == hour)
            #expect(hour.monthStart <= hour && hour < hour.nextMonth)
        }
    }

    @Test("leap years and weekdays")
    func calendar() {
        #expect(Day("2024-02-29") != nil)
        #expect(Day("2023-02-29") == nil)
        #expect(Day("2000-02-29") != nil)
        #expect(Day("1900-02-29") == nil)
        #expect(Day("2026-01-05")?.weekday == 0)
    }

    @Test(
        "spellings of an hour", arguments: ["2026-01-01T05:00Z", "2026-01-01 05:00:00Z", "2026-01-01T05:00:00+00:00"])
    func spellings(_ text: String) {
        #expect(Hour(text)?.description == "2026-01-01T05:00:00Z")
    }

    @Test(
        "no hours",
        arguments: [
            "2026-01-01T05:30:00Z", "2026-01-01T05:00:00", "2026-01-01T05:00:00+01:00", "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
        ])
    func noHours(_ text: String) {
        #expect(Hour(text) == nil)
    }
}
