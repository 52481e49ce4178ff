/// A commitment-planning problem in integers: cells of demand, pools of capacity that serve them.
///
/// Minimise Σ fee·Q + Σ price·(usage − served), where what a pool serves in an hour takes at most its
/// capacity Q + existing, and no cell is served beyond its usage. Searches may use floating point;
/// certificates are evaluated in these integers.
public struct PlanningModel: Sendable {
    /// Number of hours T.
    public var hours: Int
    /// What is used.
    public var cells: [PlanningCell]
    /// Usage in units of 10⁻quantityScale: cells × hours, one row of hours after the other.
    public var usage: [Int64]
    /// Decimal places of `usage`.
    public var quantityScale: Int
    /// What can be bought or is held.
    public var pools: [PlanningPool]
    /// Which pool serves which cell, in the vendor's order; empty = by priority of the pools, then by saving.
    public var order: [Service] = []

    /// That a pool serves a cell.
    public struct Service: Hashable, Sendable {
        /// The pool.
        public var pool: Int
        /// The cell.
        public var cell: Int
    }

    /// A problem.
    public init(hours: Int, cells: [PlanningCell], usage: [Int64], quantityScale: Int, pools: [PlanningPool]) {
        self.hours = hours
        self.cells = cells
        self.usage = usage
        self.quantityScale = quantityScale
        self.pools = pools
    }
}

/// One row of demand.
public struct PlanningCell: Sendable, Hashable {
    /// Name for messages.
    public var id: String
    /// On-demand price of one unit of usage, in 10⁻¹² currency.
    public var price: Int64

    /// A row of demand.
    public init(id: String, price: Int64) {
        self.id = id
        self.price = price
    }
}

/// That a pool serves a cell.
public struct PoolMember: Sendable, Hashable {
    /// The cell.
    public var cell: Int
    /// What one unit of usage takes from the pool, in 10⁻¹² pool units.
    public var rate: Int64

    /// A cell served at a rate.
    public init(cell: Int, rate: Int64) {
        self.cell = cell
        self.rate = rate
    }
}

/// The price of one pool unit over the whole window, in 10⁻¹² currency: an exact fraction.
public struct Fee: Sendable, Hashable {
    /// Numerator.
    public var numerator: Int128
    /// Denominator, positive.
    public var denominator: Int128

    /// `numerator` ÷ `denominator`, reduced.
    public init(numerator: Int128, denominator: Int128) {
        var (a, b) = (numerator.magnitude, denominator.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        let common = Int128(max(a, 1))
        self.numerator = numerator / common
        self.denominator = denominator / common
    }

    /// For searching.
    var value: Double { Double(numerator) / Double(denominator) }

    /// The largest whole number of 10⁻¹² currency not above the fee.
    public var floor: Int128 { numerator / denominator }
}

/// Capacity that serves some cells.
public struct PlanningPool: Sendable, Hashable {
    /// Unique name.
    public var id: String
    /// What it serves.
    public var members: [PoolMember]
    /// Price of one unit over the window; nil = cannot be bought, only held.
    public var fee: Fee?
    /// Held in each hour, in 10⁻⁶ pool units; empty = nothing.
    public var existing: [Int64]
    /// Smallest purchase, in 10⁻¹² pool units.
    public var step: Int64
    /// The vendor's order of pools: lower is applied first.
    public var priority: Int

    /// A pool without fee, holdings or step.
    public init(id: String, members: [PoolMember]) {
        self.id = id
        self.members = members
        existing = []
        step = 1
        priority = 0
    }
}
