/// What a provider module is and can do.
public struct ProviderDescriptor: Hashable, Sendable, Codable {
    /// Word in the interchange files: `aws`.
    public var id: String
    /// Name for people.
    public var name: String
    /// What it can give.
    public var capabilities: [String]
    /// Permissions it needs, in the vendor's words.
    public var permissions: [String]
    /// What it does not cover.
    public var notCovered: [String]

    /// A descriptor.
    public init(id: String, name: String, capabilities: [String], permissions: [String], notCovered: [String]) {
        self.id = id
        self.name = name
        self.capabilities = capabilities
        self.permissions = permissions
        self.notCovered = notCovered
    }
}

/// Why a provider could not answer: an open code, so that new reasons break nobody.
public struct ProviderFailure: Error, Hashable, Sendable {
    /// `auth`, `permission`, `throttled`, `transient`, `config`, `unsupported`, `data`, `internal` or `cancelled`.
    public var code: String
    /// What happened, with the API call.
    public var message: String
    /// What to do next.
    public var hint: String
    /// The call as permissions name it; empty = not known.
    public var call: String

    /// A failure of `code`.
    public init(code: String, message: String, hint: String = "", call: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
        self.call = call
    }
}

extension ProviderFailure: CustomStringConvertible {
    /// What happened.
    public var description: String { message }
}

/// Whether a provider can be used.
public struct Health: Hashable, Sendable {
    /// Whether it can.
    public var usable: Bool
    /// What was found.
    public var detail: String

    /// A state of health.
    public init(usable: Bool, detail: String) {
        self.usable = usable
        self.detail = detail
    }
}

/// A cloud. Refined by what it can give; values in, values out.
public protocol Provider: Sendable {
    /// What it is and can do.
    var descriptor: ProviderDescriptor { get }
    /// Whether it can be used now.
    func check() async throws(ProviderFailure) -> Health
}

/// A provider that knows how its discounts apply.
public protocol BenefitProvider: Provider {
    /// The programs, newest first.
    var benefitPrograms: [BenefitProgram] { get }
}

/// Looks at an estate and gives a verdict for every resource it looked at.
public protocol Recommender: Sendable {
    /// What it reads.
    associatedtype Estate: Sendable
    /// Stable id: `ebs-unattached`.
    var id: String { get }
    /// Title for people.
    var title: String { get }
    /// A verdict for everything looked at, in a deterministic order.
    func verdicts(_ estate: Estate) throws -> [Verdict]
}

/// Finds the best plan within constraints.
public protocol Planner: Sendable {
    /// What it plans for.
    associatedtype Estate: Sendable
    /// What bounds it.
    associatedtype Constraints: Sendable
    /// A plan with its certificate.
    func plan(_ estate: Estate, _ constraints: Constraints) async throws -> Plan
}
