internal import CSpawn
internal import Foundation
internal import Glibc
internal import PlimsollCore
internal import PlimsollPlugin
internal import Synchronization

/// A running plugin: a process group of its own, with pipes to its three streams.
final class PluginProcess: Sendable {
    /// Of the plugin and of its group.
    let pid: pid_t
    /// Writing end of its standard input.
    let input: PipeEnd
    /// Reading end of its standard output.
    let output: PipeEnd
    private let log: LogDrain
    private let ending: Ending
    private let watch: MemoryWatch

    /// Starts a program. `cookie` is false only where a test wants to see what happens without.
    init(_ program: PluginProgram, cookie: Bool = true) throws(PluginFault) {
        let name = program.path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), !isFolder.boolValue else {
            throw PluginFault("process.start", "`\(name)` is no file")
        }
        guard access(name, X_OK) == 0 else {
            throw PluginFault("process.start", "`\(name)` is not executable: `chmod +x` it")
        }
        let (stdin, stdout, stderr) = (try PipePair(), try PipePair(), try PipePair())
        let (pid, code) = Spawn.start(
            program, Self.environment(program, cookie: cookie), [stdin.read, stdout.write, stderr.write])
        for end in [stdin.read, stdout.write, stderr.write] { end.close() }
        guard code == 0 else {
            for end in [stdin.write, stdout.read, stderr.read] { end.close() }
            let why =
                code == ENOEXEC || code == ENOENT
                ? "the system cannot run it: is the interpreter of its first line (`#!/usr/bin/env …`) there?"
                : String(cString: strerror(code))
            throw PluginFault("process.start", "`\(name)` could not be started: \(why)")
        }
        self.pid = pid
        (input, output) = (stdin.write, stdout.read)
        input.setNonBlocking()
        log = LogDrain(stderr.read, limit: program.limits.logBytes)
        ending = Ending(pid)
        watch = MemoryWatch(group: pid, limit: program.limits.memoryBytes, ending)
    }

    deinit {
        killGroup()
        input.close()
        output.close()
    }

    private static func environment(_ program: PluginProgram, cookie: Bool) -> [String: String] {
        let ours = ProcessInfo.processInfo.environment
        var result = program.environment
        result["PATH"] = ours["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        result["LANG"] = "C.UTF-8"
        result["TMPDIR"] = ours["TMPDIR"] ?? "/tmp"
        result[PluginProtocol.cookieName] = cookie ? PluginProtocol.cookie : nil
        return result
    }

    /// What it wrote to standard error so far, as far as it is kept.
    var logged: [UInt8] { log.bytes }

    /// Whether its processes took more memory than they may.
    var isTooLarge: Bool { watch.isOver }

    /// Its exit status, 128 + signal where it was killed; waits that long at most. Nil = it still runs.
    func exitStatus(within seconds: Double) -> Int32? { ending.status(within: seconds) }

    /// Whether a process of its group is left besides zombies. Asked after the plugin itself has ended.
    var hasLeftovers: Bool { !ProcessTable.group(pid).isEmpty }

    /// Ends all of its processes at once.
    func killGroup() {
        kill(-pid, SIGKILL)
        _ = ending.status(within: 5)
        watch.stop()
    }
}

/// Starts processes.
private enum Spawn {
    /// The process, or why there is none. `ends` become its standard input, output and error.
    static func start(_ program: PluginProgram, _ environment: [String: String], _ ends: [PipeEnd]) -> (pid_t, Int32) {
        let path = URL(filePath: program.path).standardizedFileURL
        var words: [UnsafeMutablePointer<CChar>?] = ([path.path] + program.arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var pid: pid_t = 0
        let code = plimsoll_spawn(
            &pid, path.path, path.deletingLastPathComponent().path, &words, &variables, ends.map(\.descriptor))
        return (pid, code)
    }
}

/// Waits for a process on a thread of its own, so that others can wait with a limit.
private final class Ending: Sendable {
    private let found = Mutex<Int32?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ pid: pid_t) {
        Thread.detachNewThread { [self] in
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            found.withLock { $0 = signal == 0 ? (status >> 8) & 0xff : 128 + signal }
            done.signal()
        }
    }

    func status(within seconds: Double) -> Int32? {
        if let status = found.withLock({ $0 }) { return status }
        if done.wait(timeout: .now() + seconds) == .success { done.signal() }
        return found.withLock { $0 }
    }
}

/// Looks now and then how much memory a group has.
private final class MemoryWatch: Sendable {
    private let over = Atomic(false)
    private let stopped = Atomic(false)

    init(group: pid_t, limit: Int, _ ending: Ending) {
        Thread.detachNewThread { [self] in
            while ending.status(within: 0.25) == nil, !stopped.load(ordering: .relaxed) {
                guard ProcessTable.memory(of: group) > limit else { continue }
                over.store(true, ordering: .relaxed)
                kill(-group, SIGKILL)
            }
        }
    }

    var isOver: Bool { over.load(ordering: .relaxed) }

    func stop() { stopped.store(true, ordering: .relaxed) }
}

/// Keeps the beginning of what a plugin logs, and drops the rest.
private final class LogDrain: Sendable {
    private let kept = Mutex<[UInt8]>([])

    init(_ end: PipeEnd, limit: Int) {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = buffer.withUnsafeMutableBytes { Glibc.read(end.descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                kept.withLock { $0 += buffer[0..<min(count, limit - $0.count)] }
            }
            end.close()
        }
    }

    var bytes: [UInt8] { kept.withLock { $0 } }
}

/// What the system says of processes.
private enum ProcessTable {
    /// Processes of a group, without those that have ended and only wait to be asked.
    static func group(_ group: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            guard let text = read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return false }
            let fields = text[text.index(after: end)...].split(separator: " ")
            return fields.count > 2 && fields[0] != "Z" && fields[0] != "X" && pid_t(fields[2]) == group
        }
    }

    /// Bytes in memory of all processes of a group.
    static func memory(of group: pid_t) -> Int {
        self.group(group).reduce(0) { sum, pid in
            let pages = read("/proc/\(pid)/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            return sum + (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
        }
    }

    private static func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
