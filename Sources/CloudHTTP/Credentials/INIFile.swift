internal import Foundation

/// Sections of `name = value` lines, as shared configuration files have them. Indented lines belong to the value
/// above and are left out; the last of several settings counts.
struct INIFile: Sendable {
    var sections: [String: [String: String]] = [:]

    init(_ bytes: [UInt8]) {
        var name: String?
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") { continue }
            if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
                let inner = text[text.index(after: text.startIndex)..<end]
                let found = inner.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                name = found.replacingOccurrences(of: "\"", with: "")
                sections[name ?? "", default: [:]].merge([:]) { old, _ in old }
                continue
            }
            guard let name, let mark = text.firstIndex(of: "="), line.first?.isWhitespace != true else { continue }
            let key = text[..<mark].trimmingCharacters(in: .whitespaces).lowercased()
            sections[name]?[key] = text[text.index(after: mark)...].trimmingCharacters(in: .whitespaces)
        }
    }
}
