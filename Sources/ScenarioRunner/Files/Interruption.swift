internal import Dispatch
internal import Foundation
internal import PlimsollCore
internal import Synchronization

/// What happens on SIGINT and SIGTERM: staged files are removed and the process ends with exit code 130.
public enum Interruption {
    private static let staged = Mutex<Set<String>>([])
    // Only `install` touches it, which main calls once, before anything else runs.
    private nonisolated(unsafe) static var watchers: [any DispatchSourceSignal] = []

    /// Begins to watch for SIGINT and SIGTERM, and turns the signal of the file size limit into an error.
    /// Called once, by the program's main.
    public static func install() {
        signal(SIGXFSZ, SIG_IGN)
        for number in [SIGINT, SIGTERM] {
            // A shell's background job ignores SIGINT; that is left so.
            let before = signal(number, SIG_IGN)
            if number == SIGINT, isIgnored(before) { continue }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { stop() }
            source.resume()
            watchers.append(source)
        }
    }

    private static func isIgnored(_ handler: sig_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private static func stop() {
        // Waits while a finished set of files is being renamed into place.
        staged.withLock { paths in
            for path in paths { try? FileManager.default.removeItem(atPath: path) }
            let text = Failure(.interrupted, "run.interrupted", "interrupted; nothing half-written was left behind")
            _ = OutputDirectory.writeAll(Array("\(text)\n".utf8), to: STDERR_FILENO)
            _exit(Failure.ExitCode.interrupted.rawValue)
        }
    }

    /// Notes a path to be removed when interrupted.
    static func willWrite(_ path: String) { staged.withLock { _ = $0.insert(path) } }

    /// Removes a noted path, if it is still there.
    static func discard(_ path: String) {
        staged.withLock { paths in
            paths.remove(path)
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Runs `body` while interruptions wait.
    static func uninterrupted(_ body: () throws(Failure) -> Void) throws(Failure) {
        try staged.withLock { _ throws(Failure) in try body() }
    }
}
