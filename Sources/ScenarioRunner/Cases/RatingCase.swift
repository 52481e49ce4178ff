public import PlimsollCore
public import Rating

/// A case of the public case format: an input for the rater and what must come out of it.
/// See docs/reference/case-format.md.
public struct RatingCase: Sendable {
    /// Name of the case.
    public var name: String
    /// Where its figures are from.
    public var source: String
    /// What is billed.
    public var input: RatingInput
    /// What must come out.
    public var expectation: Expectation
    /// What the user should know about its tables.
    public var warnings: [Diagnostic]

    /// A figure as it is expected: compared exactly, or at `places` decimals.
    public struct Figure: Sendable, Hashable {
        /// The number as it stands in the file.
        public var text: String
        /// Its value in 10⁻¹² units.
        public var raw: Int128
    }

    /// Selects rows of the bill and says what they must sum to.
    public struct RowExpectation: Sendable {
        /// Column name → text it must have.
        public var filter: [String: String]
        /// Amount name → sum over the rows selected.
        public var amounts: [String: Figure]
    }

    /// What must come out.
    public struct Expectation: Sendable {
        /// Amounts of the bill's total, by name (`list`, `contracted`, `effective`, `billed`, `on_demand`).
        public var total: [String: Figure] = [:]
        /// By commitment: `committed`, `used`, `unused`, `utilization`, `effective`, `billed`, `covered_list`.
        public var commitments: [String: [String: Figure]] = [:]
        /// SKUs without a price; nil = there must be none.
        public var unpriced: [String]?
        /// Codes of warnings that must be among those given.
        public var warnings: [String] = []
        /// Sums of selected rows.
        public var rows: [RowExpectation] = []
        /// Code of the failure the case must end in.
        public var failure: String?
        /// Decimals compared; 12 = exactly.
        public var places = FixedPoint.places
    }

    /// Reads the case file at `path`; its tables may be files beside it.
    public static func read(_ path: String, providers: ProviderSet) throws(Failure) -> RatingCase {
        try parse(try InputFiles.read(path), file: path, providers: providers)
    }

    /// Reads a case from bytes; `file` is for messages and for the paths in it.
    public static func parse(_ bytes: [UInt8], file: String, providers: ProviderSet) throws(Failure) -> RatingCase {
        let root = try YAMLNode.parse(bytes, file: file)
        let context = YAMLContext(file: file, area: "case")
        let keys = ["case", "source", "usage", "window", "currency", "expect"] + EstateKeys.tables
        let map = YAMLMap(root, context, keys: keys, named: "the case")
        var estate = EstateKeys(map, providers: providers) { (path) throws(Failure) in
            try InputFiles.read(InputFiles.resolve(path, besides: file))
        }
        var input = RatingInput()
        input.usage = try estate.usage()
        try estate.fill(&input)
        input.window = window(map)
        input.currency = map.text("currency")
        if !map.has("case") {
            context.error("missing-key", "`case` is missing", at: root, hint: "name the case: `case: my-case`")
        }
        let expectation = ExpectationKeys(map).read()
        try context.check()
        if !expectation.rows.isEmpty { input.detail = Set(RatingInput.Detail.allCases) }
        return RatingCase(
            name: map.text("case") ?? "", source: map.text("source") ?? "", input: input, expectation: expectation,
            warnings: estate.warnings)
    }

    private static func window(_ map: YAMLMap) -> HourGrid? {
        guard let given = map.map("window", keys: ["from", "to"]) else { return nil }
        guard let from = given.hour("from"), let to = given.hour("to") else {
            if !given.has("from") || !given.has("to") {
                map.context.error(
                    "missing-key", "`window` needs `from` and `to`", at: given.node, hint: "`to` is not included")
            }
            return nil
        }
        if to <= from {
            map.context.error("bad-window", "the window is empty", at: given.node, hint: "`to` must be after `from`")
        }
        return HourGrid(start: from, end: to)
    }
}

/// Reads `expect`.
private struct ExpectationKeys {
    static let amounts = ["list", "contracted", "effective", "billed", "on_demand"]
    static let uses = ["committed", "used", "unused", "utilization", "effective", "billed", "covered_list"]
    static let filters = [
        "hour", "account", "billing_account", "region", "zone", "service", "sku", "os", "tenancy", "resource",
        "commitment", "kind", "name",
    ]
    private let map: YAMLMap

    init(_ map: YAMLMap) { self.map = map }

    func read() -> RatingCase.Expectation {
        var result = RatingCase.Expectation()
        let keys = ["total", "commitments", "unpriced", "warnings", "rows", "failure", "places"]
        guard let expect = map.map("expect", keys: keys) else {
            if !map.has("expect") {
                map.context.error(
                    "missing-key", "`expect` is missing", at: map.node,
                    hint: "say what must come out, such as `expect: {total: {effective: 47.125}}`")
            }
            return result
        }
        result.places = expect.int("places", in: 0...FixedPoint.places) ?? FixedPoint.places
        result.failure = expect.text("failure")
        result.warnings = expect.texts("warnings")
        if expect.has("unpriced") { result.unpriced = expect.texts("unpriced") }
        if let total = expect.map("total", keys: Self.amounts) { result.total = figures(total, Self.amounts) }
        for entry in expect.value("commitments")?.entries ?? [] {
            let use = YAMLMap(entry.value, map.context, keys: Self.uses, named: "an expected commitment")
            result.commitments[entry.key.text ?? ""] = figures(use, Self.uses)
        }
        for node in expect.list("rows") {
            let amounts = Self.amounts + ["quantity"]
            let row = YAMLMap(node, map.context, keys: Self.filters + amounts, named: "an expected row")
            var filter: [String: String] = [:]
            for name in Self.filters { filter[name] = row.text(name) }
            result.rows.append(.init(filter: filter, amounts: figures(row, amounts)))
        }
        return result
    }

    private func figures(_ map: YAMLMap, _ names: [String]) -> [String: RatingCase.Figure] {
        var result: [String: RatingCase.Figure] = [:]
        for name in names {
            result[name] = map.parsed(name, "a number") { text in
                FixedPoint.parse(text).map { .init(text: text, raw: $0.raw) }
            }
        }
        return result
    }
}
