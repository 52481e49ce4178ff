internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Headless Chromium, driven through its debugging pipe: for looking at pages, and for timing them.
public final class Browser {
    /// What went wrong between here and the browser.
    public struct Trouble: Error, CustomStringConvertible {
        /// In words.
        public var description: String
    }

    /// The program on PATH; nil where none is installed.
    public static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let all = folders.flatMap { folder in
            ["chromium", "chromium-browser", "google-chrome"].map { "\(folder)/\($0)" }
        }
        return all.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private let folder = FileManager.default.temporaryDirectory.appending(path: "plimsoll-web-\(UUID().uuidString)")
        .path
    private let process = Process()
    private let toBrowser: Int32
    private let fromBrowser: Int32
    private var buffer: [UInt8] = []
    private var number = 0
    private var session = ""
    /// Errors and warnings on the console since the page was opened.
    public private(set) var complaints: [String] = []
    /// Addresses asked for since the page was opened.
    public private(set) var requests: [String] = []

    /// Starts a browser with a profile of its own, which goes with it. Throws where it does not answer.
    public init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let (input, output) = (folder + "/in", folder + "/out")
        mkfifo(input, 0o600)
        mkfifo(output, 0o600)
        // For reading and writing, so that opening waits for nobody.
        toBrowser = open(input, O_RDWR)
        fromBrowser = open(output, O_RDWR)
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c",
            """
            exec "$0" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --mute-audio \
              --disable-background-networking --disable-component-update --force-color-profile=srgb \
              --user-data-dir="$1/profile" --remote-debugging-pipe 3<"$1/in" 4>"$1/out"
            """, Self.path ?? "chromium", folder,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] as? String ?? ""
        session =
            try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String ?? ""
        for domain in ["Page", "Runtime", "Log", "Network"] { _ = try call("\(domain).enable") }
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        close(toBrowser)
        close(fromBrowser)
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: Protocol

    /// Sends a command and returns its result; what happens in between is noted.
    @discardableResult
    private func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        number += 1
        var message: [String: Any] = ["id": number, "method": method, "params": parameters]
        if !session.isEmpty { message["sessionId"] = session }
        var bytes = [UInt8](try JSONSerialization.data(withJSONObject: message))
        bytes.append(0)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(toBrowser, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Trouble(description: "the pipe to the browser is closed") }
            sent += count
        }
        while true {
            let answer = try next(method)
            guard answer["id"] as? Int == number else {
                note(answer)
                continue
            }
            if let error = answer["error"] { throw Trouble(description: "\(method): \(error)") }
            return answer["result"] as? [String: Any] ?? [:]
        }
    }

    private func next(_ waiting: String) throws -> [String: Any] {
        while true {
            if let end = buffer.firstIndex(of: 0) {
                let message = Data(buffer[..<end])
                buffer.removeSubrange(...end)
                return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
            }
            var wait = pollfd(fd: fromBrowser, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 60_000) > 0 else {
                throw Trouble(description: "\(waiting): no answer within a minute")
            }
            var part = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(fromBrowser, &part, part.count)
            guard count > 0 else { throw Trouble(description: "the browser went away") }
            buffer += part[..<count]
        }
    }

    private func note(_ event: [String: Any]) {
        let parameters = event["params"] as? [String: Any] ?? [:]
        switch event["method"] as? String {
        case "Runtime.exceptionThrown": complaints.append("\(parameters["exceptionDetails"] ?? "")")
        case "Log.entryAdded": complaints.append("\(parameters["entry"] ?? "")")
        case "Runtime.consoleAPICalled": complaints.append("\(parameters["args"] ?? "")")
        case "Network.requestWillBeSent":
            requests.append((parameters["request"] as? [String: Any])?["url"] as? String ?? "")
        default: return
        }
    }

    // MARK: Pages

    /// How a page is looked at.
    public struct View: Sendable {
        /// For file names and messages.
        public var name: String
        /// Pixels.
        public var width: Int
        /// Pixels.
        public var height: Int
        /// Whether it is held in a hand.
        public var isPhone: Bool
        /// Whether it is paper.
        public var isPrint: Bool
        /// Whether a dark scheme is asked for.
        public var isDark: Bool

        /// A way of looking.
        public init(
            name: String, width: Int, height: Int, isPhone: Bool = false, isPrint: Bool = false, isDark: Bool = false
        ) {
            self.name = name
            self.width = width
            self.height = height
            self.isPhone = isPhone
            self.isPrint = isPrint
            self.isDark = isDark
        }
    }

    /// Opens a file and waits until it is loaded and shown.
    public func show(_ path: String, _ view: View) throws {
        complaints = []
        requests = []
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": view.width, "height": view.height, "deviceScaleFactor": 1, "mobile": view.isPhone])
        try call(
            "Emulation.setEmulatedMedia",
            [
                "media": view.isPrint ? "print" : "",
                "features": [["name": "prefers-color-scheme", "value": view.isDark ? "dark" : "light"]],
            ])
        try call("Page.navigate", ["url": URL(filePath: path).absoluteString])
        _ = try evaluate(
            "new Promise(done => { const go = () => requestAnimationFrame(() => requestAnimationFrame(done));"
                + " document.readyState === 'complete' ? go() : addEventListener('load', go) }).then(() => 'ready')")
    }

    /// The value of an expression as text.
    public func evaluate(_ expression: String) throws -> String {
        let result = try call(
            "Runtime.evaluate", ["expression": expression, "awaitPromise": true, "returnByValue": true])
        if let details = result["exceptionDetails"] { throw Trouble(description: "\(details)") }
        let value = (result["result"] as? [String: Any])?["value"]
        return (value as? String) ?? value.map { "\($0)" } ?? ""
    }

    /// Presses and releases a key where the focus is.
    public func press(_ key: String, code: Int, text: String) throws {
        let common: [String: Any] = ["key": key, "code": key, "windowsVirtualKeyCode": code]
        try call("Input.dispatchKeyEvent", common.merging(["type": "keyDown", "text": text]) { $1 })
        try call("Input.dispatchKeyEvent", common.merging(["type": "keyUp"]) { $1 })
    }

    /// The whole page as a picture.
    public func screenshot(to path: String) throws {
        let result = try call("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        try Self.save(result, to: path)
    }

    /// The page on A4.
    public func pdf(to path: String) throws {
        try Self.save(try call("Page.printToPDF", ["preferCSSPageSize": true, "printBackground": true]), to: path)
    }

    private static func save(_ result: [String: Any], to path: String) throws {
        let text = result["data"] as? String ?? ""
        try (Data(base64Encoded: text) ?? Data()).write(to: URL(filePath: path))
    }
}
