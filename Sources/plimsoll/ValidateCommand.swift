import ArgumentParser
import Foundation
import Ledger
import PlimsollCore
import Reporting
import ScenarioRunner

/// `plimsoll validate`: does a file keep to FOCUS?
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a file against the rules of FOCUS 1.2.",
        discussion: """
            Every rule not met is told with its id in the FinOps Foundation's requirements model, the number of rows, \
            and the first of them, counted from 1 below the header. Exit 3 where a MUST is not met; a SHOULD is told only.

            Examples:
              plimsoll validate focus.csv
              plimsoll validate focus.parquet --format json
              plimsoll validate focus.csv.gz --format csv > faults.csv
            """)

    @Argument(help: ArgumentHelp("A CSV file, also .csv.gz, or a Parquet file.", valueName: "file")) var file: String
    @Option(help: "table, json or csv.") var format = OutputFormat.table
    @OptionGroup(title: "Messages") var talk: TalkOptions

    func run() throws {
        let program = try DuckDBProgram.find(environment: ProcessInfo.processInfo.environment)
        let result = try Talk.during("checking \(file) against FOCUS 1.2") { try FocusConformance.check(file, program) }
        Talk.note("\(Show.grouped(String(result.rows))) rows, \(result.checked.count) rules")
        switch format {
        case .table: try StandardOutput.write(Self.table(result))
        case .json: try StandardOutput.write(Self.json(result).text)
        case .csv: try StandardOutput.write(Self.csv(result))
        }
        guard !result.conforms else { return }
        let count = result.findings.count(where: \.isMust)
        throw Failure(
            .partial, "validate.fails",
            "`\(file)` is not FOCUS 1.2: \(count) \(count == 1 ? "rule is" : "rules are") not met",
            hint:
                "`--format csv` lists the rows; `plimsoll import FILE`, then `plimsoll export focus`, fills what follows from other columns"
        )
    }

    private static func level(_ finding: FocusConformance.Finding) -> String { finding.isMust ? "must" : "should" }

    private static func table(_ result: FocusConformance) -> String {
        let failed = result.findings.count(where: \.isMust)
        let noted = result.findings.count - failed
        let head =
            "FOCUS 1.2: \(result.rows) rows, \(result.checked.count) rules checked, \(failed) not met, \(noted) advised\n"
        guard !result.findings.isEmpty else { return head }
        var table = TextTable([
            .init("Rule"), .init("Column"), .init("Rows", isNumber: true), .init("First", isNumber: true),
            .init("Value", rank: 1), .init("The column", rank: 2),
        ])
        for finding in result.findings {
            let first = finding.samples.first
            table.add([
                finding.rule, finding.column, String(finding.count), first.map { String($0.row) } ?? "",
                first.map { $0.value ?? "null" } ?? "", finding.text,
            ])
        }
        return head + "\n" + table.text(width: Talk.width)
    }

    private static func json(_ result: FocusConformance) -> JSONValue {
        .object([
            "version": .string("1.2"), "rows": .int(result.rows), "conforms": .bool(result.conforms),
            "rules": .object([
                "checked": .int(result.checked.count), "failed": .int(result.findings.count(where: \.isMust)),
                "advised": .int(result.findings.count { !$0.isMust }),
            ]),
            "findings": .array(result.findings.map(json)),
        ])
    }

    private static func json(_ finding: FocusConformance.Finding) -> JSONValue {
        .object([
            "rule": .string(finding.rule), "column": .string(finding.column), "level": .string(level(finding)),
            "requirement": .string(finding.text), "count": .int(finding.count),
            "samples": .array(
                finding.samples.map { sample in
                    .object([
                        "row": .int(sample.row), "column": .string(finding.column),
                        "value": sample.value.map(JSONValue.string) ?? .null,
                    ])
                }),
        ])
    }

    private static func csv(_ result: FocusConformance) -> [UInt8] {
        var out = CSVWriter(header: ["rule", "column", "level", "count", "row", "value", "requirement"])
        for finding in result.findings {
            let front = [finding.rule, finding.column, level(finding), String(finding.count)]
            if finding.samples.isEmpty { out.add(front + ["", "", finding.text]) }
            for sample in finding.samples {
                out.add(front + [String(sample.row), sample.value ?? "", finding.text])
            }
        }
        return out.bytes
    }
}
