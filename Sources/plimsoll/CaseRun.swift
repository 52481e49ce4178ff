import PlimsollCore
import Rating
import ScenarioRunner

/// `plimsoll rate --case FILE`: bills a case and compares.
enum CaseRun {
    static func run(_ path: String, format: OutputFormat) throws(Failure) {
        let file = try CaseFile.load(
            Talk.read(path), file: InputFiles.name(path), programs: Registry.programs)
        let result = try file.run(programs: Registry.programs)
        switch format {
        case .json: try StandardOutput.write(result.json.text)
        case .table, .csv: try StandardOutput.write(result.text)
        }
        Talk.tell(file.warnings + result.bill.warnings)
        guard !result.differences.isEmpty else { return }
        let count = result.differences.count
        throw Failure(
            .partial, "case.differs", "\(count) \(count == 1 ? "figure is" : "figures are") not as the case expects",
            at: .init(file: InputFiles.name(path)),
            hint: "correct the case, or report it: the format is that of docs/reference/case-format.md")
    }
}
