public import PlimsollPlugin

/// The beginnings of a plugin: what `plimsoll plugin new` writes.
public struct PluginScaffold: Hashable, Sendable {
    /// Language that it is written in.
    public enum Language: String, Sendable, CaseIterable { case swift, python }

    /// A file.
    public struct File: Hashable, Sendable {
        /// Path below the plugin's folder.
        public var name: String
        /// Content.
        public var text: String
        /// Whether it is a program.
        public var isExecutable: Bool
    }

    /// Name: letters, digits, `-`, `_` and `.`.
    public var name: String
    /// Language.
    public var language: Language
    /// What it is.
    public var kind: PluginManifest.Kind
    /// Path of Plimsoll's checkout as a Swift package names it.
    public var checkout: String

    /// A plugin.
    public init(name: String, language: Language, kind: PluginManifest.Kind, checkout: String = "../plimsoll") {
        (self.name, self.language) = (name, language)
        (self.kind, self.checkout) = (kind, checkout)
    }

    /// Whether a name can be that of a plugin.
    public static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else { return false }
        return name.count <= 64
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "-_.".unicodeScalars.contains(scalar))
            }
    }

    /// Its files.
    public var files: [File] {
        switch (language, kind) {
        case (.python, .provider): [python(PackageResources.provider_py)]
        case (.python, .recommender): [python(PackageResources.recommender_py)]
        case (.swift, .provider): swift(PackageResources.provider_swift_txt)
        case (.swift, .recommender): swift(PackageResources.recommender_swift_txt)
        }
    }

    /// The part of Python plugins that is the protocol, the same in all of them.
    public static var pythonProtocol: String { String(decoding: PackageResources.protocol_py, as: UTF8.self) }

    private func python(_ template: [UInt8]) -> File {
        let text = String(decoding: template, as: UTF8.self).replacing("#PROTOCOL#\n", with: Self.pythonProtocol)
        return File(name: name + ".py", text: filled(text), isExecutable: true)
    }

    private func swift(_ template: [UInt8]) -> [File] {
        let package = String(decoding: PackageResources.Package_swift_txt, as: UTF8.self)
        let source = String(decoding: template, as: UTF8.self)
        return [
            File(name: "Package.swift", text: filled(package), isExecutable: false),
            File(name: "Sources/\(name)/main.swift", text: filled(source), isExecutable: false),
        ]
    }

    private func filled(_ text: String) -> String {
        text.replacing("#NAME#", with: name).replacing("#PLIMSOLL#", with: checkout)
    }
}
