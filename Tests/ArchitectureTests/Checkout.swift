import Foundation

/// The checkout these tests were compiled from.
enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Regular files below a folder whose names end so, in order; hidden ones
    /// and build products are left out. Empty where the folder is absent.
    static func files(in folder: String, suffix: String) -> [URL] {
        let walk = FileManager.default.enumerator(
            at: root.appending(path: folder), includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
        let found = walk?.compactMap { $0 as? URL } ?? []
        return found.filter { $0.lastPathComponent.hasSuffix(suffix) }.sorted { $0.path < $1.path }
    }

    /// Names of the folders directly in a folder.
    static func folders(in folder: String) -> [String] {
        let url = root.appending(path: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: url.appending(path: name).path, isDirectory: &isFolder)
            return exists && isFolder.boolValue && !name.hasPrefix(".")
        }.sorted()
    }

    static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path)
    }

    static func text(_ url: URL) throws -> String {
        try String(contentsOf: url, encoding: .utf8)
    }

    /// A path as messages show it: relative to the checkout.
    static func relative(_ url: URL) -> String {
        url.standardizedFileURL.path.replacingOccurrences(of: root.standardizedFileURL.path + "/", with: "")
    }

    /// The debug program, where a build left one: beside the test bundle.
    static let program: URL? = {
        let beside = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let candidates = [beside, root.appending(path: ".build/debug")].map { $0.appending(path: "plimsoll") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// What a program prints on stdout.
    static func output(of program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = root
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return data
    }
}
