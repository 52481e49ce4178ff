internal import PlimsollCore

/// Rows by kind.
public struct CollectCounts: Hashable, Sendable {
    /// Things.
    public var resources = 0
    /// Measurements.
    public var metrics = 0
    /// Prices.
    public var prices = 0
    /// Facts of SKUs, before the same ones of several regions become one.
    public var catalog = 0
    /// Commitments.
    public var commitments = 0
    /// What could not be read.
    public var gaps = 0

    /// None.
    public init() {}

    /// Adds the rows of a batch.
    mutating func add(_ batch: CollectedBatch) {
        resources += batch.resources.count
        metrics += batch.metrics.count
        prices += batch.prices.count
        catalog += batch.catalog.count
        commitments += batch.commitments.count
        gaps += batch.gaps.count
    }

    /// The sum.
    static func + (left: CollectCounts, right: CollectCounts) -> CollectCounts {
        var sum = left
        sum.resources += right.resources
        sum.metrics += right.metrics
        sum.prices += right.prices
        sum.catalog += right.catalog
        sum.commitments += right.commitments
        sum.gaps += right.gaps
        return sum
    }

    var json: JSONValue {
        .object([
            "resources": .int(resources), "metrics": .int(metrics), "prices": .int(prices), "catalog": .int(catalog),
            "commitments": .int(commitments), "gaps": .int(gaps),
        ])
    }

    init?(_ json: JSONValue) {
        func number(_ key: String) -> Int? { if case .int(let value) = json[key] { value } else { nil } }
        guard let resources = number("resources"), let metrics = number("metrics"), let prices = number("prices"),
            let catalog = number("catalog"), let commitments = number("commitments"), let gaps = number("gaps")
        else { return nil }
        self.resources = resources
        self.metrics = metrics
        self.prices = prices
        self.catalog = catalog
        self.commitments = commitments
        self.gaps = gaps
    }
}
