internal import PlimsollCore

/// A commitment-planning problem in integers: cells of demand, pools of capacity that serve them.
///
/// Minimise Σ fee·Q + Σ weight·price·(usage − served), where what a pool serves in an hour takes at most its
/// capacity, Q in the hours it is active in + existing, no cell is served beyond its usage, and Q keeps the rows. Searches may use floating point;
/// certificates are evaluated in these integers.
public struct PlanningModel: Sendable {
    /// Number of hours T.
    public var hours: Int
    /// What is used.
    public var cells: [PlanningCell]
    /// Usage in units of 10⁻quantityScale, a row for every cell.
    public var usage: HourTable
    /// Decimal places of `usage`.
    public var quantityScale: Int
    /// What can be bought or is held.
    public var pools: [PlanningPool]
    /// Limits that purchases keep.
    public var rows: [PlanningRow] = []
    /// What every purchase has to hold by the bill; rows state what follows from it for every plan.
    public var promises = Promises()
    /// The most that commitments may serve, bought and held together, at on-demand prices and weighted, in 10⁻¹²
    /// currency; nil = no limit.
    public var servedLimit: Int128?
    /// What a currency unit of usage in each hour counts for, in 10⁻¹²; empty = 1 throughout.
    public var weights: [Int64] = []
    /// Which pool serves which cell, in the vendor's order; empty = by priority of the pools, then by saving.
    public var order: [Service] = []

    /// That a pool serves a cell.
    public struct Service: Hashable, Sendable {
        /// The pool.
        public var pool: Int
        /// The cell.
        public var cell: Int
    }

    /// Σ weight·price·usage of the cells that some pool serves, rounded down, in 10⁻¹² currency.
    var servable: Int128 {
        let served = Set(pools.flatMap { $0.members.map(\.cell) })
        var sum: Int128 = 0
        for cell in served {
            for (hour, used) in usage.row(cell).enumerated() { sum += Int128(used) * Int128(price(of: cell, in: hour)) }
        }
        return sum / FixedPoint.power(quantityScale)
    }

    /// Weighted on-demand price of a cell's unit in an hour, rounded down.
    func price(of cell: Int, in hour: Int) -> Int64 {
        guard !weights.isEmpty else { return cells[cell].price }
        return Int64(clamping: Int128(cells[cell].price) * Int128(weights[hour]) / FixedPoint.one)
    }

    /// A problem without limits in which every hour counts alike; usage is cells × hours, one row after the other.
    public init(hours: Int, cells: [PlanningCell], usage: [Int64], quantityScale: Int, pools: [PlanningPool]) {
        self.init(
            cells: cells, usage: HourTable(usage, hours: hours), quantityScale: quantityScale, pools: pools)
    }

    /// A problem without limits in which every hour counts alike.
    public init(cells: [PlanningCell], usage: HourTable, quantityScale: Int, pools: [PlanningPool]) {
        hours = usage.hours
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

/// What each purchase has to keep, whatever else is bought.
public struct Promises: Sendable, Hashable {
    /// Least share of a commitment that is used, in ten-thousandths; nil = any.
    public var utilization: Int?
    /// The fall of all usage, in ten-thousandths, at which a commitment must still cost no more than what it serves
    /// would cost on demand; nil = none.
    public var fall: Int?

    /// No promise.
    public init() {}

    var isEmpty: Bool { utilization == nil && fall == nil }
}

/// A limit on purchases: the sum of coefficient × units bought is at most `limit`.
public struct PlanningRow: Sendable, Hashable {
    /// A pool's part.
    public struct Term: Sendable, Hashable {
        /// The pool.
        public var pool: Int
        /// What a unit of it counts for at least, in 10⁻¹²: what a proof may take it for.
        public var coefficient: Int64
        /// What a unit of it counts for at most, where it is sold in several ways: what a search has to keep.
        public var most: Int64

        /// A pool's part.
        public init(pool: Int, coefficient: Int64, most: Int64? = nil) {
            self.pool = pool
            self.coefficient = coefficient
            self.most = most ?? coefficient
        }
    }

    /// Unique name, for messages.
    public var id: String
    /// The pools it speaks of.
    public var terms: [Term]
    /// The limit, in 10⁻¹².
    public var limit: Int128
    /// Whether it is a limit over purchases, not one that follows for a single pool.
    var isShared = true

    /// A limit.
    public init(id: String, terms: [Term], limit: Int128) {
        self.id = id
        self.terms = terms
        self.limit = limit
    }

    /// Whether purchases keep it, whichever way they are made.
    func allows(_ units: (Int) -> Int128) -> Bool {
        terms.reduce(into: Int128(0)) { $0 += Int128($1.most) * units($1.pool) } <= limit * FixedPoint.one
    }
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
    /// Hours in which what is bought serves; nil = throughout. Such a pool holds nothing besides.
    public var active: Range<Int>?

    /// A pool without fee, holdings or step.
    public init(id: String, members: [PoolMember]) {
        self.id = id
        self.members = members
        existing = []
        step = 1
        priority = 0
    }
}
