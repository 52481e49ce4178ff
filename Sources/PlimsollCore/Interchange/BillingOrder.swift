/// Gives usage rows to lines so that, in every hour, the order of lines is the order of rows.
struct BillingOrder {
    private let providers: Set<String>
    /// All lines of a key, by its first one, in their order.
    private var lines: [Int: [Int]] = [:]
    /// The line of the last row of each hour.
    private var last: [Int: Int] = [:]

    init(providers: Set<String>) { self.providers = providers }

    /// Whether the order of a provider's rows counts.
    func isKept(of provider: String) -> Bool { !providers.isEmpty && providers.contains(provider) }

    /// The line for the next row in `hour` of the key whose first line is `slot`: the first of its lines that is
    /// not before the last row's, else a new one, `next`.
    mutating func place(of slot: Int, in hour: Int, next: Int) -> Int {
        let before = last[hour] ?? 0
        let own = lines[slot] ?? [slot]
        let place = own.first { $0 >= before } ?? next
        if place == next { lines[slot] = own + [next] }
        last[hour] = place
        return place
    }
}

extension Sequence<BenefitProgram> {
    /// Providers whose rules go by the order in which usage is billed.
    public var providersInBillingOrder: Set<String> {
        Set(filter { $0.stages.contains { $0.order.contains(.billingOrder) } }.map(\.provider))
    }
}
