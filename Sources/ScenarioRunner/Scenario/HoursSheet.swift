internal import PlimsollCore
internal import Rating

/// `hours.csv`: every hour of the bill to come, at on-demand list prices.
enum HoursSheet {
    private static let header = ["hour", "demand", "covered_before", "covered_new", "on_demand", "committed"]

    /// `covered_before` is what the commitments held serve without the purchases, `covered_new` what the
    /// purchases add to that.
    static func csv(_ window: HourGrid?, before: [HourSum], after: [HourSum]) -> [UInt8] {
        var out = CSVWriter(header: header)
        guard let window, before.count == window.count, after.count == window.count else { return out.bytes }
        for (index, (was, now)) in zip(before, after).enumerated() {
            let cells = [now.demand, was.demand - was.left, was.left - now.left, now.left, now.committed]
            out.add([window.start.advanced(by: index).description] + cells.map(\.description))
        }
        return out.bytes
    }
}
