public import PlimsollCore
internal import Rating

/// Checks a plan with no solver: recomputes every number from the inputs beside it, the purchases and the
/// dual prices, and compares.
public enum Verifier {
    /// One thing found wrong.
    public struct Finding: Hashable, Sendable {
        /// `input hash`, `purchase`, `bill`, `dual feasibility`, `bound`, `coverage of pools and hours`,
        /// `constraint`, `document`.
        public var reason: String
        /// What exactly.
        public var detail: String
    }

    /// The plan in `bytes`. Throws a ``Failure`` of bad input where they are something else.
    @discardableResult public static func document(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        if let claimed = JSONValue(parsing: bytes), claimed["format"]?.string == "plimsoll-plan-1" { return claimed }
        throw Failure(
            .badInput, "verify.not-a-plan", "the file is not a plan of `plimsoll plan commitments`",
            hint: "give the plan.json of a plan's folder")
    }

    /// Checks the plan in `plan` (the bytes of plan.json), with its dual prices and inputs, and with the
    /// purchases as a file (plan.csv) where there is one. Empty = accepted.
    ///
    /// Throws ``Failure`` (65) where the files are not a plan at all.
    public static func verify(
        plan: [UInt8], duals: [UInt8], inputs: PlanInputs, programs: [BenefitProgram], purchasesFile: [UInt8]? = nil
    ) throws(Failure) -> [Finding] {
        let claimed = try document(plan)
        var findings = hashFindings(claimed, inputs, duals)
        guard let options = PlanReading.options(claimed), let purchases = PlanReading.purchases(claimed) else {
            return findings + [.init(reason: "purchase", detail: "the purchases or options cannot be read")]
        }
        if let purchasesFile, purchasesFile != Interchange.write(commitments: purchases) {
            findings.append(.init(reason: "purchase", detail: "plan.csv does not have the purchases of plan.json"))
        }
        if !purchases.indices.allSatisfy({ purchases[$0].id == "buy-\($0 + 1)" }) {
            findings.append(.init(reason: "purchase", detail: "the purchases are not numbered `buy-1` and so on"))
        }
        let input: RatingInputBox
        do {
            input = try RatingInputBox(inputs, programs, options)
        } catch {
            return findings + [.init(reason: "input hash", detail: "the inputs cannot be read: \(error)")]
        }
        var prices: DualPrices
        switch try DualsFile.read(duals, for: input.space) {
        case .incomplete(let detail):
            return findings + [.init(reason: "coverage of pools and hours", detail: detail)]
        case .prices(let read): prices = read
        }
        guard let multipliers = PlanReading.multipliers(claimed, for: input.space.model) else {
            let detail = "certificate.constraints does not have a price for every limit"
            return findings + [.init(reason: "coverage of pools and hours", detail: detail)]
        }
        (prices.multipliers, prices.served) = multipliers
        for violation in prices.violations(for: input.space.model) {
            findings.append(.init(reason: "dual feasibility", detail: describe(violation)))
        }
        let draft = PlanDraft(
            input: input.input, options: options, space: input.space, purchases: purchases, prices: prices,
            hashes: inputs.hashes, method: claimed["certificate"]?["method"]?.string ?? "")
        do {
            let document = try PlanDocument(draft)
            findings += differences(claimed, document.json)
            let check = ConstraintCheck(
                space: input.space, constraints: options.constraints, input: input.input)
            for breach in try check.breaches(purchases, document.after) {
                findings.append(.init(reason: "constraint", detail: "\(breach.limit): \(breach.detail)"))
            }
        } catch {
            findings.append(.init(reason: "purchase", detail: error.diagnostics.map(\.message).joined(separator: "; ")))
        }
        return findings
    }

    private static func hashFindings(_ claimed: JSONValue, _ inputs: PlanInputs, _ duals: [UInt8]) -> [Finding] {
        var findings: [Finding] = []
        var named: [String: String] = [:]
        if case .object(let members)? = claimed["inputs"] { named = members.compactMapValues(\.string) }
        for name in Set(named.keys).union(inputs.files.keys).sorted() where named[name] != inputs.hashes[name] {
            findings.append(
                .init(reason: "input hash", detail: "inputs/\(name) is not the file the plan was made from"))
        }
        if claimed["certificate"]?["duals"]?["sha256"]?.string != ContentHash.sha256(duals) {
            findings.append(
                .init(reason: "input hash", detail: "duals.csv is not the file the plan was published with"))
        }
        return findings
    }

    private static func describe(_ violation: DualPrices.Violation) -> String {
        switch violation {
        case .exceedsFee(let pool): "the prices of pool `\(pool)` add up to more than its fee"
        case .negative(let pool, let hour): "the price of pool `\(pool)` in hour \(hour) is negative"
        case .multiplier(let row): "the price of the limit `\(row)` is negative or above one"
        }
    }

    // MARK: Comparing documents

    private static func differences(_ claimed: JSONValue, _ recomputed: JSONValue) -> [Finding] {
        var paths: [(path: [String], claimed: String, recomputed: String)] = []
        compare(claimed, recomputed, [], &paths)
        return paths.filter { !isHash($0.path) }.map { path, was, now in
            Finding(
                reason: reason(path), detail: "\(path.joined(separator: ".")) is `\(was)`, recomputed it is `\(now)`")
        } + digestFinding(paths.map(\.path), claimed, recomputed)
    }

    /// Hashes were compared before; the digest changes with anything, so it is told only where it stands alone.
    private static func isHash(_ path: [String]) -> Bool {
        path.first == "inputs" || path.last == "sha256" || path == ["certificate", "digest"]
    }

    private static func digestFinding(_ paths: [[String]], _ claimed: JSONValue, _ recomputed: JSONValue) -> [Finding] {
        guard paths == [["certificate", "digest"]] else { return [] }
        return [.init(reason: "document", detail: "certificate.digest does not belong to this plan")]
    }

    private static func compare(
        _ left: JSONValue?, _ right: JSONValue?, _ path: [String],
        _ found: inout [(path: [String], claimed: String, recomputed: String)]
    ) {
        if left == right { return }
        if case .object(let a)? = left, case .object(let b)? = right {
            for key in Set(a.keys).union(b.keys).sorted() { compare(a[key], b[key], path + [key], &found) }
            return
        }
        if case .array(let a)? = left, case .array(let b)? = right, a.count == b.count {
            for index in a.indices { compare(a[index], b[index], path + ["\(index)"], &found) }
            return
        }
        func text(_ value: JSONValue?) -> String { String((value?.canonical ?? "absent").prefix(80)) }
        found.append((path, text(left), text(right)))
    }

    private static func reason(_ path: [String]) -> String {
        switch path.first {
        case "purchases": return "purchase"
        case "bill": return "bill"
        case "certificate":
            switch path.dropFirst().first {
            case "lower_bound", "relaxation", "cost", "gap", "eligible_cost", "out_of_reach": return "bound"
            case "pools", "left_out", "duals", "constraints": return "coverage of pools and hours"
            default: return "document"
            }
        default: return "document"
        }
    }
}

/// Inputs decoded and laid out for the options of a plan.
private struct RatingInputBox {
    let input: RatingInput
    let space: PlanningSpace

    init(_ inputs: PlanInputs, _ programs: [BenefitProgram], _ options: PlanOptions) throws(Failure) {
        input = try inputs.decode(programs: programs, folder: "inputs")
        space = try PlanningSpace(input, options)
    }
}

/// Reads the parts of plan.json that are not recomputed.
enum PlanReading {
    static func options(_ plan: JSONValue) -> PlanOptions? {
        guard let options = plan["options"] else { return nil }
        var result = PlanOptions()
        if let offers = options["offers"]?.array {
            result.offers = offers.compactMap { $0.string.map(Offer.init(rawValue:)) }
        }
        guard let terms = options["terms"]?.array, let payments = options["payment"]?.array else { return nil }
        result.terms = terms.compactMap { $0.string.flatMap(Term.init(rawValue:)) }
        result.payments = payments.compactMap { $0.string.flatMap(Payment.init(rawValue:)) }
        func whole(_ key: String, _ range: ClosedRange<Int>) -> Int?? {
            guard let value = options[key] else { return .some(nil) }
            guard case .int(let number) = value, range.contains(number) else { return nil }
            return number
        }
        guard let ladder = whole("ladder", 1...12), let discount = whole("discount", 0...100_000),
            let terminal = whole("terminal", 0...10_000)
        else { return nil }
        result.ladder = ladder
        result.discount = discount ?? 0
        result.terminal = terminal ?? 10_000
        guard let constraints = ConstraintsJSON.read(options["constraints"]) else { return nil }
        result.constraints = constraints
        return result.terms.count == terms.count && result.payments.count == payments.count ? result : nil
    }

    /// Prices of the limits, in the order of the rows; nil where they do not fit the rows.
    static func multipliers(_ plan: JSONValue, for model: PlanningModel) -> (rows: [Int64], served: Int64)? {
        let stated = plan["certificate"]?["constraints"]?.array ?? []
        let ids = model.rows.map(\.id) + (model.servedLimit == nil ? [] : ["served"])
        guard stated.map({ $0["id"]?.string }) == ids else { return nil }
        let prices = stated.compactMap { item in
            item["multiplier"]?.string.flatMap { FixedPoint.parse($0) }.flatMap { Int64(exactly: $0.raw) }
        }
        guard prices.count == ids.count else { return nil }
        return (Array(prices.prefix(model.rows.count)), model.servedLimit == nil ? 0 : prices.last ?? 0)
    }

    /// The purchases, through the same reader as a `commitments` file.
    static func purchases(_ plan: JSONValue) -> [Commitment]? {
        guard let rows = plan["purchases"]?.array else { return nil }
        let columns = InterchangeSchema.commitments.columns.map(\.name)
        var out = CSVWriter(header: columns)
        for row in rows {
            let cells = columns.map { row[$0]?.string }
            guard cells.allSatisfy({ $0 != nil }) else { return nil }
            out.add(cells.compactMap { $0 })
        }
        var read = (try? Interchange.commitments(out.bytes, file: "plan.json"))?.value
        for index in (read ?? []).indices { read?[index].place = nil }
        return read
    }
}
