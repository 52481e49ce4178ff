/// How far the reading of some files is, and how long it will take.
struct ReadingMeter {
    private let bytes: Int
    /// Records, where lines were counted.
    private let rows: Int
    private let start = ContinuousClock.now

    init(_ files: [SourceFile]) {
        bytes = files.reduce(0) { $0 + $1.bytes }
        rows = files.reduce(0) { $0 + max(0, $1.lines - 1) }
    }

    /// What to say when `read` bytes have been read; nil where that is too early to tell.
    func text(read: Int) -> String? {
        let time = (ContinuousClock.now - start).components
        return Self.text(
            read: read, of: bytes, rows: rows, after: Double(time.seconds) + Double(time.attoseconds) * 1e-18)
    }

    static func text(read: Int, of bytes: Int, rows: Int, after seconds: Double) -> String? {
        guard bytes > 0, read > 0, seconds > 0.5 else { return nil }
        let part = min(1, Double(read) / Double(bytes))
        let speed =
            rows > 0
            ? "\(Int(part * Double(rows) / seconds)) rows/s" : "\(Int(Double(read) / seconds / 1_048_576)) MiB/s"
        let left = Int((seconds * (1 - part) / part).rounded(.up))
        return "\(Int(part * 100)) %, \(speed), \(left) s left"
    }
}
