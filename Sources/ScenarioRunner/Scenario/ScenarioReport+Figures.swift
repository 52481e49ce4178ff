internal import PlimsollCore
internal import Rating

/// What people ask of a plan: by month, by purchase, and where the future differs.
extension ScenarioReport {
    // MARK: Months

    /// Coverage (of what commitments could serve, at list prices) and utilisation (of what they cost).
    var months: [JSONValue] {
        let before = MonthSums.make(outcome.sheetBefore.rows)
        let after = MonthSums.make(outcome.sheetAfter.rows)
        return (outcome.before.window?.months ?? []).map { grid in
            let month = grid.start.monthStart
            let was = before[month] ?? MonthSums()
            let now = after[month] ?? MonthSums()
            let eligible = outcome.eligible[month] ?? .zero
            return .object([
                "month": .string(Self.name(month)), "list": .money(now.list), "eligible": .money(eligible),
                "covered": .money(now.covered), "covered_before": .money(was.covered),
                "on_demand": .money(now.onDemand), "committed": .money(now.committed), "used": .money(now.used),
                "coverage_percent": .string(Self.percent(now.covered, of: eligible)),
                "utilization_percent": .string(Self.percent(now.used, of: now.committed)),
                "effective_before": .money(was.effective), "effective_after": .money(now.effective),
            ])
        }
    }

    /// Both bills of an outcome, by month.
    static func bills(_ outcome: ScenarioOutcome) -> [JSONValue] {
        func sums(_ bill: Bill) -> [Hour: Money] {
            var result: [Hour: Money] = [:]
            for month in bill.months {
                result[month.month, default: .zero] += month.kinds.values.reduce(.zero) { $0 + $1.effective }
            }
            return result
        }
        let (before, after) = (sums(outcome.before), sums(outcome.after))
        return before.keys.sorted().map { month in
            .object([
                "month": .string(name(month)), "before": .money(before[month] ?? .zero),
                "after": .money(after[month] ?? .zero),
            ])
        }
    }

    private static func name(_ month: Hour) -> String { String(month.description.prefix(7)) }

    // MARK: Purchases

    var purchases: JSONValue {
        let plan = outcome.plan?.purchases ?? []
        let figures = Dictionary(
            (outcome.analysis?.purchases ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var covered: [String: Money] = [:]
        for row in outcome.sheetAfter.rows where row.kind == .usage && !row.commitment.isEmpty {
            covered[row.commitment, default: .zero] += row.amounts.list
        }
        return .array(
            plan.map { purchase in
                guard case .object(var members) = Self.purchase(purchase) else { return .null }
                var item = purchase
                item.start = item.start ?? Instant(hour: outcome.window.start)
                members["begins"] = item.start.map { .string($0.description) } ?? .null
                members["figures"] =
                    figures[purchase.id].map { figure in
                        var figure = figure
                        figure.covered = covered[purchase.id] ?? figure.covered
                        return Self.figures(figure)
                    } ?? .null
                members["steps"] = result.steps(item).map(Self.steps) ?? .null
                return .object(members)
            })
    }

    private static func figures(_ item: PurchaseFigures) -> JSONValue {
        guard case .object(var members) = risk(item.risk) else { return .null }
        let used = Money(raw: item.utilization.raw * 100).rounded(to: 1)
        members["saving"] = .money(item.saving)
        members["fee"] = .money(item.fee)
        members["cash"] = .money(item.cash)
        members["covered"] = .money(item.covered)
        members["utilization"] = .quantity(item.utilization)
        members["why"] = .string(
            "used to \(used) %; the usage it serves costs \(ScenarioSummary.money(item.covered)) on demand, "
                + "it costs \(ScenarioSummary.money(item.fee))")
        return .object(members)
    }

    private static func steps(_ steps: PurchaseSteps) -> JSONValue {
        .object([
            "title": .string(steps.title), "lookup": .string(steps.lookup), "buy": .string(steps.buy),
            "undo": .string(steps.undo), "checks": .array(steps.checks.map(JSONValue.string)),
            "resource": steps.resource.map(resource) ?? .null, "no_resource": .string(steps.noResource),
            "form": steps.form.map { form in
                .object([
                    "id": .string(form.id), "page": .string(form.page), "fields": arguments(form.fields),
                ])
            } ?? .null,
        ])
    }

    private static func resource(_ resource: PurchaseResource) -> JSONValue {
        .object([
            "type": .string(resource.type), "source": .string(resource.source),
            "version": .string(resource.version), "offering_argument": .string(resource.offeringArgument),
            "arguments": arguments(resource.arguments), "document": .string(resource.document),
            "blocks": .array(
                resource.blocks.map {
                    .object(["name": .string($0.name), "arguments": arguments($0.arguments)])
                }),
            "cautions": .array(resource.cautions.map(JSONValue.string)),
        ])
    }

    private static func arguments(_ list: [PurchaseResource.Argument]) -> JSONValue {
        .array(list.map { .object(["name": .string($0.name), "value": .string($0.value)]) })
    }

    private static func risk(_ risk: RiskFigures) -> JSONValue {
        .object([
            "break_even_month": risk.breakEven.map { .string(name($0)) } ?? .null,
            "demand_falls": .array(
                risk.falls.map { .object(["percent": .int($0.percent), "saving": .money($0.saving)]) }),
            "waiting_a_month": risk.waiting.map(JSONValue.money) ?? .null,
        ])
    }

    /// The plan as a whole, or null where nothing is bought.
    var plan: JSONValue {
        guard let analysis = outcome.analysis, case .object(var members) = Self.risk(analysis.whole) else {
            return .null
        }
        let bought = outcome.plan?.purchases ?? []
        members["committed"] = .money(bought.reduce(.zero) { $0 + $1.paidOverTerm })
        members["upfront"] = .money(bought.reduce(.zero) { $0 + $1.paidAtOnce })
        members["purchases_analysed"] = .int(analysis.purchases.count)
        members["purchases_omitted"] = .int(analysis.omitted)
        return .object(members)
    }

    // MARK: What is missing

    var notEvaluated: [JSONValue] {
        var rows: [(String, String, String)] = []
        for verdict in outcome.plan?.verdicts ?? [] {
            guard case .notEvaluated(let missing, let remedy) = verdict.outcome else { continue }
            rows.append((verdict.subject, missing, remedy))
        }
        for item in outcome.before.unpriced {
            rows.append(("\(item.key.sku) in \(item.key.region)", item.reason, "a row in the price book"))
        }
        if outcome.calibration == nil {
            rows.append(
                (
                    "calibration", "no real bill to compare the past with",
                    "`estate.bill`: a billing export of the same months"
                ))
        }
        if outcome.range == nil {
            rows.append(("range of the saving", "one future was billed", "`uncertainty` in the scenario"))
        }
        for (lever, missing) in [
            ("waste", "an inventory of resources and their metrics"), ("rightsizing", "metrics by the hour"),
            ("schedules", "metrics by the hour, and who may stop what"),
        ] {
            rows.append((lever, "the lever is not in this version", missing))
        }
        return rows.map { .object(["subject": .string($0.0), "missing": .string($0.1), "supplied_by": .string($0.2)]) }
    }

    /// The bill before by where its amounts come from.
    var shares: JSONValue {
        var sums = ["rated": Money.zero, "derived": .zero, "carried": .zero]
        var total = Money.zero
        for month in outcome.before.months {
            for (kind, amounts) in month.kinds {
                sums[kind.basis, default: .zero] += amounts.effective
                total += amounts.effective
            }
        }
        return .object(
            sums.mapValues {
                .object(["amount": .money($0), "percent": .string(Self.percent($0, of: total))])
            })
    }

    var hours: JSONValue {
        .object([
            "file": "hours.csv", "sha256": .string(ContentHash.sha256(result.hoursFile)),
            "statement":
                "each hour is exact to 12 places; usage whose price has tiers counts at the first tier; spot is left out",
        ])
    }

    static func settings(_ variant: Scenario.Variant) -> [String: JSONValue] {
        Dictionary(
            variant.settings.map { ($0.path, .string($0.value.summary)) }, uniquingKeysWith: { _, last in last })
    }
}

/// A month of a bill, from its rows.
struct MonthSums {
    var list = Money.zero
    var covered = Money.zero
    var onDemand = Money.zero
    var committed = Money.zero
    var used = Money.zero
    var effective = Money.zero

    static func make(_ rows: [BillSheet.Row]) -> [Hour: MonthSums] {
        var result: [Hour: MonthSums] = [:]
        for row in rows { result[row.month, default: MonthSums()].add(row) }
        return result
    }

    private mutating func add(_ row: BillSheet.Row) {
        let amounts = row.amounts
        effective += amounts.effective
        list += amounts.list
        onDemand += amounts.onDemand
        guard !row.commitment.isEmpty else { return }
        committed += amounts.effective
        guard row.kind == .usage else { return }
        covered += amounts.list
        used += amounts.effective
    }
}

extension YAMLNode {
    /// The value in one line.
    var summary: String {
        switch content {
        case .scalar(let text): text
        case .list(let items): "[" + items.map(\.summary).joined(separator: ", ") + "]"
        case .mapping(let members):
            "{" + members.map { "\($0.key): \($0.value.summary)" }.joined(separator: ", ") + "}"
        }
    }
}
