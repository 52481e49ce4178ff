public import PlimsollCore

/// The order in which the vendors' rules let commitments serve usage: what the rater goes by, for planners that
/// want to know what a bill does before they ask for one.
public struct ServingOrder: Sendable {
    /// That a commitment serves a usage line, in a stretch of time in which no price changes.
    public struct Link: Hashable, Sendable {
        /// The usage line.
        public var key: UsageKey
        /// The stretch.
        public var epoch: HourGrid
        /// Position of the commitment in the input.
        public var commitment: Int
    }

    /// Every service there can be, in its order. Of several commitments that serve alike, the one used first
    /// comes first.
    public let links: [Link]

    /// The order for the usage and commitments of `input`. Throws ``Failure`` for input that has no meaning.
    public init(_ input: RatingInput) throws(Failure) {
        let estate = try RatingEstate(input)
        var links: [Link] = []
        for payer in estate.payers where !payer.commitments.isEmpty {
            for epoch in estate.priceEpochs {
                let compiler = Compiler(
                    payer: payer, rules: estate.rules, sums: UsageSums(payer.lines, over: [epoch]),
                    splitCommitments: false, day: epoch.start.day)
                let compiled = try compiler.compile()
                for pairing in compiled.pairings {
                    let key = compiled.cells[pairing.cell].key
                    for member in compiled.pools[pairing.pool].members {
                        links.append(Link(key: key, epoch: epoch, commitment: payer.positions[member]))
                    }
                }
            }
        }
        self.links = links
    }
}
