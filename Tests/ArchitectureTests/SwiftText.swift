/// Just enough of Swift's grammar to tell code from comments.
enum SwiftText {
    /// The source with comments blanked, and the contents of strings too where
    /// they are not wanted. Line breaks outside of strings stay.
    static func withoutComments(_ source: String, keepingStrings: Bool = true) -> String {
        var result = ""
        var rest = Substring(source)
        var depth = 0
        while let character = rest.first {
            if depth > 0 {
                depth += skipInComment(&rest, &result)
            } else if rest.hasPrefix("/*") {
                depth = 1
                rest.removeFirst(2)
            } else if rest.hasPrefix("//") {
                rest = rest.drop { !$0.isNewline }
            } else if character == "\"" {
                var literal = ""
                copyString(&rest, &literal)
                result += keepingStrings ? literal : "\"\""
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }

    /// Steps through a block comment, which may hold others; returns the change of depth.
    private static func skipInComment(_ rest: inout Substring, _ result: inout String) -> Int {
        if rest.hasPrefix("/*") || rest.hasPrefix("*/") {
            let change = rest.hasPrefix("/*") ? 1 : -1
            rest.removeFirst(2)
            return change
        }
        let character = rest.removeFirst()
        if character.isNewline { result.append(character) }
        return 0
    }

    /// Copies a string literal whole, so that `//` in it starts no comment.
    private static func copyString(_ rest: inout Substring, _ result: inout String) {
        let mark = rest.hasPrefix("\"\"\"") ? "\"\"\"" : "\""
        result += mark
        rest.removeFirst(mark.count)
        while let character = rest.first, !rest.hasPrefix(mark) {
            if mark.count == 1 && character.isNewline { return }
            result.append(rest.removeFirst())
            if character == "\\", let escaped = rest.first {
                result.append(escaped)
                rest.removeFirst()
            }
        }
        if rest.hasPrefix(mark) {
            result += mark
            rest.removeFirst(mark.count)
        }
    }

    /// The words of identifiers and strings, in lower case: `awsRate` has `aws` and `rate`.
    static func words(_ code: String) -> Set<String> {
        let word = #/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*/#
        return Set(code.matches(of: word).map { $0.output.lowercased() })
    }
}
