/// A purchase as a resource of an infrastructure language: names and values, written out by whoever makes files.
public struct PurchaseResource: Hashable, Sendable {
    /// An argument and its value, a text.
    public struct Argument: Hashable, Sendable {
        /// Name, in the resource's own words.
        public var name: String
        /// Value.
        public var value: String

        /// An argument.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A block within the resource.
    public struct Block: Hashable, Sendable {
        /// Name, in the resource's own words.
        public var name: String
        /// What stands in it.
        public var arguments: [Argument]

        /// A block.
        public init(_ name: String, _ arguments: [Argument]) {
            self.name = name
            self.arguments = arguments
        }
    }

    /// Type of the resource.
    public var type: String
    /// Where its plug-in comes from, `vendor/name`.
    public var source: String
    /// Versions of the plug-in that it works with, as a constraint.
    public var version: String
    /// The argument that takes the id which the look-up finds; empty where none is needed.
    public var offeringArgument: String
    /// The other arguments.
    public var arguments: [Argument]
    /// Blocks within it, by name, with their arguments.
    public var blocks: [Block]
    /// Title of the page that describes it.
    public var document: String
    /// What goes wrong with it, and how to undo it.
    public var cautions: [String]

    /// A resource of `type`.
    public init(
        type: String, source: String, version: String, offeringArgument: String = "", arguments: [Argument],
        blocks: [Block] = [], document: String, cautions: [String]
    ) {
        self.blocks = blocks
        self.type = type
        self.source = source
        self.version = version
        self.offeringArgument = offeringArgument
        self.arguments = arguments
        self.document = document
        self.cautions = cautions
    }
}

/// A purchase as a page of the vendor's console asks for it.
public struct PurchaseForm: Hashable, Sendable {
    /// Word for file names: small letters, digits and dashes.
    public var id: String
    /// Where the page is, and whether it takes a file.
    public var page: String
    /// What it asks for, in its words and order.
    public var fields: [PurchaseResource.Argument]

    /// A form.
    public init(id: String, page: String, fields: [PurchaseResource.Argument]) {
        self.id = id
        self.page = page
        self.fields = fields
    }
}
