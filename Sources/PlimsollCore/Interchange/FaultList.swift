/// Collects what is wrong with one file, so that one run shows all of it.
public struct FaultList: Sendable {
    /// Errors shown; the rest are counted.
    public static let shown = 50

    private var errors: [Diagnostic] = []
    private var more = 0
    private let file: String

    /// An empty list for `file`.
    public init(file: String) { self.file = file }

    /// Whether nothing is wrong.
    public var isEmpty: Bool { errors.isEmpty }

    /// Adds an error.
    public mutating func add(
        _ code: String, _ message: String, line: Int = 0, column: Int = 0, hint: String? = nil
    ) {
        guard errors.count < Self.shown else {
            more += 1
            return
        }
        let place = Diagnostic.Place(file: file, line: line, column: column)
        errors.append(Diagnostic(.error, code, message, at: place, hint: hint))
    }

    /// Throws a ``Failure`` (exit 65) with all errors, in the order of their places, if there are any.
    public func check() throws(Failure) {
        guard !errors.isEmpty else { return }
        var all = errors.enumerated().sorted { left, right in
            let a = left.element.place ?? .init(file: file)
            let b = right.element.place ?? .init(file: file)
            return (a.line, a.column, left.offset) < (b.line, b.column, right.offset)
        }.map(\.element)
        if more > 0 {
            all.append(
                Diagnostic(.error, "interchange.more", "and \(more) more errors in `\(file)`", hint: nil))
        }
        throw Failure(.badInput, all)
    }
}

/// A decoded file: its content, and what the user should know about it.
public struct Decoded<Value: Sendable>: Sendable {
    /// The content.
    public var value: Value
    /// Warnings; never an error.
    public var warnings: [Diagnostic]

    /// A content with its warnings.
    public init(_ value: Value, warnings: [Diagnostic] = []) {
        self.value = value
        self.warnings = warnings
    }
}

/// Counts numbers with more than 12 decimal places: they are rounded half-even, once said per file.
struct RoundingNote {
    private(set) var count = 0
    private var first: Diagnostic.Place?
    private var text = ""

    mutating func add(_ text: String, _ place: Diagnostic.Place) {
        if count == 0 { (first, self.text) = (place, text) }
        count += 1
    }

    func warnings(_ table: String) -> [Diagnostic] {
        guard count > 0 else { return [] }
        let numbers = count == 1 ? "1 number has" : "\(count) numbers have"
        return [
            Diagnostic(
                .warning, "\(table).rounded",
                "\(numbers) more than 12 decimal places and \(count == 1 ? "was" : "were") rounded half-even, first `\(text)`",
                at: first, hint: "give at most 12 decimal places to have every digit counted")
        ]
    }
}
