import Foundation

/// The Python prototypes that Plimsoll is measured beside, where they are at hand.
struct Peer {
    /// The folder of the prototypes: `$PLIMSOLL_SHARED/prototypes`, or `shared/prototypes` beside the checkout.
    let prototypes: URL
    private let python: URL
    private let helper: URL

    /// Nil, with a message on standard error, where the prototypes or Python with numpy and scipy are missing.
    init?(checkout: URL) {
        let environment = ProcessInfo.processInfo.environment
        let shared = environment["PLIMSOLL_SHARED"].map { URL(fileURLWithPath: $0) }
        prototypes = (shared ?? checkout.appending(path: "../shared")).standardizedFileURL.appending(path: "prototypes")
        helper = checkout.appending(path: "Benchmarks/peers/problem.py")
        guard FileManager.default.fileExists(atPath: prototypes.appending(path: "commitment_dual.py").path) else {
            Self.say("skipped: no prototypes in \(prototypes.path); set PLIMSOLL_SHARED")
            return nil
        }
        let candidates =
            [checkout.appending(path: ".tools/bench-venv/bin/python3").path]
            + (environment["PATH"] ?? "").split(separator: ":").map { $0 + "/python3" }
        let capable = candidates.first { path in
            FileManager.default.isExecutableFile(atPath: path)
                && (try? Self.run(URL(fileURLWithPath: path), ["-c", "import numpy, scipy"])) != nil
        }
        guard let capable else {
            Self.say(
                "skipped: no python3 with numpy and scipy; make one with: python3 -m venv .tools/bench-venv"
                    + " && .tools/bench-venv/bin/pip install numpy scipy")
            return nil
        }
        python = URL(fileURLWithPath: capable)
    }

    static func say(_ message: String) { FileHandle.standardError.write(Data("plimsoll-bench: \(message)\n".utf8)) }

    /// Writes a prototype's problem to a file of its own; the caller removes it.
    func problem(_ prototype: String, _ arguments: [String]) throws -> URL {
        let out = FileManager.default.temporaryDirectory.appending(path: "plimsoll-bench-\(UUID().uuidString).bin")
        _ = try Self.run(python, [helper.path, prototypes.appending(path: prototype).path, out.path] + arguments)
        return out
    }

    /// What a prototype prints.
    func search(_ prototype: String, _ arguments: [String]) throws -> [String] {
        try Self.run(python, [prototypes.appending(path: prototype).path] + arguments)
            .split(separator: "\n").map(String.init)
    }

    private struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    private static func run(_ program: URL, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(program.path) \(arguments.joined(separator: " ")) failed")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
