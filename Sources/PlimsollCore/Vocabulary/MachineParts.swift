/// How the usage of a machine is taken apart into what a vendor prices and commits it by: the SKUs
/// `FAMILY/SUFFIX`, such as `n2/vcpu`.
public struct MachineParts: Hashable, Sendable, Codable {
    /// What a part counts.
    public enum Measure: String, Sendable, Codable {
        /// Virtual CPUs of the machine.
        case vcpu
        /// GiB of its memory.
        case memory
        /// Its GPUs; their SKU begins with the GPU's model instead of the family.
        case gpu
    }

    /// One kind of part.
    public struct Part: Hashable, Sendable, Codable {
        /// What stands behind the family: `vcpu`.
        public var suffix: String
        /// What it counts.
        public var measure: Measure

        /// A kind of part.
        public init(suffix: String, measure: Measure) {
            self.suffix = suffix
            self.measure = measure
        }
    }

    /// The kinds of parts.
    public var parts: [Part]
    /// GiB of memory for each vCPU by the name of a type without its number (`n2-standard` of `n2-standard-8`),
    /// as decimal strings: for machines that the catalogue does not have.
    public var shapes: [String: String]

    /// Parts of machines.
    public init(parts: [Part], shapes: [String: String]) {
        self.parts = parts
        self.shapes = shapes
    }

    /// vCPUs and GiB of a machine by its name: `n2-standard-8`, or `n2-custom-4-8192` with MiB; nil where the
    /// name does not tell.
    public func shape(of sku: String) -> (vcpu: Quantity, memory: Quantity)? {
        let words = sku.split(separator: "-").map(String.init)
        if words.count == 4, words[1] == "custom", let cores = Int(words[2]), let mebi = Int(words[3]) {
            guard cores > 0, cores < 10_000, mebi > 0, mebi < 1 << 30 else { return nil }
            return (Quantity(cores), Quantity(raw: Int128(mebi) * FixedPoint.one / 1_024))
        }
        guard let last = words.last, let cores = Int(last), cores > 0, cores < 10_000 else { return nil }
        guard let perCore = shapes[words.dropLast().joined(separator: "-")].flatMap({ Quantity($0) }) else {
            return nil
        }
        return (Quantity(cores), Quantity(raw: perCore.raw * Int128(cores)))
    }

    /// Whether a SKU is a part of a machine, not a machine.
    public func isPart(_ sku: String) -> Bool {
        parts.contains { sku.hasSuffix("/" + $0.suffix) }
    }
}
