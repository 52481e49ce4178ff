internal import PlimsollCore

/// Looks for commitments that cannot mean what they say.
struct CommitmentCheck {
    let rules: CoverageRules
    let input: RatingInput
    let window: HourGrid

    func warnings() throws(Failure) -> [Diagnostic] {
        let namesFamilies = input.commitments.contains { !$0.family.isEmpty }
        let families = namesFamilies ? knownFamilies() : [:]
        var wrong: [Diagnostic] = []
        var notes: [Diagnostic] = []
        for commitment in input.commitments {
            if let error = familyError(commitment, families) { wrong.append(error) }
            notes += notesAbout(commitment)
        }
        guard wrong.isEmpty else { throw Failure(.badInput, wrong) }
        return notes
    }

    private func knownFamilies() -> [String: Set<String>] {
        var known: [String: Set<String>] = [:]
        for row in input.catalog where !row.family.isEmpty { known[row.provider, default: []].insert(row.family) }
        var seen: [String: Set<String>] = [:]
        var last = (provider: "", sku: "")
        func add(_ provider: String, _ sku: String) {
            guard !sku.isEmpty, sku != "*", (provider, sku) != last else { return }
            last = (provider, sku)
            guard seen[provider, default: []].insert(sku).inserted else { return }
            known[provider, default: []].insert(rules.facts.family(provider, sku))
        }
        for line in input.usage { add(line.key.provider, line.key.sku) }
        for row in input.prices { add(row.provider, row.sku) }
        for commitment in input.commitments { add(commitment.provider, commitment.sku) }
        return known
    }

    private func familyError(_ commitment: Commitment, _ families: [String: Set<String>]) -> Diagnostic? {
        guard !commitment.family.isEmpty else { return nil }
        let known = families[commitment.provider] ?? []
        guard !known.contains(commitment.family) else {
            guard !commitment.sku.isEmpty else { return nil }
            let own = rules.facts.family(commitment.provider, commitment.sku)
            guard own != commitment.family else { return nil }
            return Diagnostic(
                .error, "commitments.family-mismatch",
                "commitment `\(commitment.id)`: `\(commitment.sku)` is of family `\(own)`, not `\(commitment.family)`",
                at: commitment.place, hint: "correct `family` or `sku`, or list the SKU's family in the catalogue")
        }
        let near = Suggestion.nearest(to: commitment.family, in: known).map { "did you mean `\($0)`? " } ?? ""
        return Diagnostic(
            .error, "commitments.unknown-family",
            "commitment `\(commitment.id)`: no SKU of the usage, the prices or the catalogue is of family `\(commitment.family)`",
            at: commitment.place, hint: near + "families come from the catalogue, else from the vendor's naming")
    }

    private func notesAbout(_ commitment: Commitment) -> [Diagnostic] {
        var notes: [Diagnostic] = []
        func note(_ code: String, _ text: String, _ hint: String) {
            notes.append(
                Diagnostic(.warning, code, "commitment `\(commitment.id)`: \(text)", at: commitment.place, hint: hint))
        }
        if !rules.isKnown(commitment, in: window) {
            let offer = "`\(commitment.offer.rawValue)` of `\(commitment.provider)`"
            note(
                "commitments.no-rule", "no rule says how \(offer) applies; its fee is billed and it serves nothing",
                "see `plimsoll schema commitments` for the offers")
        }
        if let start = commitment.start, start.second != 0 {
            note("commitments.mid-hour", "it starts within an hour and is active from that hour on", "give a full hour")
        }
        if let day = rules.modelChange(commitment, in: window) {
            note(
                "commitments.model-change",
                "from \(day) on what it commits is counted otherwise; `hourly_commitment` is read as it stands on both sides",
                "write a row that ends on that day and one that begins, each with its own amount")
        }
        if !commitment.offer.isSpend, commitment.hourly == .zero, commitment.upfront == .zero {
            note(
                "commitments.free", "`hourly` and `upfront` are both 0 or empty: its fee is billed as 0",
                "fill one of them")
        }
        return notes
    }

    /// A warning for every commitment that reaches none of the usage, where there is any.
    static func idle(_ estate: RatingEstate, serving: Set<Int>) -> [Diagnostic] {
        guard !estate.input.usage.isEmpty else { return [] }
        return estate.input.commitments.enumerated().compactMap { index, commitment in
            guard !serving.contains(index), estate.rules.isKnown(commitment, in: estate.window) else { return nil }
            return Diagnostic(
                .warning, "commitments.serves-nothing",
                "commitment `\(commitment.id)`: no usage it reaches has a price under `\(commitment.offer.rawValue)`",
                at: commitment.place,
                hint:
                    "an SKU is eligible exactly when the price book has a row for it under the offer, term and payment")
        }
    }

    /// A warning for every offer of an SKU that costs more than on-demand.
    static func dearer(_ offers: Set<[String]>) -> [Diagnostic] {
        offers.sorted { $0.lexicographicallyPrecedes($1) }.map { offer in
            Diagnostic(
                .warning, "prices.dearer-than-on-demand",
                "the rate of `\(offer[0])` under `\(offer[1])` is above its on-demand price: commitments still serve it, last",
                hint: "check the price rows of `\(offer[0])`; plans never buy at a loss")
        }
    }
}
