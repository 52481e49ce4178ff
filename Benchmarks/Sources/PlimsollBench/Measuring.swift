import Foundation
import Ledger

/// Time and memory of this process and of those it started.
enum Measuring {
    /// Seconds of a piece of work.
    struct Time {
        var processor: Double
        var wall: Double
    }

    static func time(_ body: () throws -> Void) rethrows -> Time {
        let (processor, clock) = (processor(), ContinuousClock.now)
        try body()
        let wall = (ContinuousClock.now - clock).components
        return Time(
            processor: Self.processor() - processor, wall: Double(wall.seconds) + Double(wall.attoseconds) * 1e-18)
    }

    private static func usage(ofChildren: Bool) -> rusage {
        var usage = rusage()
        #if os(Linux)
            let who = ofChildren ? RUSAGE_CHILDREN.rawValue : RUSAGE_SELF.rawValue
            getrusage(__rusage_who_t(who), &usage)
        #else
            getrusage(ofChildren ? RUSAGE_CHILDREN : RUSAGE_SELF, &usage)
        #endif
        return usage
    }

    /// CPU seconds of child processes and this one: wall clocks lie on shared machines.
    static func processor() -> Double {
        [false, true].reduce(0) { sum, children in
            let usage = usage(ofChildren: children)
            let micros = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
            return sum + Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(micros) / 1e6
        }
    }

    /// MiB that this process, or the largest child so far, had in memory at most.
    static func memory(ofChildren: Bool) -> Int {
        #if os(Linux)
            usage(ofChildren: ofChildren).ru_maxrss >> 10
        #else
            usage(ofChildren: ofChildren).ru_maxrss >> 20
        #endif
    }

    /// Runs statements in the engine.
    static func run(_ duckdb: DuckDBProgram, _ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: duckdb.path)
        process.arguments = ["-batch", "-init", "/dev/null", "-c", sql]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        precondition(process.terminationStatus == 0, "duckdb ran")
    }
}
