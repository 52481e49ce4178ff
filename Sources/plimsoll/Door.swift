import ArgumentParser
import Glibc
import PlimsollCore

/// The way in and out: signals, parsing, and the exit code of every error.
enum Door {
    /// Runs one command line; returns the exit code of docs/reference/exit-codes.md.
    static func run(_ arguments: [String]) -> Int32 {
        prepareSignals()
        do {
            var command = try Plimsoll.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let failure as Failure {
            Talk.complain(failure.diagnostics)
            return failure.exitCode.rawValue
        } catch {
            return leave(error)
        }
    }

    /// Errors of the argument parser (help and version among them), and those nobody foresaw.
    private static func leave(_ error: any Error) -> Int32 {
        let code = Plimsoll.exitCode(for: error)
        if error is ExitCode { return code.rawValue }
        guard code != .failure else {
            let bug = Diagnostic(
                .error, "bug", "`\(error)`", hint: "this is a bug: report it with the command that you ran")
            Talk.complain([bug])
            return Failure.ExitCode.bug.rawValue
        }
        let message = Plimsoll.fullMessage(for: error)
        guard !message.isEmpty else { return code.rawValue }
        if code.isSuccess { print(message) } else { Talk.say(message) }
        return code.isSuccess ? 0 : Failure.ExitCode.usage.rawValue
    }

    /// Ends the program from a signal: only calls that are safe there. Files are published whole while
    /// signals wait (``OutputFiles``), so nothing half-written is left.
    private static func stop() {
        let text: StaticString = "error[run.interrupted]: interrupted; nothing half-written was left\n"
        _ = write(2, text.utf8Start, text.utf8CodeUnitCount)
        _exit(Failure.ExitCode.interrupted.rawValue)
    }

    private static func prepareSignals() {
        // Whoever started the program may have held them back, as a test's worker threads do.
        var ours = sigset_t()
        sigemptyset(&ours)
        for number in [SIGINT, SIGPIPE, SIGTERM, SIGXFSZ] { sigaddset(&ours, number) }
        pthread_sigmask(SIG_UNBLOCK, &ours, nil)
        // A file that grows beyond its limit is an error of `write`, with its remedy.
        signal(SIGXFSZ, SIG_IGN)
        // A reader that went away ends the program, quietly.
        signal(SIGPIPE, SIG_DFL)
        // Started in the background, it stays deaf to ^C.
        let before = signal(SIGINT) { _ in Door.stop() }
        if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(SIGINT, SIG_IGN) }
        signal(SIGTERM) { _ in Door.stop() }
    }
}
