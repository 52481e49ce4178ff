internal import Foundation
internal import PlimsollCore

/// One rule of FOCUS 1.2: what cells of a column have to be, and in which rows.
struct FocusRule: Hashable, Sendable {
    /// What a cell has to be.
    enum Demand: Hashable, Sendable {
        /// The column is in the file.
        case column
        /// Text.
        case string
        /// A decimal number.
        case decimal
        /// A number as FOCUS writes them.
        case number
        /// A date and a time of day.
        case time
        /// The same as ISO 8601 in UTC.
        case instant
        /// Not an empty string, nor blanks.
        case notBlank
        /// Not null.
        case filled
        /// Null.
        case empty
        /// This value, or null.
        case value(String)
        /// The same as in another column.
        case equal(String)
        /// Anything but this value.
        case notValue(String)
        /// One of these values, or null.
        case oneOf([String])
        /// A subcategory of the row's service category.
        case ofItsCategory
        /// Not negative.
        case positive
        /// The product of two columns.
        case product(String, String)
        /// Later than another column.
        case after(String)
        /// Three capital letters.
        case currencyCode
        /// A code of ISO 4217.
        case currency
        /// A unit as FOCUS writes them.
        case unit
        /// A JSON object of plain values.
        case object
        /// A JSON object whose keys FOCUS defines or that begin with `x_`.
        case keys
        /// Exactly one value of another column for each value of this one.
        case one(String)
        /// One value of this column at most for each value of another one.
        case same(String)
    }

    /// Its id in the requirements model.
    var id: String
    /// The column that it judges.
    var column: String
    /// Whether it is a MUST; else a SHOULD.
    var isMust: Bool
    /// What it demands.
    var demand: Demand
    /// The rows it holds for, as SQL; nil = all.
    var condition: String?

    /// Every rule, in the order of the table.
    static let all: [FocusRule] =
        table.split(separator: "\n").compactMap { FocusRule(line: String($0)) } + attributes

    /// Rules about all columns of a kind.
    private static let attributes: [FocusRule] =
        FocusColumn.all.filter { $0.kind == .time }.map { attribute("DateTimeFormat-A-003-M", $0, .instant) }
        + FocusColumn.all.filter { $0.kind == .string }.map { attribute("NullHandling-A-002-M", $0, .notBlank) }

    private static func attribute(_ id: String, _ column: FocusColumn, _ demand: Demand) -> FocusRule {
        FocusRule(id: id, column: column.name, isMust: true, demand: demand, condition: nil)
    }

    /// A line of the table: id, demand, condition.
    private init?(line: String) {
        let parts = line.components(separatedBy: " | ")
        guard parts.count >= 2, let end = parts[0].firstRange(of: "-") else { return nil }
        let isMust = !parts[1].hasPrefix("should ")
        let words = parts[1].trimmingPrefix("should ").split(separator: " ").map(String.init)
        let isPresence = words.first == "column"
        let column = isPresence ? words[1] : String(parts[0][..<end.lowerBound])
        let rest = words.dropFirst().joined(separator: " ")
        guard let demand = Self.demand(words, rest) else { return nil }
        // The product of two columns is a demand on the third; rules of attributes name no column.
        self.init(
            id: parts[0], column: column, isMust: isMust, demand: demand,
            condition: parts.count > 2 ? parts[2] : nil)
        if words.first == "product" { self.column = words[3] }
        if parts[0].hasPrefix("DiscountHandling") { self.column = "ResourceId" }
    }

    private init(id: String, column: String, isMust: Bool, demand: Demand, condition: String?) {
        (self.id, self.column, self.isMust, self.demand, self.condition) = (id, column, isMust, demand, condition)
    }

    private static func demand(_ words: [String], _ rest: String) -> Demand? {
        switch words.first {
        case "column": .column
        case "string": .string
        case "decimal": .decimal
        case "number": .number
        case "time": .time
        case "filled": .filled
        case "empty": .empty
        case "positive": .positive
        case "code": .currencyCode
        case "currency": .currency
        case "unit": .unit
        case "object": .object
        case "keys": .keys
        case "is": .value(rest)
        case "not": .notValue(rest)
        case "equal": .equal(rest)
        case "in": .oneOf(rest.components(separatedBy: ", "))
        case "category": .oneOf(FocusServices.categories)
        case "subcategory": .oneOf(FocusServices.subcategories)
        case "of": .ofItsCategory
        case "product": .product(words[1], words[2])
        case "after": .after(rest)
        case "one": .one(rest)
        case "same": .same(words[words.count - 1])
        default: nil
        }
    }

    /// What it asks, in a sentence.
    var text: String {
        let verb = isMust ? "must" : "should"
        let rows = condition.map { " where " + $0.replacing("_priced", with: Self.pricedText) } ?? ""
        return "\(verb) \(asked)\(rows)"
    }

    private static let pricedText = "it is usage or a purchase and no correction"

    private var asked: String {
        switch demand {
        case .column: "be there"
        case .string: "be text"
        case .decimal: "be a decimal number"
        case .number: "be a number without signs, blanks or separators of thousands"
        case .time: "be a date and time"
        case .instant: "be UTC as ISO 8601 writes it, such as `2026-01-01T00:00:00Z`"
        case .notBlank: "be null where it has no value, not an empty string"
        case .filled: "not be null"
        case .empty: "be null"
        case .value(let value): "be `\(value)`"
        case .notValue(let value): "not be `\(value)`"
        case .equal(let other): "be the \(other)"
        case .oneOf(let values):
            values.count > 8 ? "be one of FOCUS's" : "be " + values.map { "`\($0)`" }.joined(separator: ", ")
        case .ofItsCategory: "belong to the row's ServiceCategory"
        case .positive: "not be negative"
        case .product(let a, let b): "be \(a) × \(b)"
        case .after(let other): "be later than \(other)"
        case .currencyCode: "be three capital letters"
        case .currency: "be a currency of ISO 4217"
        case .unit: "be written as FOCUS writes units, such as `Hours`, `GB`, `GB-Hours`, `GB/Month`"
        case .object: "be a JSON object of strings, numbers and booleans"
        case .keys: "have keys that FOCUS defines or that begin with `x_`"
        case .one(let other): "have one \(other)"
        case .same(let other): "be the same in all rows of one \(other)"
        }
    }
}

/// FOCUS's categories of services and what they are divided into.
enum FocusServices {
    private static let table = """
        AI and Machine Learning: AI Platforms, Bots, Generative AI, Machine Learning, Natural Language Processing
        Analytics: Analytics Platforms, Business Intelligence, Data Processing, Search, Streaming Analytics
        Business Applications: Productivity and Collaboration
        Compute: Containers, End User Computing, Quantum Compute, Serverless Compute, Virtual Machines
        Databases: Caching, Data Warehouses, Ledger Databases, NoSQL Databases, Relational Databases, Time Series Databases
        Developer Tools: Developer Platforms, Continuous Integration and Deployment, Development Environments, Source Code Management, Quality Assurance
        Identity: Identity and Access Management
        Integration: API Management, Messaging, Workflow Orchestration
        Internet of Things: IoT Analytics, IoT Platforms
        Management and Governance: Architecture, Compliance, Cost Management, Data Governance, Disaster Recovery, Endpoint Management, Observability, Support
        Media: Content Creation, Gaming, Media Streaming, Mixed Reality
        Migration: Data Migration, Resource Migration
        Mobile:
        Multicloud: Multicloud Integration
        Networking: Application Networking, Content Delivery, Network Connectivity, Network Infrastructure, Network Routing, Network Security
        Security: Secret Management, Security Posture Management, Threat Detection and Response
        Storage: Backup Storage, Block Storage, File Storage, Object Storage, Storage Platforms
        Web: Application Platforms
        Other:
        """

    /// Each category with its subcategories, `Other (…)` among them.
    static let all: [(category: String, subcategories: [String])] = table.split(separator: "\n").map { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        let category = String(parts[0])
        let own = parts.count > 1 ? parts[1].components(separatedBy: ", ").map { String($0.trimmingPrefix(" ")) } : []
        return (category, own.filter { !$0.isEmpty } + ["Other (\(category))"])
    }

    /// The categories.
    static let categories = all.map(\.category)
    /// The subcategories of all.
    static let subcategories = all.flatMap(\.subcategories)
}
