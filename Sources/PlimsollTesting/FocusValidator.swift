public import Foundation

/// The FinOps Foundation's validator of FOCUS datasets, as `scripts/focus-validator` installs it.
public struct FocusValidator: Sendable {
    /// What it says of one file.
    public struct Verdict: Sendable {
        /// Rules looked at.
        public var total = 0
        /// Rules met.
        public var passed = 0
        /// Rules not met.
        public var failed = 0
        /// Rules that it cannot check.
        public var skipped = 0
        /// Every rule that it knows: `PASS`, `FAIL` or `SKIPPED`.
        public var statuses: [String: String] = [:]
        /// Rules not met, those among them that fail because another one does.
        public var failing: Set<String> { Set(statuses.filter { $0.value == "FAIL" }.keys) }
        /// All that it printed.
        public var text = ""
        /// The counts as it prints them, and the rules not met.
        public var summary: String {
            "Total: \(total) | Pass: \(passed) | Fail: \(failed) | Skipped: \(skipped) [\(failing.sorted().joined(separator: ", "))]"
        }
    }

    /// Whether it is there.
    public static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program.path) }
    /// Why tests that need it did not run.
    public static let absence: String =
        "NOT RUN: the FinOps Foundation's validator needs Python 3.12 or newer; run scripts/focus-validator where there is one"

    /// Rules that every file with a row fails, whatever stands in it: its model asks for one thing and its
    /// contrary. docs/reference/focus-conformance.md has the proof of each.
    public static let contradictions: Set<String> = [
        // Null in all rows and not null in all rows: the conditions on CapacityReservationId are lost.
        "CapacityReservationStatus-C-003-C", "CapacityReservationStatus-C-004-C", "CapacityReservationStatus-C-002-C",
        "CapacityReservationStatus-C-000-C",
        // Not null where CommitmentDiscountId is null, where C-003-C wants null.
        "CommitmentDiscountStatus-C-004-C", "CommitmentDiscountStatus-C-002-C", "CommitmentDiscountStatus-C-000-C",
        // Null in all rows, and not null in all rows; the two above them where invoices are not all issued.
        "InvoiceId-C-004-C", "InvoiceId-C-005-C", "InvoiceId-C-003-C", "InvoiceId-C-000-O",
        // Fail because those do.
        "CostAndUsage-D-000-M", "CostAndUsage-D-002-M",
    ]

    /// Fails where a file has a purchase that covers its own charge period only, such as a marketplace fee:
    /// the model leaves out the half of the rule that says which purchases cost nothing.
    public static let otherPurchases: Set<String> = ["EffectiveCost-C-005-C", "EffectiveCost-C-000-M"]

    /// Fail in CSV where a column of text has digits only: its reader takes them for numbers, in quotes too.
    public static let digits: Set<String> = [
        "BillingAccountId-C-002-M", "BillingAccountId-C-000-M", "BillingAccountName-C-001-M",
        "BillingAccountName-C-000-M", "SubAccountId-C-001-M", "SubAccountId-C-000-C", "SubAccountName-C-001-M",
        "SubAccountName-C-000-C",
    ]

    /// What a right file in the given format may fail.
    public static func allowed(_ format: String) -> Set<String> {
        contradictions.union(otherPurchases).union(format == "csv" ? digits : [])
    }

    private static let environment = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".tools/focus-validator")
    private static var program: URL { environment.appending(path: "bin/focus-validator") }

    /// Checks a CSV or Parquet file against all rules of FOCUS 1.2 under all applicability criteria.
    public static func check(_ file: URL) throws -> Verdict {
        let process = Process()
        process.executableURL = program
        process.arguments = [
            "--data-file", file.path, "--validate-version", "1.2.0.1", "--block-download", "--focus-dataset",
            "CostAndUsage", "--applicability-criteria", "ALL", "--show-violations",
        ]
        // It looks for its list of currencies from where it runs.
        process.currentDirectoryURL = try packages()
        let output = FileManager.default.temporaryDirectory.appending(path: "plimsoll-validator-\(UUID().uuidString)")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return verdict(try String(contentsOf: output, encoding: .utf8))
    }

    private static func packages() throws -> URL {
        let library = environment.appending(path: "lib")
        let names = try FileManager.default.contentsOfDirectory(atPath: library.path)
        return library.appending(path: names.first { $0.hasPrefix("python") } ?? "").appending(path: "site-packages")
    }

    private static func verdict(_ text: String) -> Verdict {
        var result = Verdict()
        result.text = text
        for line in text.split(separator: "\n") {
            if line.contains("Total:"), line.contains("Fail:") {
                let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
                if numbers.count == 4 {
                    (result.total, result.passed, result.failed, result.skipped) =
                        (numbers[0], numbers[1], numbers[2], numbers[3])
                }
            }
            for status in ["PASS", "FAIL", "SKIPPED"] {
                guard let mark = line.range(of: ": \(status)"),
                    let rule = line[..<mark.lowerBound].split(separator: " ").last,
                    rule.contains("-"), !line.hasPrefix("-")
                else { continue }
                result.statuses[String(rule)] = status
                break
            }
        }
        return result
    }
}
