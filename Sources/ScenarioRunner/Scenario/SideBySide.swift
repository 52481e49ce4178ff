internal import Dispatch
internal import PlimsollCore
internal import Synchronization

extension ScenarioContext {
    /// Does pieces of work that do not depend on each other, two at a time, and counts them; the results in their
    /// order.
    func sideBySide<Value: Sendable>(
        _ count: Int, _ what: String, _ work: @Sendable (Int) throws(Failure) -> Value
    ) -> [Result<Value, Failure>] {
        let results = Mutex<[Int: Result<Value, Failure>]>([:])
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(2, count)) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = Result { () throws(Failure) in try work(index) }
                let done = results.withLock {
                    $0[index] = result
                    return $0.count
                }
                counted(done, count, what)
            }
        }
        let all = results.withLock { $0 }
        return (0..<count).compactMap { all[$0] }
    }
}
