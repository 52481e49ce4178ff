/// Text for a terminal of a known width.
public enum Screen {
    /// Cells that a character takes: two where it is drawn wide.
    public static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x0300...0x036f, 0x200b...0x200d, 0xfe00...0xfe0f: sum
            case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xff00...0xff60,
                0x1f000...0x3fffd:
                sum + 2
            default: sum + 1
            }
        }
    }

    /// The text in at most `width` cells, its end left out where it is longer. `render` may make it longer.
    public static func fitted(
        _ text: String, width limit: Int, render: (String) -> String = { $0 }
    ) -> String {
        var short = text.prefix(limit)
        if short.endIndex == text.endIndex, width(render(text)) <= limit { return render(text) }
        while !short.isEmpty, width(render(short + "…")) > limit { short.removeLast() }
        return render(short + "…")
    }

    /// Lines of at most `width` cells, broken at blanks; longer words are left whole.
    public static func wrapped(_ text: String, width limit: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, width(last) + 1 + width(String(word)) <= limit {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Lines of at most `width` cells, the first after `indent` blanks, the others after two more. What is no blank
    /// and longer than a line loses its end.
    public static func paragraph(_ text: String, width limit: Int, indent: Int = 0) -> [String] {
        let first = String(repeating: " ", count: indent)
        let room = max(8, limit - indent - 2)
        let words = text.split(separator: " ").map { fitted(String($0), width: room) }.joined(separator: " ")
        if width(words) + indent <= limit { return [first + words] }
        return wrapped(words, width: room).enumerated().map { first + ($0.offset == 0 ? "" : "  ") + $0.element }
    }
}
