internal import PlimsollCore
internal import Rating

/// A bill by month, usage and commitment: `bill-before.csv` and `bill-after.csv`.
enum BillSheet {
    /// A row and the month it belongs to.
    struct Row: Sendable {
        var month: Hour
        var key: UsageKey?
        var billingAccount: String
        var commitment: String
        var kind: ChargeKind
        var quantity: Quantity
        var amounts: Amounts
    }

    /// A bill's rows, and its hours at a glance.
    struct Sheet: Sendable {
        var rows: [Row] = []
        var hours: [HourSum] = []
    }

    /// Rates month by month. Agreements span months (a credit is used up), so their rows are taken from
    /// the whole `bill`.
    static func sheet(_ input: RatingInput, bill: Bill) throws(Failure) -> Sheet {
        var result = Sheet()
        var input = input
        input.agreements = []
        (input.detail, input.sumsHours) = ([.resource, .commitment], true)
        let payers = Dictionary(
            input.commitments.map { ($0.id, $0.billingAccount) }, uniquingKeysWith: { first, _ in first })
        for month in bill.window?.months ?? [] {
            input.window = month
            let rated = try Rater.rate(input)
            result.hours += rated.hours
            for row in rated.rows {
                let commitment = row.commitment ?? ""
                result.rows.append(
                    Row(
                        month: month.start.monthStart, key: row.key,
                        billingAccount: row.key?.billingAccount ?? payers[commitment] ?? "",
                        commitment: commitment, kind: row.kind, quantity: row.quantity, amounts: row.amounts))
            }
            result.rows += adjustments(bill, month.start.monthStart)
        }
        return result
    }

    private static func adjustments(_ bill: Bill, _ start: Hour) -> [Row] {
        bill.months.filter { $0.month == start }.flatMap { month in
            month.kinds.sorted { $0.key < $1.key }.filter { $0.key != .usage && $0.key != .commitmentFee }.map {
                Row(
                    month: start, key: nil, billingAccount: month.billingAccount, commitment: "", kind: $0.key,
                    quantity: .zero, amounts: $0.value)
            }
        }
    }

    private static let header = [
        "month", "charge", "provider", "billing_account", "account", "resource_group", "region", "zone", "service",
        "sku", "os", "license", "tenancy", "pricing", "unit", "resource", "commitment", "quantity", "list",
        "contracted", "effective", "billed", "on_demand",
    ]

    /// The file.
    static func csv(_ rows: [Row]) -> [UInt8] {
        var out = CSVWriter(header: header)
        for row in rows {
            let key = row.key
            let amounts = row.amounts
            out.add(
                [String(row.month.description.prefix(7)), row.kind.rawValue, key?.provider ?? "", row.billingAccount]
                    + [key?.account, key?.resourceGroup, key?.region, key?.zone, key?.service].map { $0 ?? "" }
                    + [key?.sku, key?.os, key?.license, key?.tenancy, key?.pricing.rawValue].map { $0 ?? "" }
                    + [key?.unit ?? "", key?.resource ?? "", row.commitment, row.quantity.description]
                    + [amounts.list, amounts.contracted, amounts.effective, amounts.billed, amounts.onDemand]
                    .map(\.description))
        }
        return out.bytes
    }
}
