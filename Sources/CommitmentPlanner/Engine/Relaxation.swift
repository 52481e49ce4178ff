internal import PlimsollCore

/// A model in floating point, laid out for the hour loops: pools as a forest of nested scopes, cells renumbered
/// so that every scope's are a run of them, usage in tiles of eight hours.
struct Relaxation: Sendable {
    typealias Lanes = SIMD8<Double>

    let model: PlanningModel
    /// Hours handled side by side.
    static let tile = 8
    /// Places of the cells in the order of `price`, by the model's numbering; nil for cells no pool serves.
    let places: [Int?]
    /// Currency per unit of usage, by place.
    let price: [Double]
    /// Price of a pool's unit over the window, in currency; 0 for pools that are only held.
    let fee: [Double]
    /// Usage: tiles × places, eight hours each; hours beyond the window are 0.
    let usage: [Lanes]
    /// Held capacity, hours × pools; empty where nothing is held.
    let held: [Double]
    /// What a currency unit of usage counts for, by hour; empty = 1 throughout.
    let weights: [Double]
    /// Pools that are bought for a part of the window.
    let partial: [(pool: Int, active: Range<Int>)]
    /// On-demand cost of the cells that no pool serves.
    let unserved: Double
    /// Scopes, inner ones before the ones around them; pools that differ only in the size of their unit share one.
    let nodes: [ScopeForest.Node]
    /// Whether all scopes are nested or disjoint, so that hourly allocation is solved exactly.
    let isNested: Bool

    var hours: Int { model.hours }
    var poolCount: Int { model.pools.count }
    var cellCount: Int { price.count }
    var tileCount: Int { (model.hours + Self.tile - 1) / Self.tile }

    init(_ model: PlanningModel) {
        self.model = model
        let unit = Double(FixedPoint.one)
        let forest = ScopeForest(model.pools, cellCount: model.cells.count)
        nodes = forest.nodes
        isNested = forest.isNested
        places = forest.places
        fee = model.pools.map { ($0.fee?.value ?? 0) / unit }
        price = forest.cells.map { Double(model.cells[$0].price) / unit }
        usage = Self.tiled(model, forest.cells)
        held = Self.held(model)
        weights = model.weights.map { Double($0) / unit }
        partial = model.pools.enumerated().compactMap { index, pool in pool.active.map { (index, $0) } }
        unserved = Self.unserved(model, forest.places)
    }

    private static func tiled(_ model: PlanningModel, _ cells: [Int]) -> [Lanes] {
        let scale = 1 / Double(FixedPoint.power(model.quantityScale))
        let tiles = (model.hours + tile - 1) / tile
        var usage = [Lanes](repeating: .zero, count: tiles * cells.count)
        for (place, cell) in cells.enumerated() {
            for (hour, used) in model.usage.row(cell).enumerated() {
                usage[hour / tile * cells.count + place][hour % tile] = Double(used) * scale
            }
        }
        return usage
    }

    private static func held(_ model: PlanningModel) -> [Double] {
        guard model.pools.contains(where: { !$0.existing.isEmpty }) else { return [] }
        var held = [Double](repeating: 0, count: model.hours * model.pools.count)
        for (index, pool) in model.pools.enumerated() where !pool.existing.isEmpty {
            for hour in 0..<model.hours { held[hour * model.pools.count + index] = Double(pool.existing[hour]) * 1e-6 }
        }
        return held
    }

    private static func unserved(_ model: PlanningModel, _ places: [Int?]) -> Double {
        var sum = 0.0
        for cell in model.cells.indices where places[cell] == nil {
            let row = model.usage.row(cell)
            let amount =
                model.weights.isEmpty
                ? row.reduce(0.0) { $0 + Double($1) }
                : zip(row, model.weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) * 1e-12 }
            sum += amount * Double(model.cells[cell].price)
        }
        return sum / Double(FixedPoint.one) / Double(FixedPoint.power(model.quantityScale))
    }

    /// The on-demand cost of everything that some pool serves.
    func onDemand() -> Double {
        var sum = 0.0
        for tile in 0..<tileCount {
            var lanes = Lanes.zero
            for place in price.indices { lanes += usage[tile * cellCount + place] * price[place] }
            sum += (lanes * weight(ofTile: tile)).sum()
        }
        return sum
    }

    /// What the hours of a tile count for.
    func weight(ofTile tile: Int) -> Lanes {
        guard !weights.isEmpty else { return Lanes(repeating: 1) }
        var lanes = Lanes.zero
        for lane in 0..<min(Self.tile, hours - tile * Self.tile) { lanes[lane] = weights[tile * Self.tile + lane] }
        return lanes
    }

    /// The most a pool could ever use in an hour: more is never bought.
    func limits() -> [Double] {
        model.pools.map { pool in
            var most = 0.0
            for tile in 0..<tileCount {
                var sum = Lanes.zero
                for member in pool.members {
                    guard let place = places[member.cell] else { continue }
                    sum += usage[tile * cellCount + place] * (Double(member.rate) / Double(FixedPoint.one))
                }
                most = max(most, sum.max())
            }
            return most
        }
    }
}
