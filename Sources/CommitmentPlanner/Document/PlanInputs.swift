public import PlimsollCore
public import Rating

/// The interchange files a plan is made from, as bytes: kept beside the plan so that it can be verified.
public struct PlanInputs: Sendable {
    /// Bytes by file name (`usage.csv`); only the names in ``names`` are read.
    public var files: [String: [UInt8]]

    /// The files a plan may have been made from.
    public static let names = ["accounts.csv", "catalog.csv", "commitments.csv", "fx.csv", "prices.csv", "usage.csv"]

    /// Inputs from bytes by file name.
    public init(files: [String: [UInt8]]) { self.files = files }

    /// The files of an input that was not read from files.
    public init(_ input: RatingInput) {
        files = [
            "usage.csv": Interchange.write(usage: input.usage),
            "prices.csv": Interchange.write(prices: input.prices),
            "catalog.csv": Interchange.write(catalog: input.catalog),
        ]
        if !input.commitments.isEmpty { files["commitments.csv"] = Interchange.write(commitments: input.commitments) }
        if !input.accounts.isEmpty { files["accounts.csv"] = Interchange.write(accounts: input.accounts) }
        guard !input.fx.isEmpty else { return }
        var rates = CSVWriter(header: InterchangeSchema.fx.columns.map(\.name))
        for rate in input.fx { rates.add([rate.date.description, rate.from, rate.to, rate.rate.description]) }
        files["fx.csv"] = rates.bytes
    }

    /// Reads the files. Throws ``Failure`` with every error of the first file that has any.
    public func decode(programs: [BenefitProgram], folder: String = "") throws(Failure) -> RatingInput {
        func place(_ name: String) -> String { folder.isEmpty ? name : folder + "/" + name }
        var input = RatingInput()
        input.programs = programs
        if let bytes = files["usage.csv"] {
            let ordered = programs.providersInBillingOrder
            input.usage = try Interchange.usage(bytes, file: place("usage.csv"), billingOrderOf: ordered).value
        }
        if let bytes = files["prices.csv"] {
            input.prices = try Interchange.prices(bytes, file: place("prices.csv")).value
        }
        if let bytes = files["catalog.csv"] {
            input.catalog = try Interchange.catalog(bytes, file: place("catalog.csv")).value
        }
        if let bytes = files["commitments.csv"] {
            input.commitments = try Interchange.commitments(bytes, file: place("commitments.csv")).value
        }
        if let bytes = files["accounts.csv"] {
            input.accounts = try Interchange.accounts(bytes, file: place("accounts.csv")).value
        }
        if let bytes = files["fx.csv"] { input.fx = try Interchange.fx(bytes, file: place("fx.csv")).value }
        return input
    }

    /// SHA-256 by file name.
    public var hashes: [String: String] { files.mapValues { ContentHash.sha256($0) } }
}
