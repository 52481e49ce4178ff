public import PlimsollCore
public import Rating

/// Plans which commitments to hold throughout the hours of some usage, and proves how good the plan is.
public enum CommitmentPlanner {
    /// A plan with everything that is published about it.
    public struct Outcome: Sendable {
        /// What to buy, with the fields of the `commitments` interchange file.
        public var purchases: [Commitment]
        /// The bill as it is.
        public var before: Bill
        /// The bill with the purchases.
        public var after: Bill
        /// How far the plan is from the best possible one.
        public var certificate: Certificate
        /// What was said of everything looked at.
        public var verdicts: [Verdict]
        /// plan.json, plan.csv, duals.csv and inputs/…: path within the plan's folder, and bytes.
        public var files: [(path: String, bytes: [UInt8])]
    }

    /// Plans for `input`, which `inputs` are the files of. Agreements are left out: they work on whole bills.
    ///
    /// Throws ``Failure``: HiGHS missing (69), an input that cannot be planned for (65), a wrong option (64).
    public static func plan(
        _ input: RatingInput, inputs: PlanInputs, options: PlanOptions = PlanOptions()
    ) throws(Failure) -> Outcome {
        var input = input
        input.agreements = []
        input.detail = []
        var space = try PlanningSpace(input, options)
        try space.adoptOrder(of: input)
        let check = ConstraintCheck(space: space, constraints: options.constraints, input: input)
        let (rated, judged) = (input, space)
        let result = try PlanningEngine.plan(space.model) { steps in
            var candidate = rated
            let purchases = Purchases.commitments(judged, steps: steps)
            candidate.commitments += purchases
            guard let bill = try? Rater.rate(candidate) else { return nil }
            guard (try? check.breaches(purchases, bill))?.isEmpty == true else { return nil }
            return Objective(space: judged).cost(purchases, bill).raw
        }
        let steps = try kept(result.steps, space, check)
        let purchases = Purchases.commitments(space, steps: steps)
        let draft = PlanDraft(
            input: input, options: options, space: space, purchases: purchases, prices: result.prices,
            hashes: inputs.hashes, method: Self.method(result))
        let document = try PlanDocument(draft)
        var files = [
            (path: "plan.json", bytes: Array(document.json.text.utf8)),
            (path: "plan.csv", bytes: Interchange.write(commitments: purchases)),
            (path: "duals.csv", bytes: document.duals),
        ]
        for (name, bytes) in inputs.files.sorted(by: { $0.key < $1.key }) { files.append(("inputs/" + name, bytes)) }
        return Outcome(
            purchases: purchases, before: document.before, after: document.after, certificate: document.certificate,
            verdicts: document.verdicts, files: files)
    }
}

extension CommitmentPlanner {
    /// Steps lowered until the bill itself keeps every limit.
    private static func kept(
        _ steps: [Int64], _ space: PlanningSpace, _ check: ConstraintCheck
    ) throws(Failure) -> [Int64] {
        guard !check.constraints.isEmpty else { return steps }
        var steps = steps
        for round in 0..<rounds {
            let list = Purchases.list(space, steps: steps)
            let found = try breaches(list.map(\.item), check)
            if found.isEmpty { return steps }
            if round == 0 { try refuse(breaches([], check)) }
            // A breach that names purchases is theirs; any other is everybody's.
            let whole = found.contains { $0.purchases.isEmpty }
            let pools = Set(whole ? list.map(\.pool) : found.flatMap(\.purchases).map { list[$0].pool })
            // Gently at first: a step may be all that is too much.
            let share: Int64 = round < rounds / 2 ? 50 : 2
            for pool in pools { steps[pool] = max(0, steps[pool] - max(1, steps[pool] / share)) }
        }
        return steps.map { _ in 0 }
    }

    private static func breaches(
        _ purchases: [Commitment], _ check: ConstraintCheck
    ) throws(Failure) -> [ConstraintCheck.Breach] {
        var input = check.input
        input.commitments += purchases
        return try check.breaches(purchases, Rater.rate(input))
    }

    /// Where not even buying nothing keeps a limit.
    private static func refuse(_ breaches: [ConstraintCheck.Breach]) throws(Failure) {
        guard let first = breaches.first else { return }
        throw Failure(
            .badInput, "plan.infeasible",
            "not even buying nothing keeps the limit `\(first.limit)`: \(first.detail)",
            hint: "ease the limit, or leave it out")
    }

    private static let rounds = 100

    private static func method(_ result: PlanningEngine.Result) -> String {
        "bound from hourly dual prices in integers; cost by the rater in the vendor's order; found by " + result.method
    }
}

/// Turns steps of pools into commitments, and back.
enum Purchases {
    static func commitments(_ space: PlanningSpace, steps: [Int64]) -> [Commitment] {
        list(space, steps: steps).map(\.item)
    }

    /// With the pool that each is of.
    static func list(_ space: PlanningSpace, steps: [Int64]) -> [(pool: Int, item: Commitment)] {
        var bought: [(pool: Int, item: Commitment)] = []
        for (index, scope) in space.scopes.enumerated() where scope.isPurchase && steps[index] > 0 {
            let units = Int128(steps[index]) * Int128(space.model.pools[index].step)
            guard !scope.sizes.isEmpty else {
                var plan = scope.template
                plan.hourlyCommitment = Money(raw: units)
                bought.append((index, plan))
                continue
            }
            for (size, count) in split(units, scope.sizes) {
                bought.append((index, reserved(scope.template, size, count)))
            }
        }
        for index in bought.indices { bought[index].item.id = "buy-\(index + 1)" }
        return bought
    }

    static func reserved(_ template: Commitment, _ size: PlanningSpace.Size, _ count: Int128) -> Commitment {
        var item = template
        item.sku = size.sku
        item.quantity = Quantity(raw: count * FixedPoint.one)
        item.hourly = size.hourly
        item.upfront = size.upfront
        return item
    }

    /// Whole SKUs that hold `units`: all of the smallest where no larger one is cheaper per unit by more than
    /// one part in ten thousand, else the cheapest first and the smallest for the rest.
    private static func split(
        _ units: Int128, _ sizes: [PlanningSpace.Size]
    ) -> [(size: PlanningSpace.Size, count: Int128)] {
        guard let best = sizes.first, let smallest = sizes.min(by: { $0.units < $1.units }) else { return [] }
        func perUnit(_ size: PlanningSpace.Size) -> Double {
            Double(size.perTerm) / Double(size.termHours) / Double(size.units)
        }
        guard best != smallest, perUnit(best) < perUnit(smallest) * 0.9999 else {
            return [(smallest, (units + smallest.units / 2) / smallest.units)]
        }
        let (large, rest) = units.quotientAndRemainder(dividingBy: best.units)
        let small = (rest + smallest.units / 2) / smallest.units
        return [(best, large), (smallest, small)].filter { $0.1 > 0 }
    }
}
