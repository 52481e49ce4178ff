import ArgumentParser
import CloudHTTP
import Dispatch
import Foundation
import PlimsollCore
import Synchronization

/// Options of commands that call clouds.
struct TraceOptions: ParsableArguments {
    @Option(
        name: .customLong("trace-http"),
        help: ArgumentHelp(
            "Write every call to a cloud here, one JSON object a line, without secrets.", valueName: "file"))
    var traceHTTP: String?
}

/// How commands reach clouds.
enum CloudDoor {
    /// A client by the environment's proxies; every try of a call goes to the trace.
    static func client(_ trace: TraceOptions) throws -> CloudClient {
        let log = try trace.traceHTTP.map { try CallLog(trace: traceWriter($0)) } ?? CallLog()
        let proxies: ProxySettings
        do throws(CloudFailure) {
            proxies = try ProxySettings(environment: ProcessInfo.processInfo.environment)
        } catch {
            throw Failure(.usage, [error.diagnostic])
        }
        return CloudClient(transport: ClientTransport(proxies: proxies), log: log)
    }

    /// What credentials come from on this machine.
    static func sources(_ client: CloudClient) -> CredentialSources {
        let environment = ProcessInfo.processInfo.environment
        return CredentialSources(
            environment: environment, home: environment["HOME"] ?? NSHomeDirectory(), client: client)
    }

    /// Waits for work that is not of this thread. Only for the program's first thread: no other may block.
    static func wait<Value: Sendable>(for work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let done = DispatchSemaphore(value: 0)
        let kept = Kept<Value>()
        Task {
            do {
                let value = try await work()
                kept.result.withLock { $0 = .success(value) }
            } catch {
                kept.result.withLock { $0 = .failure(error) }
            }
            done.signal()
        }
        done.wait()
        guard let result = kept.result.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }

    /// A result on its way from one thread to another.
    private final class Kept<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    private static func traceWriter(_ path: String) throws -> @Sendable (CallRecord) -> Void {
        // Readable by its owner only: it tells what was asked, if no secrets.
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else {
            throw Failure(
                .cannotWrite, "output.failed", "`\(path)` cannot be written",
                hint: "name a file in a folder that exists")
        }
        return { record in try? file.write(contentsOf: Data((record.line + "\n").utf8)) }
    }
}
