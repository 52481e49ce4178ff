internal import PlimsollCore
internal import Rating

extension BillReport {
    /// Rows shown to people; machines get all of them.
    private static let shownRows = 1_000

    /// The bill for people, lines at most `width` characters where that can be done.
    public func table(width: Int) -> String {
        var parts = [heading + "\n" + totals(width)]
        if !bill.commitments.isEmpty { parts.append(commitments(width)) }
        if !detail.isEmpty { parts.append(rows(width)) }
        if !bill.unpriced.isEmpty { parts.append(unpriced(width)) }
        return parts.joined(separator: "\n")
    }

    private var heading: String {
        guard let window = bill.window else { return "Bill of no hours\n" }
        return "Bill from \(window.start) to \(window.end), \(Show.grouped(String(window.count))) hours\n"
    }

    /// Cents; more where the whole bill is small.
    private func show(_ amount: Money) -> String {
        let small = max(bill.total.list, bill.total.effective) < Money(10)
        return Show.grouped(amount.rounded(to: small ? 6 : 2))
    }

    private func show(_ quantity: Quantity) -> String { Show.grouped(Money(raw: quantity.raw).rounded(to: 2)) }

    private func totals(_ width: Int) -> String {
        let total = bill.total
        var table = TextTable([.init("Total"), .init(bill.currency, isNumber: true), .init("", rank: 1)])
        table.add(["list", show(total.list), "usage at on-demand prices"])
        table.add(["contracted", show(total.contracted), "usage at your own prices"])
        table.add(["effective", show(total.effective), "amortised commitments, used or not, and the rest"])
        table.add(["billed", show(total.billed), "cash in the window"])
        table.add(["on-demand", show(total.onDemand), "left over at on-demand rates"])
        return table.text(width: width)
    }

    private func commitments(_ width: Int) -> String {
        var table = TextTable([
            .init("Commitment"), .init("Unit", rank: 1), .init("Committed", isNumber: true),
            .init("Used", isNumber: true), .init("Unused", isNumber: true), .init("Used %", isNumber: true),
        ])
        for use in bill.commitments {
            let percent = Money(raw: use.utilization.raw * 100).rounded(to: 1)
            table.add([use.id, use.unit, show(use.committed), show(use.used), show(use.unused), percent])
        }
        return table.text(width: width)
    }

    private func rows(_ width: Int) -> String {
        var table = TextTable([
            .init("Hour", rank: 1), .init("Kind"), .init("Name", rank: 2), .init("Commitment", rank: 1),
            .init("Account", rank: 6), .init("Region", rank: 4), .init("SKU", rank: 1), .init("OS", rank: 5),
            .init("Resource", rank: 3), .init("Quantity", isNumber: true, rank: 2),
            .init("List", isNumber: true, rank: 3), .init("Contracted", isNumber: true, rank: 7),
            .init("Effective", isNumber: true), .init("Billed", isNumber: true, rank: 2),
            .init("On-demand", isNumber: true, rank: 7),
        ])
        for row in bill.rows.prefix(Self.shownRows) {
            let sums = row.amounts
            table.add([
                row.hour?.description ?? "", row.kind.rawValue, row.name, row.commitment ?? "",
                row.key?.account ?? "", row.key?.region ?? "", row.key?.sku ?? "", row.key?.os ?? "",
                row.key?.resource ?? "", row.quantity == .zero ? "" : show(row.quantity), show(sums.list),
                show(sums.contracted), show(sums.effective), show(sums.billed), show(sums.onDemand),
            ])
        }
        let more = bill.rows.count - Self.shownRows
        let rest = more > 0 ? "and \(Show.grouped(String(more))) more rows: `--format csv` has all of them\n" : ""
        return table.text(width: width) + rest
    }

    private func unpriced(_ width: Int) -> String {
        var table = TextTable([
            .init("Unpriced"), .init("Region", rank: 1), .init("OS", rank: 2), .init("Quantity", isNumber: true),
            .init("Unit", rank: 1), .init("Why"),
        ])
        for item in bill.unpriced {
            let key = item.key
            table.add([key.sku, key.region, key.os, show(item.quantity), key.unit, item.reason])
        }
        return table.text(width: width)
    }
}
