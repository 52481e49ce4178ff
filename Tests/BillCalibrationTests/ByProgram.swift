import Foundation
import PlimsollCore
import Testing

/// The debug program beside the tests.
private struct Program {
    let folder: URL

    private static let path: String? = {
        let beside = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [beside, root.appending(path: ".build/debug")].map { $0.appending(path: "plimsoll").path }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    @discardableResult
    func run(_ line: String) throws -> String {
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: try #require(Self.path, "the debug program is not built: swift build"))
        process.arguments = line.split(separator: " ").map(String.init)
        process.currentDirectoryURL = folder
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(line)")
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Import, init with the same prices under the name of a list, run: the report says that nothing differs.
func checkByProgram(_ known: KnownBill) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-known-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = Program(folder: folder)
    for file in known.files {
        try Data(file.text.utf8).write(to: folder.appending(path: file.name))
        try program.run("import \(file.name) --format \(file.format) --quiet")
    }
    let said = try program.run("init --from ledger --out scenario")
    #expect(said.contains("\(known.commitments.count) commitments, \(known.agreements.count) agreements"))
    #expect(said.contains("true hours") != known.hasHours)
    let prices = try String(contentsOf: folder.appending(path: "scenario/prices.csv"), encoding: .utf8)
    let list = prices.replacing("bill, amortised", with: "list").replacing("bill 2026", with: "list 2026")
    try Data(list.utf8).write(to: folder.appending(path: "list.csv"))
    try program.run("init --from ledger --prices list.csv --out scenario")
    let report = JSONValue(parsing: Array(try program.run("run scenario/scenario.yaml --format json --quiet").utf8))
    let calibration = try #require(report?["calibration"])
    #expect(calibration["calibrated"] == .bool(true))
    #expect(calibration["error"]?["absolute_percent"]?.string == "0.0000")
    #expect(calibration["error"]?["net_percent"]?.string == "0.0000")
    #expect(calibration["coverage_statement"]?.string?.contains("pay for the same in all") == true)
    #expect(calibration["shape"]?[known.hasHours ? "hour" : "day"]?["percent"]?.string == "100.00")
    #expect(
        calibration["shape_statement"]?.string?.contains(known.hasHours ? "tells the hour of all" : "billed by the day")
            == true)
    #expect(report?["unpriced"]?.array?.isEmpty == true)
}
