import PlimsollCore
import Rating

/// The best purchases for a small estate by trying all that can be best: every count of machines and every step of
/// money, but for the product that is applied last: of that, the amounts at which in some hour it runs out just as a
/// line is served, rounded to steps both ways. With all others fixed the bill is linear between two such amounts, so
/// none between them is better. Knows nothing of the planner.
struct ExhaustiveSearch {
    let estate: SmallEstate
    /// Different hours, with how often there are.
    private var hours: [(usage: [Double], weight: Double)] = []
    /// What serves what, in the vendor's order.
    private var services: [(product: Int, line: Int, rate: Double)] = []

    /// What was found.
    struct Outcome {
        /// Steps of every product.
        var steps: [Int]
        /// The bill, by the rater.
        var cost: Money
        var tried: Int
    }

    init(_ estate: SmallEstate) {
        self.estate = estate
        var known: [[Int64]: Int] = [:]
        let lines = estate.input.usage
        for hour in lines[0].series.values.indices {
            let key = lines.map(\.series.values[hour])
            if let place = known[key] {
                hours[place].weight += 1
                continue
            }
            known[key] = hours.count
            hours.append((zip(lines, key).map { Double($1) / ($0.series.scale == 1 ? 10 : 1) }, 1))
        }
        for (index, product) in estate.products.enumerated() {
            for (line, rate) in product.rates.enumerated() {
                if let rate { services.append((index, line, rate)) }
            }
        }
        let unsorted = services
        services = unsorted.sorted { precedes($0, $1) }
    }

    private func precedes(
        _ left: (product: Int, line: Int, rate: Double), _ right: (product: Int, line: Int, rate: Double)
    ) -> Bool {
        let product = estate.products[left.product]
        func key(_ service: (product: Int, line: Int, rate: Double)) -> [Double] {
            let stage = Double(estate.products[service.product].stage)
            let line = estate.input.usage[service.line]
            let isOther = estate.ownerFirst && line.key.account != "payer"
            let saving = (service.rate / estate.prices[service.line] * 1e9).rounded()
            let own =
                switch product.order {
                case .size: [service.rate]
                case .saving: [saving, service.rate]
                case .billing: [Double(line.order)]
                }
            return [stage, isOther ? 1 : 0] + own + [Double(service.line), Double(service.product)]
        }
        return key(left).lexicographicallyPrecedes(key(right))
    }

    // MARK: Bills

    /// What is left of every line in an hour, with what is bought of every product.
    private func left(_ hour: Int, _ bought: [Double]) -> [Double] {
        var left = hours[hour].usage
        var room = bought
        for service in services {
            let need = left[service.line] * service.rate
            let taken = min(need, room[service.product])
            room[service.product] -= taken
            left[service.line] = taken == need ? 0 : left[service.line] - taken / service.rate
        }
        return left
    }

    func bill(_ steps: [Int]) -> Double {
        let bought = steps.indices.map { Double(steps[$0] + estate.held[$0]) * estate.products[$0].step }
        var sum = 0.0
        for hour in hours.indices {
            var each = 0.0
            for (line, amount) in left(hour, bought).enumerated() { each += amount * estate.paid[line] }
            for (product, count) in steps.enumerated() {
                each += Double(count + estate.held[product]) * estate.products[product].fee
            }
            sum += each * hours[hour].weight
        }
        return sum
    }

    /// The bill by the rater.
    func rated(_ steps: [Int]) throws -> Money {
        var input = estate.input
        for (product, count) in zip(estate.products, steps) where count > 0 {
            var item = product.item
            if product.isSpend {
                item.hourlyCommitment = Money(raw: Int128(count) * 1_000_000_000)
            } else {
                item.quantity = Quantity(count)
            }
            item.id = "bought-\(input.commitments.count)"
            input.commitments.append(item)
        }
        return try Rater.rate(input).total.effective
    }

    // MARK: The search

    func run() throws -> Outcome {
        // Later stages last: what they have left depends on the earlier ones.
        let order = estate.products.indices.sorted {
            (estate.products[$0].stage, $0) < (estate.products[$1].stage, $1)
        }
        let limits = estate.products.indices.map(limit)
        var best: [(steps: [Int], cost: Double)] = []
        var tried = 0
        var steps = [Int](repeating: 0, count: order.count)
        func descend(_ depth: Int) {
            let product = order[depth]
            guard depth < order.count - 1 else {
                for (count, cost) in amounts(product, steps, limit: limits[product]) {
                    tried += 1
                    guard best.count < 6 || cost < (best.last?.cost ?? 0) else { continue }
                    var found = steps
                    found[product] = count
                    best.insert((found, cost), at: best.firstIndex { cost < $0.cost } ?? best.count)
                    if best.count > 6 { best.removeLast() }
                }
                return
            }
            for count in 0...limits[product] {
                steps[product] = count
                descend(depth + 1)
            }
            steps[product] = 0
        }
        if !order.isEmpty { descend(0) }
        var outcome = Outcome(steps: steps, cost: try rated(steps), tried: tried)
        for found in best {
            let cost = try rated(found.steps)
            if cost < outcome.cost { (outcome.steps, outcome.cost) = (found.steps, cost) }
        }
        return outcome
    }

    /// The most steps of a product that could be used.
    private func limit(_ product: Int) -> Int {
        let most =
            hours.map { hour in
                zip(hour.usage, estate.products[product].rates).reduce(0.0) { $0 + $1.0 * ($1.1 ?? 0) }
            }.max() ?? 0
        return Int((most / estate.products[product].step - 1e-9).rounded(.up))
    }

    /// Steps of the product applied last that can be best, each with the bill.
    private func amounts(_ product: Int, _ steps: [Int], limit: Int) -> [(steps: Int, cost: Double)] {
        let (size, held) = (estate.products[product].step, Double(estate.held[product]) * estate.products[product].step)
        var bought = steps.indices.map { Double(steps[$0] + estate.held[$0]) * estate.products[$0].step }
        bought[product] = 0
        let mine = services.filter { $0.product == product }
        let rest = hours.indices.map { left($0, bought) }
        var found: Set<Int> = estate.products[product].isSpend ? [0] : Set(0...limit)
        for left in estate.products[product].isSpend ? rest : [] {
            var sum = -held
            for service in mine {
                sum += left[service.line] * service.rate
                found.insert(max(0, Int((sum / size + 1e-7).rounded(.down))))
                found.insert(max(0, Int((sum / size - 1e-7).rounded(.up))))
            }
        }
        var fees = 0.0
        for (other, count) in steps.enumerated() where other != product {
            fees += Double(count + estate.held[other]) * estate.products[other].fee
        }
        return found.sorted().map { count in
            var sum = 0.0
            let each = fees + Double(count + estate.held[product]) * estate.products[product].fee
            for (hour, left) in rest.enumerated() {
                var room = Double(count) * size + held
                var cost = each
                for line in left.indices { cost += left[line] * estate.paid[line] }
                for service in mine {
                    let taken = min(left[service.line] * service.rate, room)
                    room -= taken
                    cost -= taken / service.rate * estate.paid[service.line]
                }
                sum += cost * hours[hour].weight
            }
            return (count, sum)
        }
    }
}
