internal import Foundation
public import PlimsollCore

/// The official `duckdb` program.
public struct DuckDBProgram: Hashable, Sendable {
    /// The version that the ledger is made for: others are refused.
    public static let version = "1.5.6"

    /// Where it is.
    public let path: String

    /// The program, looked for in `$PLIMSOLL_DUCKDB`, beside the executable, in the checkout's
    /// `.tools/bin` and on the `PATH`. Throws ``Failure`` (exit 69) where it is missing or of another version.
    public static func find(
        environment: [String: String]
    ) throws(Failure) -> DuckDBProgram {
        for path in candidates(environment) where FileManager.default.isExecutableFile(atPath: path) {
            let program = DuckDBProgram(path: path)
            let found = try program.reportedVersion()
            guard found == version else {
                throw Failure(
                    .missingTool, "duckdb.version", "`\(path)` is duckdb \(found), \(version) is needed",
                    hint: "run scripts/bootstrap, or set PLIMSOLL_DUCKDB to a duckdb \(version)")
            }
            return program
        }
        throw Failure(
            .missingTool, "duckdb.missing", "the ledger needs the program duckdb \(version), which was not found",
            hint: "run scripts/bootstrap, or set PLIMSOLL_DUCKDB to it")
    }

    private static func candidates(_ environment: [String: String]) -> [String] {
        if let named = environment["PLIMSOLL_DUCKDB"], !named.isEmpty { return [named] }
        var paths: [String] = []
        let own = URL(fileURLWithPath: Bundle.main.executablePath ?? "").resolvingSymlinksInPath()
        var folder = own.deletingLastPathComponent()
        paths.append(folder.appending(path: "duckdb").path)
        paths.append(folder.deletingLastPathComponent().appending(path: "lib/plimsoll/duckdb").path)
        while folder.path != "/" {
            paths.append(folder.appending(path: ".tools/bin/duckdb").path)
            folder.deleteLastPathComponent()
        }
        let search = environment["PATH"] ?? ""
        return paths + search.split(separator: ":").map { $0 + "/duckdb" }
    }

    private func reportedVersion() throws(Failure) -> String {
        let output = try ChildProcess.run(path, ["--version"])
        let text = String(decoding: output.standardOutput, as: UTF8.self)
        guard output.status == 0, let word = text.split(separator: " ").first else { return "of an unknown version" }
        return String(word.drop { $0 == "v" })
    }

    /// Runs `sql` in a process of its own, in memory, and returns what it printed. Throws ``Failure`` with
    /// the program's own message where a statement fails. `watch` hears how many bytes it has read.
    @discardableResult
    func run(
        _ sql: String, mode: Mode = .json, memory: String = "900MB", watch: (Int) -> Void = { _ in }
    ) throws(Failure) -> [UInt8] {
        let settings = """
            .bail on
            SET TimeZone='UTC';
            SET memory_limit='\(memory)';
            SET threads=2;
            SET preserve_insertion_order=false;
            SET autoinstall_known_extensions=false;
            SET enable_progress_bar=false;

            """
        let script = try Script(settings + sql)
        defer { script.remove() }
        let arguments = ["-batch", "-init", "/dev/null", mode.argument, "-f", script.path]
        let output = try ChildProcess.run(path, arguments, watch: watch)
        guard output.status == 0, output.standardError.isEmpty else { throw Self.failure(output) }
        return output.standardOutput
    }

    /// How results are printed.
    enum Mode {
        case json, csv, lines
        var argument: String {
            switch self {
            case .json: "-json"
            case .csv: "-csv"
            case .lines: "-list"
            }
        }
    }

    private static func failure(_ output: ChildProcess.Output) -> Failure {
        let text = String(decoding: output.standardError, as: UTF8.self)
        if text.contains("No space left") || text.contains("Could not write") || text.contains("File too large") {
            return Failure(
                .cannotWrite, "ledger.cannot-write", "the ledger could not be written: \(summary(text))",
                hint: "make room, or raise the limit on file sizes; nothing was published")
        }
        let reason = text.isEmpty ? "it ended with status \(output.status)" : summary(text)
        return Failure(
            .badInput, "duckdb.failed", "duckdb refused: \(reason)", hint: "nothing in the ledger was changed")
    }

    private static func summary(_ text: String) -> String {
        text.split(separator: "\n").prefix(3).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }

    /// Rows that the one statement `select` yields after `setup`, as JSON objects.
    func rows(_ select: String, after setup: String = "", memory: String = "1600MB") throws(Failure) -> [JSONValue] {
        let printed = try run(setup + "\n.print \(Self.mark)\n" + select, memory: memory)
        let text = String(decoding: printed, as: UTF8.self)
        guard let mark = text.range(of: Self.mark + "\n") else { return [] }
        return JSONValue(parsing: Array(text[mark.upperBound...].utf8))?.array ?? []
    }

    private static let mark = "@@rows"
}

/// SQL in a file that only its owner can read.
private struct Script {
    let path: String

    init(_ sql: String) throws(Failure) {
        let folder = FileManager.default.temporaryDirectory
        path = folder.appending(path: "plimsoll-\(UUID().uuidString).sql").path
        let made = FileManager.default.createFile(
            atPath: path, contents: Data(sql.utf8), attributes: [.posixPermissions: 0o600])
        guard made else {
            throw Failure(
                .cannotWrite, "ledger.no-temporary-file", "no file can be written in `\(folder.path)`",
                hint: "make room there, or set TMPDIR to another folder")
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// SQL text of values.
enum SQL {
    /// A string literal.
    static func text(_ value: String) -> String { "'" + value.replacing("'", with: "''") + "'" }
    /// A quoted name.
    static func name(_ value: String) -> String { "\"" + value.replacing("\"", with: "\"\"") + "\"" }
    /// A list of string literals.
    static func list(_ values: [String]) -> String { "[" + values.map(text).joined(separator: ", ") + "]" }
}
