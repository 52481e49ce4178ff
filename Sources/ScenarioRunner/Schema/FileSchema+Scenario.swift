internal import PlimsollCore

extension FileSchema {
    /// The file `plimsoll run` reads.
    static let scenario = FileSchema(
        name: "scenario",
        json: document(
            "Plimsoll scenario",
            object(
                [
                    "scenario": value("name"), "note": value("text for people"),
                    "seed": integer(0...Int.max, "seed of everything drawn by chance"),
                    "estate": estate, "horizon": horizon, "agreements": agreements, "levers": levers,
                    "compare": list(object(["name": text, "set": openObject()], required: ["name", "set"])),
                    "uncertainty": uncertainty,
                ], required: ["scenario", "estate"])))

    private static let estate: JSONValue = {
        let synthetic = object(["synthetic": object(["seed": number])], required: ["synthetic"])
        return object([
            "usage": value("path of a usage file, relative to this one"), "generate": generate, "demand": demand,
            "from": value("first hour taken"), "to": value("first hour no longer taken"),
            "prices": oneOf(value("`built-in`, or the path of a price file"), synthetic),
            "catalog": value("path of a catalogue file"), "commitments": value("path of a commitments file"),
            "accounts": value("path of an accounts file"), "fx": value("path of a file of exchange rates"),
            "bill": value("path of a bill file: the real bill of the same hours"),
            "coverage": value("path of a coverage file: what commitments paid for by it"),
            "ledger": value("not available yet"), "period": value("not available yet"),
        ])
    }()

    private static let generate = object(
        [
            "from": value("first hour"), "to": value("first hour after"),
            "seed": integer(0...Int.max, "seed of its own"), "billing_account": text, "accounts": list(text),
            "regions": list(text), "families": list(text), "os": list(words(InterchangeSchema.osWords)),
            "workloads": integer(1...100_000, "how many workloads"), "growth": value("such as 1.5%/month"),
        ], required: ["from", "to"])

    private static let demand = object(
        [
            "file": value("path; without it the recorded demand of the shared data"),
            "from": value("first hour"), "to": value("first hour after"), "provider": text,
            "billing_account": text, "account": text, "os": words(InterchangeSchema.osWords),
            "tenancy": words(InterchangeSchema.tenancyWords), "regions": openObject(text), "types": openObject(text),
        ], required: ["from", "to", "provider", "regions", "types"])

    private static let horizon = object(
        [
            "start": value("first hour of the future"), "months": integer(1...120, "calendar months"),
            "growth": value("such as 1.5%/month, compounding; or trend: as in the past year"),
            "baseline": words(Horizon.Baseline.allCases.map(\.rawValue)),
            "weeks": integer(1...1_000, "most recent weeks that are repeated; default all whole ones"),
        ], required: ["start", "months"])

    private static let levers: JSONValue = {
        let commit = object([
            "offers": wordList(Offer.all.filter(\.isCommitment).map(\.rawValue)),
            "terms": wordList(Term.allCases.map(\.rawValue)),
            "payment": wordList(Payment.allCases.map(\.rawValue)),
            "ladder": value("when purchases may begin: monthly, quarterly, or months between the days"),
            "discount": value("yearly rate at which later money counts for less, such as 8%"),
            "terminal": value("share of what outlasts the window that it is still worth, such as 50%; default 100%"),
            "constraints": constraints,
        ])
        return list(
            object(["commit": commit, "waste": openObject(), "rightsize": openObject(), "schedule": openObject()]))
    }()

    private static let constraints: JSONValue = object([
        "upfront": value("cash paid at purchase at most, in all; or {month, total}"),
        "utilization": value("least share of every purchase that is used, such as 90%"),
        "uncovered": value("least share of the usage that offers reach to be left on demand, such as 10%"),
        "no_regret": value("fall of usage at which every purchase still pays for itself, such as 20%"),
        "caps": list(texts(ConstraintsReader.capKeys)),
        "leave": list(texts(ConstraintsReader.leaveKeys)),
    ])

    private static let uncertainty: JSONValue = object([
        "samples": value("futures drawn for the range of the saving; default 200"),
        "seed": value("seed of the drawing; default the scenario's"),
        "weeks": value("a week is replaced by one at most so many weeks away; default 6"),
        "growth": value("growth may differ by so much either way, such as 1%/month"),
        "retirement": value("share of families that go out of use within a year, such as 5%"),
        "shutdowns": list(texts(UncertaintyReader.shutdownKeys)),
    ])

    private static func texts(_ keys: [String]) -> JSONValue {
        object(Dictionary(uniqueKeysWithValues: keys.map { ($0, value($0)) }))
    }
}
