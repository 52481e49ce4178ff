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
        /// Rules not met that speak for themselves: not those that fail because another one does.
        public var rules: Set<String> = []
        /// All that it printed.
        public var text = ""
        /// The counts, and the rules that speak for themselves.
        public var summary: String {
            "\(passed) of \(total) rules pass, \(failed) fail (\(rules.sorted().joined(separator: ", "))), \(skipped) skipped"
        }
    }

    /// Whether it is there.
    public static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: program.path) }
    /// Why tests that need it did not run.
    public static let absence: String =
        "NOT RUN: the FinOps Foundation's validator needs Python 3.12 or newer; run scripts/focus-validator where there is one"

    /// Rules that its model states so that a right dataset cannot meet them; docs/reference/focus-conformance.md
    /// says why of each.
    public static func impossible(_ format: String) -> Set<String> {
        let always: Set = [
            "CommitmentDiscountStatus-C-004-C", "CommitmentDiscountStatus-C-005-M", "CapacityReservationStatus-C-004-C",
            "EffectiveCost-C-005-C", "InvoiceId-C-004-C", "InvoiceId-C-005-C",
        ]
        // A CSV file has no types: a column of digits is taken for numbers.
        let digits: Set = [
            "BillingAccountId-C-002-M", "SubAccountId-C-001-M", "BillingAccountName-C-001-M", "SubAccountName-C-001-M",
        ]
        return format == "csv" ? always.union(digits) : always
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
            guard let mark = line.range(of: ": FAIL  ("), !line.contains("failed child rules") else { continue }
            if let rule = line[..<mark.lowerBound].split(separator: " ").last { result.rules.insert(String(rule)) }
        }
        return result
    }
}
