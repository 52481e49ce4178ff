/// Lines of the interchange files that are JSON, and of measurements.
extension Resource {
    /// The resource as an object of the `resources` file.
    public var json: JSONValue {
        .object([
            "provider": .string(provider), "billing_account": .string(billingAccount), "account": .string(account),
            "region": .string(region), "zone": .string(zone), "type": .string(type), "id": .string(id),
            "name": .string(name), "sku": .string(sku), "state": .string(state), "created": .string(created),
            "attributes": .object(attributes.mapValues(JSONValue.string)),
            "tags": .object(tags.mapValues(JSONValue.string)),
            "links": .array(links.map { .object(["kind": .string($0.kind), "id": .string($0.id)]) }),
        ])
    }

    /// The resource of an object; nil where provider, type or id is missing, or a member is of the wrong kind.
    public init?(_ json: JSONValue) {
        guard case .object(let members) = json else { return nil }
        func text(_ key: String) -> String? {
            switch members[key] {
            case .string(let text): text
            case nil, .null: ""
            default: nil
            }
        }
        guard let provider = text("provider"), let type = text("type"), let id = text("id"), !provider.isEmpty,
            !type.isEmpty, !id.isEmpty, let billingAccount = text("billing_account"), let account = text("account"),
            let region = text("region"), let zone = text("zone"), let name = text("name"), let sku = text("sku"),
            let state = text("state"), let created = text("created"),
            let attributes = Self.texts(members["attributes"]),
            let tags = Self.texts(members["tags"]), let links = Self.links(members["links"])
        else { return nil }
        self.init(provider: provider, type: type, id: id)
        self.billingAccount = billingAccount
        self.account = account
        self.region = region
        self.zone = zone
        self.name = name
        self.sku = sku
        self.state = state
        self.created = created
        self.attributes = attributes
        self.tags = tags
        self.links = links
    }

    private static func texts(_ value: JSONValue?) -> [String: String]? {
        switch value {
        case nil, .null: return [:]
        case .object(let members):
            let texts = members.compactMapValues(\.string)
            return texts.count == members.count ? texts : nil
        default: return nil
        }
    }

    private static func links(_ value: JSONValue?) -> [Link]? {
        guard let value, value != .null else { return [] }
        guard let elements = value.array else { return nil }
        let links = elements.compactMap { element -> Link? in
            guard let kind = element["kind"]?.string, let id = element["id"]?.string else { return nil }
            return Link(kind: kind, id: id)
        }
        return links.count == elements.count ? links : nil
    }
}

extension Gap {
    /// The gap as an object of the `gaps` file.
    public var json: JSONValue {
        .object([
            "provider": .string(provider), "account": .string(account), "region": .string(region),
            "what": .string(what), "reason": .string(reason), "permission": .string(permission),
            "remedy": .string(remedy),
        ])
    }
}

extension Interchange {
    /// The cells of a measurement, in the order of the file.
    public static func cells(_ row: MetricRow) -> [String] {
        [row.time.description, row.provider, row.resource, row.metric, row.statistic, decimal(row.value), row.unit]
    }

    /// A double's shortest decimal text without an exponent.
    private static func decimal(_ value: Double) -> String {
        let text = "\(value)"
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        let isNegative = text.hasPrefix("-")
        let digits = text[..<mark].drop { $0 == "-" }
        let parts = digits.split(separator: ".").map(String.init)
        let fraction = parts.count > 1 && parts[1] != "0" ? parts[1] : ""
        let whole = (parts.first ?? "") + fraction
        let point = (parts.first?.count ?? 0) + exponent
        var result: String
        if point <= 0 {
            result = "0." + String(repeating: "0", count: -point) + whole
        } else if point >= whole.count {
            result = whole + String(repeating: "0", count: point - whole.count)
        } else {
            result = whole.prefix(point) + "." + whole.dropFirst(point)
        }
        return isNegative ? "-" + result : result
    }
}
