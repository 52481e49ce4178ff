public import PlimsollCore
internal import Rating

extension Scenario {
    /// Runs the scenario and its variants: the bill of the past, the bill to come without any lever, and
    /// the one with them.
    public func run(_ context: ScenarioContext, planner: any CommitPlanning) throws(Failure) -> ScenarioResult {
        let outcome = try ScenarioRun(scenario: self, context: context, planner: planner).outcome(detailed: true)
        var compared: [ScenarioResult.Variant] = []
        for variant in self.variants {
            context.counted(compared.count, self.variants.count, "variants")
            let other = try applying(variant)
            var inside = context
            inside.progress = { context.progress("variant \(variant.name): \($0)") }
            let run = ScenarioRun(scenario: other, context: inside, planner: planner)
            compared.append(.init(name: variant.name, outcome: try run.outcome(detailed: false)))
            context.counted(compared.count, self.variants.count, "variants")
        }
        return ScenarioResult(
            scenario: self, outcome: outcome, variants: compared, steps: context.purchaseSteps)
    }
}

/// What one run of a scenario came to.
struct ScenarioOutcome: Sendable {
    /// A lever's part of the saving.
    struct Step: Sendable {
        var lever: String
        var before: Amounts
        var after: Amounts
        var saving: Money { before.effective - after.effective }
    }

    var estate: Estate
    var window: HourGrid
    var past: Bill
    var before: Bill
    var after: Bill
    var waterfall: [Step] = []
    var alone: [Step] = []
    var plan: CommitPlan?
    /// Both bills month by month, with their hours; empty where not asked for.
    var sheetBefore = BillSheet.Sheet()
    var sheetAfter = BillSheet.Sheet()
    /// What the plan is worth and risks; nil where not asked for or nothing is bought.
    var analysis: PlanAnalysis?
    /// Usage that some offer of the price book reaches, by month at list prices.
    var eligible: [Hour: Money] = [:]
    /// The same usage, without who uses it.
    var eligibleKeys: Set<UsageKey> = []
    /// Commitments of the bill to come without any lever.
    var held: [Commitment] = []

    /// What the plan saves in other futures; nil where not asked for.
    var range: SavingRange?

    /// The past against the real bill; nil where there is none.
    var calibration: Calibration?

    var saving: Money { before.total.effective - after.total.effective }
}

/// One run of one scenario, without its variants.
struct ScenarioRun {
    let scenario: Scenario
    let context: ScenarioContext
    let planner: any CommitPlanning

    func outcome(detailed: Bool) throws(Failure) -> ScenarioOutcome {
        context.progress("reading the estate")
        let estate = try EstateLoader(scenario: scenario, context: context).load()
        let lines = estate.input.usage.count
        context.progress("the bill of the past: \(lines) usage lines, \(estate.input.window?.count ?? 0) hours")
        let past = try Rater.rate(estate.input)
        let calibration = detailed ? try calibrate(estate, past) : nil
        let future = try self.future(estate)
        let window = future.window ?? HourGrid(start: Hour(index: 0), end: Hour(index: 0))
        let before = scenario.horizon == nil ? past : try Rater.rate(future)
        var result = ScenarioOutcome(estate: estate, window: window, past: past, before: before, after: before)
        result.calibration = calibration
        var input = future
        for lever in scenario.levers { try apply(lever, to: &input, &result) }
        if detailed {
            context.progress("bills by month")
            result.sheetBefore = try BillSheet.sheet(future, bill: result.before)
            result.sheetAfter = try BillSheet.sheet(input, bill: result.after)
            (result.eligible, result.eligibleKeys) = try Eligible(future).byMonth(result.sheetBefore.rows)
            result.held = future.commitments
            if let spec = scenario.uncertainty {
                context.progress("\(spec.samples) futures")
                result.range = try SavingRange.make(
                    spec, without: future, with: input, window: window, context.counted)
            }
            result.analysis = try analysis(future, Array(input.commitments.dropFirst(future.commitments.count)), result)
        }
        return result
    }

    private func analysis(
        _ future: RatingInput, _ bought: [Commitment], _ result: ScenarioOutcome
    ) throws(Failure) -> PlanAnalysis? {
        guard !bought.isEmpty else { return nil }
        context.progress("what the plan risks")
        return try PlanAnalyst(
            without: future, bought: bought, bills: (result.before, result.after), counted: context.counted
        ).analysis()
    }

    private func calibrate(_ estate: Estate, _ past: Bill) throws(Failure) -> Calibration? {
        let window = past.window
        let charges = estate.charges.filter { charge in
            charge.currency == past.currency
                && window?.contains(max(charge.month.firstHour, window?.start ?? charge.month.firstHour)) == true
        }
        guard !charges.isEmpty else { return nil }
        context.progress("comparing the past with the bill that was paid")
        return try Calibration.compare(charges: charges, coverage: estate.coverage, past: estate.input)
    }

    /// The input of the bill to come, without any lever.
    func future(_ estate: Estate) throws(Failure) -> RatingInput {
        var input = estate.input
        guard let horizon = scenario.horizon, let past = estate.input.window else { return input }
        let projection = try Projection(of: input, past: past, horizon: horizon)
        input.usage = try projection.project(input.usage)
        input.commitments = projection.baseline(input.commitments)
        input.window = horizon.window
        return input
    }

    private func apply(
        _ lever: Scenario.Lever, to input: inout RatingInput, _ result: inout ScenarioOutcome
    ) throws(Failure) {
        switch lever {
        case .commit(let options):
            context.progress("planning commitments for \(input.usage.count) usage lines")
            let plan = try planner.plan(input, options)
            input.commitments += plan.purchases.map { Self.bought($0, input.window) }
            let after = try Rater.rate(input)
            let step = ScenarioOutcome.Step(lever: lever.name, before: result.after.total, after: after.total)
            result.waterfall.append(step)
            // The only lever there is: alone it does what it does in the waterfall.
            result.alone.append(step)
            result.after = after
            result.plan = plan
        }
    }

    /// A purchase as the bill sees it: bought at the window's start, so that its upfront part is cash of
    /// the window; held throughout, also where the window is longer than the term.
    static func bought(_ purchase: Commitment, _ window: HourGrid?) -> Commitment {
        guard let window, let term = purchase.term, term.hours >= window.count else { return purchase }
        guard purchase.start == nil, purchase.end == nil else { return purchase }
        var result = purchase
        result.start = Instant(hour: window.start)
        result.end = Instant(hour: window.start.advanced(by: term.hours))
        return result
    }
}
