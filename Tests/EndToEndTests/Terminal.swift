import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A terminal of its own that a program writes to: what it shows, and to whom it looks like one.
struct Terminal {
    struct Trouble: Error {}

    var columns: Int

    /// What a line of bash leaves on standard output and standard error, each on a terminal of its own.
    func run(_ line: String, in folder: Folder) throws -> Program.Result {
        let (out, talk) = (try Pseudo(columns), try Pseudo(columns))
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        // Whoever runs the tests may have asked for no colour for themselves.
        process.arguments = ["-c", "unset NO_COLOR; plimsoll() { '\(Program.path ?? "false")' \"$@\"; }\n" + line]
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(fileDescriptor: out.inner)
        process.standardError = FileHandle(fileDescriptor: talk.inner)
        try process.run()
        while process.isRunning {
            out.drain(20)
            talk.drain(20)
        }
        out.drain(50)
        talk.drain(50)
        func text(_ terminal: Pseudo) -> String {
            String(decoding: terminal.bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        }
        return Program.Result(status: process.terminationStatus, out: text(out), talk: text(talk))
    }

    /// Both ends of one.
    private final class Pseudo {
        let outer: Int32
        let inner: Int32
        private(set) var bytes: [UInt8] = []

        init(_ columns: Int) throws {
            outer = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            guard outer >= 0 else { throw Trouble() }
            inner = open(try Self.name(outer), O_RDWR | O_NOCTTY)
            var size = winsize(ws_row: 40, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
            guard inner >= 0, ioctl(inner, UInt(TIOCSWINSZ), &size) == 0 else { throw Trouble() }
        }

        /// The other end, unlocked; Linux's headers keep the functions for it from Swift.
        private static func name(_ outer: Int32) throws -> String {
            #if os(Linux)
                var (locked, number): (Int32, UInt32) = (0, 0)
                guard ioctl(outer, 0x4004_5431, &locked) == 0, ioctl(outer, 0x8004_5430, &number) == 0 else {
                    throw Trouble()
                }
                return "/dev/pts/\(number)"
            #else
                guard grantpt(outer) == 0, unlockpt(outer) == 0, let name = ptsname(outer) else { throw Trouble() }
                return String(cString: name)
            #endif
        }

        deinit {
            close(inner)
            close(outer)
        }

        /// Takes what is there, waiting at most so many milliseconds for the first of it.
        func drain(_ milliseconds: Int32) {
            var wait = pollfd(fd: outer, events: Int16(POLLIN), revents: 0)
            var patience = milliseconds
            while poll(&wait, 1, patience) > 0, wait.revents & Int16(POLLIN) != 0 {
                var part = [UInt8](repeating: 0, count: 1 << 14)
                let count = read(outer, &part, part.count)
                guard count > 0 else { return }
                bytes += part[..<count]
                patience = 0
            }
        }
    }

    /// Cells that a line takes: two for what is drawn wide.
    static func width(_ line: some StringProtocol) -> Int {
        line.unicodeScalars.reduce(0) { $0 + (0x2e80...0xa4cf ~= $1.value || $1.value >= 0x1f000 ? 2 : 1) }
    }
}
