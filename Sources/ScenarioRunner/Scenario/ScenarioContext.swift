public import PlimsollCore

/// What the caller lends a scenario: the programs and built-in facts of its providers, and a way to read files.
public struct ScenarioContext: Sendable {
    /// Reads a file: its path, and its name for messages.
    public typealias ReadFile = @Sendable (_ path: String) throws(Failure) -> [UInt8]

    /// How each provider's discounts apply.
    public var programs: [BenefitProgram]
    /// Prices of scenarios that bring none.
    public var builtInPrices: [PriceRow]
    /// Facts of the machines in it.
    public var builtInCatalog: [CatalogRow]
    /// Environment; `PLIMSOLL_SHARED` names the folder of shared data.
    public var environment: [String: String]
    /// Reads a file.
    public var read: ReadFile
    /// How a commitment is bought, in its vendor's words; nil where no provider knows.
    public var purchaseSteps: @Sendable (Commitment) -> PurchaseSteps?
    /// Told what is being done, for a terminal.
    public var progress: @Sendable (String) -> Void
    /// Told how much is done: parts, of how many, and what the parts are called.
    public var counted: @Sendable (_ done: Int, _ of: Int, _ what: String) -> Void

    /// A context.
    public init(
        programs: [BenefitProgram], builtInPrices: [PriceRow], builtInCatalog: [CatalogRow],
        environment: [String: String] = [:], read: @escaping ReadFile,
        purchaseSteps: @escaping @Sendable (Commitment) -> PurchaseSteps? = { _ in nil },
        progress: @escaping @Sendable (String) -> Void = { _ in },
        counted: @escaping @Sendable (_ done: Int, _ of: Int, _ what: String) -> Void = { _, _, _ in }
    ) {
        self.counted = counted
        self.purchaseSteps = purchaseSteps
        self.programs = programs
        self.builtInPrices = builtInPrices
        self.builtInCatalog = builtInCatalog
        self.environment = environment
        self.read = read
        self.progress = progress
    }
}
