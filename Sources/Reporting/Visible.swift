/// What of a text is seen: no control characters, none that turn the direction of what follows.
public enum Visible {
    /// Appends a character as it may be shown.
    public static func append(_ scalar: Unicode.Scalar, to out: inout String) {
        switch scalar.value {
        // An element that isolates its text does not hold these: one left open ends the isolation early.
        case 0x202a...0x202e, 0x2066...0x2069, 0x200e, 0x200f, 0x061c: break
        case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029: out += " "
        default: out.unicodeScalars.append(scalar)
        }
    }

    /// The text as it may be shown.
    public static func text(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars { append(scalar, to: &out) }
        return out
    }
}
