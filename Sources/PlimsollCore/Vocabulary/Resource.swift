/// A thing in a cloud: a line of the `resources` interchange file (JSON lines).
public struct Resource: Hashable, Sendable, Codable {
    /// A relation to another resource.
    public struct Link: Hashable, Sendable, Codable {
        /// `attached-to`, `part-of`, `created-from`, `member-of` or `targets`.
        public var kind: String
        /// The other resource's id.
        public var id: String

        /// A link of `kind` to `id`.
        public init(kind: String, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    /// `aws`, `azure`, …
    public var provider: String
    /// Who pays.
    public var billingAccount: String
    /// Who owns it.
    public var account: String
    /// Region.
    public var region: String
    /// Zone, if it has one.
    public var zone: String
    /// `instance`, `volume`, … or `provider:own-type`.
    public var type: String
    /// The provider's own id.
    public var id: String
    /// Name for people.
    public var name: String
    /// SKU, where it has one.
    public var sku: String
    /// State in the provider's word.
    public var state: String
    /// Creation time as the provider gives it.
    public var created: String
    /// The provider's own fields.
    public var attributes: [String: String]
    /// Tags; empty values kept.
    public var tags: [String: String]
    /// Relations.
    public var links: [Link]

    /// A resource of which nothing else is known.
    public init(provider: String, type: String, id: String) {
        self.provider = provider
        self.type = type
        self.id = id
        billingAccount = ""
        account = ""
        region = ""
        zone = ""
        name = ""
        sku = ""
        state = ""
        created = ""
        attributes = [:]
        tags = [:]
        links = []
    }

    enum CodingKeys: String, CodingKey {
        case provider, account, region, zone, type, id, name, sku, state, created, attributes, tags, links
        case billingAccount = "billing_account"
    }
}

/// Something a provider could not give: a line of the `gaps` interchange file (JSON lines).
public struct Gap: Hashable, Sendable, Codable {
    /// `aws`, `azure`, …
    public var provider: String
    /// Account looked at.
    public var account: String
    /// Region looked at.
    public var region: String
    /// What is missing.
    public var what: String
    /// Why.
    public var reason: String
    /// Permission that would supply it.
    public var permission: String
    /// What to do.
    public var remedy: String

    /// A gap.
    public init(
        provider: String, account: String = "", region: String = "", what: String, reason: String,
        permission: String = "", remedy: String
    ) {
        self.provider = provider
        self.account = account
        self.region = region
        self.what = what
        self.reason = reason
        self.permission = permission
        self.remedy = remedy
    }
}
