internal import PlimsollCore

extension Compiler {
    /// Finds the pools of sustained use that the lines belong to.
    func addSustained(_ result: inout Compiled) {
        var pools: [SustainedPool.Key: Int] = [:]
        for index in result.cells.indices where result.cells[index].isOnDemand && !result.cells[index].isTiered {
            let key = result.cells[index].key
            guard let use = rules.sustainedUse(of: key, on: day) else { continue }
            let pool = pools[use.key] ?? result.sustained.count
            if pool == result.sustained.count {
                pools[use.key] = pool
                result.sustained.append(SustainedPool(key: use.key, rates: use.rates))
            }
            result.sustained[pool].cells.append(index)
            let isMachine = use.key.part.isEmpty
            result.cells[index].sustained = SustainedShare(
                pool: pool, weight: isMachine ? rules.cores(of: key, on: day) : FixedPoint.one,
                perMachine: isMachine ? FixedPoint.one : payer.lines[result.cells[index].line].unitsPerMachine?.raw)
        }
    }
}

extension CoverageRules {
    /// The pool of sustained use that usage belongs to on `day`, and what it is charged; nil where it has none.
    func sustainedUse(of key: UsageKey, on day: Day) -> (key: SustainedPool.Key, rates: SustainedRates)? {
        guard key.pricing != .spot, let program = program(of: key.provider, on: day), let uses = program.sustainedUse
        else { return nil }
        // The catalogue may have another word for the series than its SKUs have.
        let names = [facts.namedFamily(key.provider, key.sku), facts.family(key.provider, key.sku)].map {
            $0.lowercased()
        }
        guard let family = names.first(where: { name in uses.contains { $0.families.contains(name) } }) else {
            return nil
        }
        let use = uses.first { $0.families.contains(family) && !$0.exceptServices.contains(key.service) }
        guard let use else { return nil }
        let part = program.parts?.parts.first { key.sku.hasSuffix("/" + $0.suffix) }?.suffix ?? ""
        return (
            SustainedPool.Key(provider: key.provider, region: key.region, family: family, part: part),
            SustainedRates(use.rates)
        )
    }

    /// vCPUs of a machine that is not taken apart, in 10⁻¹²; 1 where nothing tells.
    fileprivate func cores(of key: UsageKey, on day: Day) -> Int128 {
        if let known = facts.cores(key.provider, key.sku), known != .zero { return known.raw }
        return program(of: key.provider, on: day)?.parts?.shape(of: key.sku)?.vcpu.raw ?? FixedPoint.one
    }
}
