import Foundation
import PlimsollPlugin
import PluginConformance
import PluginHost
import Testing

/// A folder with plugins, gone with the test.
final class PluginFolder {
    let path = FileManager.default.temporaryDirectory.appending(path: "plimsoll-plugins-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file; its path.
    @discardableResult
    func add(_ name: String, _ text: String, mode: Int = 0o755) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// The beginnings of a plugin in Python; its path.
    func scaffold(_ kind: PluginManifest.Kind, name: String = "sample", as file: String? = nil) throws -> String {
        let scaffold = PluginScaffold(name: name, language: .python, kind: kind)
        let only = try #require(scaffold.files.first)
        return try add(file ?? only.name, only.text)
    }
}

enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let python = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let noPython: Comment = "python3 is not here"

    /// Programs that the build put beside the tests.
    static func built(_ name: String) -> String? {
        let beside = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let folders = [beside, root.appending(path: ".build/debug")]
        return folders.map { $0.appending(path: name).path }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

extension PluginKit.Result {
    var broken: String? { if case .broken(let how) = outcome { how } else { nil } }
}
