internal import Dispatch
internal import Synchronization

/// Work shared out over a fixed number of pieces, so that results do not depend on the machine.
enum Pieces {
    /// The results of all pieces, in their order.
    static func map<T: Sendable>(_ count: Int, _ work: @Sendable (Int) -> T) -> [T] {
        guard count > 1 else { return count == 1 ? [work(0)] : [] }
        let results = Mutex([T?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { piece in
            let result = work(piece)
            results.withLock { $0[piece] = result }
        }
        return results.withLock { $0.compactMap { $0 } }
    }

    /// Does all pieces.
    static func forEach(_ count: Int, _ work: @Sendable (Int) -> Void) {
        DispatchQueue.concurrentPerform(iterations: count, execute: work)
    }

    /// The part of `total` that belongs to a piece.
    static func range(_ piece: Int, of count: Int, _ total: Int) -> Range<Int> {
        piece * total / count..<(piece + 1) * total / count
    }
}
