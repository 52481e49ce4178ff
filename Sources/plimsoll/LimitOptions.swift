import ArgumentParser
import CommitmentPlanner
import PlimsollCore

/// When purchases may begin, and what they have to keep.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Let purchases begin on several days, not only the first: monthly, quarterly, or months between them.",
            valueName: "steps"))
    var ladder: String?

    @Option(help: ArgumentHelp("Yearly rate at which later money counts for less: 8%.", valueName: "rate"))
    var discount: String?

    @Option(
        help: ArgumentHelp(
            "Share of what is left of a commitment after the window that it is still worth (default: 100%).",
            valueName: "share"))
    var terminal: String?

    @Option(help: ArgumentHelp("Cash paid at purchase at most, in all.", valueName: "amount"))
    var maxUpfront: String?

    @Option(help: ArgumentHelp("Cash paid at purchase at most in a calendar month.", valueName: "amount"))
    var maxUpfrontPerMonth: String?

    @Option(
        help: ArgumentHelp(
            "Amortised fee an hour at most, of all purchases or of those named: 2.50, family=m5:2.50 (repeatable).",
            valueName: "[scope:]amount"))
    var maxHourly: [String] = []

    @Option(help: ArgumentHelp("Least share of every purchase that is used: 90%.", valueName: "share"))
    var minUtilization: String?

    @Option(help: ArgumentHelp("Least share of usage to be left on demand: 10%.", valueName: "share"))
    var minUncovered: String?

    @Option(
        help: ArgumentHelp("Fall of usage at which every purchase still pays for itself: 20%.", valueName: "share"))
    var noRegret: String?

    @Option(
        help: ArgumentHelp(
            "What is left by a day; nothing bound to it lasts longer: family=m5:2027-06-01 (repeatable).",
            valueName: "scope:date"))
    var leave: [String] = []

    /// Puts them into a plan's options.
    func fill(_ options: inout PlanOptions) throws {
        options.ladder = try read(ladder, "--ladder", "monthly, quarterly or 1 to 12") {
            PurchaseConstraints.ladder($0)
        }
        options.discount = try read(discount, "--discount", "a rate such as 8%", PurchaseConstraints.share) ?? 0
        options.terminal = try read(terminal, "--terminal", "a share such as 50%", PurchaseConstraints.share) ?? 10_000
        var limits = PurchaseConstraints()
        limits.upfront = try read(maxUpfront, "--max-upfront", "an amount") { Money($0) }
        limits.upfrontPerMonth = try read(maxUpfrontPerMonth, "--max-upfront-per-month", "an amount") { Money($0) }
        limits.utilization = try read(minUtilization, "--min-utilization", "a share", PurchaseConstraints.share)
        limits.uncovered = try read(minUncovered, "--min-uncovered", "a share", PurchaseConstraints.share)
        limits.noRegret = try read(noRegret, "--no-regret", "a share", PurchaseConstraints.share)
        limits.caps = try maxHourly.compactMap { text in
            try read(text, "--max-hourly", "an amount with or without `scope:` before it", Self.cap)
        }
        limits.leaving = try leave.compactMap { text in
            try read(text, "--leave", "scope:date, as in family=m5:2027-06-01", Self.leaving)
        }
        options.constraints = limits
    }

    private func read<Value>(
        _ text: String?, _ flag: String, _ expected: String, _ parse: (String) -> Value?
    ) throws -> Value? {
        guard let text else { return nil }
        guard let value = parse(text) else {
            throw ValidationError("The value '\(text)' is invalid for '\(flag)': \(expected) is expected.")
        }
        return value
    }

    /// `key=value,key=value:rest`.
    private static func parts(_ text: String, _ known: [String]) -> (scope: [String: String], rest: String)? {
        let cut = text.lastIndex(of: ":")
        let rest = cut.map { String(text[text.index(after: $0)...]) } ?? text
        var scope: [String: String] = [:]
        for word in (cut.map { text[..<$0] } ?? "").split(separator: ",") {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, known.contains(pair[0]), scope[pair[0]] == nil else { return nil }
            scope[pair[0]] = pair[1]
        }
        return (scope, rest)
    }

    private static func cap(_ text: String) -> PurchaseConstraints.Cap? {
        guard let (scope, rest) = parts(text, ["provider", "account", "region", "family", "offer"]),
            let hourly = Money(rest)
        else { return nil }
        return .init(
            hourly: hourly, provider: scope["provider"] ?? "", account: scope["account"] ?? "",
            region: scope["region"] ?? "", family: scope["family"] ?? "", offer: scope["offer"] ?? "")
    }

    private static func leaving(_ text: String) -> PurchaseConstraints.Leaving? {
        guard let (scope, rest) = parts(text, ["provider", "region", "family"]), !scope.isEmpty, let by = Day(rest)
        else { return nil }
        return .init(
            by: by, provider: scope["provider"] ?? "", region: scope["region"] ?? "", family: scope["family"] ?? "")
    }
}
