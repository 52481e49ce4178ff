/// Sums that FOCUS keeps whole over the rows of a commitment discount.
struct Conservation {
    /// The rule's id in the requirements model.
    var id: String
    /// The column it judges.
    var column: String
    /// What it asks.
    var text: String
    /// Columns without which it cannot be judged.
    var needs: [String]
    /// Rows `_row`, `value` of the commitments that offend.
    var sql: String

    /// All of them.
    static let all = [wholeTerm, status]

    /// What a charge of a commitment costs, with nothing for null.
    private static func sum(_ column: String, _ condition: String) -> String {
        "coalesce(sum(\(FocusRule.amount(column))) FILTER (WHERE \(condition)), 0)"
    }

    /// What was paid for a commitment is what its usage cost, once all that was bought has been used or lost. Quantities tell
    /// when: a purchase states what it buys, each usage row what of it is gone. A one-time purchase states the whole term,
    /// also where it pays for a part only.
    private static let wholeTerm = Conservation(
        id: "EffectiveCost-C-012-C", column: "EffectiveCost",
        text:
            "must sum to the purchases' BilledCost over the usage of a commitment, where the file has all that was bought",
        needs: [
            "EffectiveCost", "BilledCost", "ChargeCategory", "CommitmentDiscountId", "CommitmentDiscountQuantity",
            "ChargeFrequency",
        ],
        sql: """
            SELECT _row, CommitmentDiscountId || ': ' || CAST(used AS VARCHAR) || ' used, ' || CAST(paid AS VARCHAR) || ' billed' AS value
            FROM (SELECT CommitmentDiscountId, min(_row) AS _row,
                \(sum("EffectiveCost", "ChargeCategory = 'Usage'")) AS used,
                \(sum("BilledCost", "ChargeCategory = 'Purchase'")) AS paid,
                \(sum("CommitmentDiscountQuantity", "ChargeCategory = 'Usage'")) AS gone,
                \(sum("CommitmentDiscountQuantity", "ChargeCategory = 'Purchase'")) AS bought,
                \(sum("CommitmentDiscountQuantity", "ChargeCategory = 'Purchase' AND ChargeFrequency = 'One-Time'")) AS once
              FROM raw WHERE CommitmentDiscountId IS NOT NULL AND ChargeClass IS DISTINCT FROM 'Correction'
              GROUP BY CommitmentDiscountId)
            WHERE gone <> 0 AND (gone = bought OR gone = once) AND abs(used - paid) > 0.00001
            """)

    /// Usage of a commitment is used or unused, and nothing else.
    private static let status = Conservation(
        id: "EffectiveCost-C-013-C", column: "EffectiveCost",
        text: "must sum to that of used and unused rows over the usage of a commitment",
        needs: ["EffectiveCost", "ChargeCategory", "CommitmentDiscountId", "CommitmentDiscountStatus"],
        sql: """
            SELECT _row, CommitmentDiscountId || ': ' || CAST(all_of_it AS VARCHAR) || ', used and unused ' || CAST(told AS VARCHAR) AS value
            FROM (SELECT CommitmentDiscountId, min(_row) AS _row, \(sum("EffectiveCost", "ChargeCategory = 'Usage'")) AS all_of_it,
                \(sum("EffectiveCost", "ChargeCategory = 'Usage' AND CommitmentDiscountStatus IN ('Used', 'Unused')")) AS told
              FROM raw WHERE CommitmentDiscountId IS NOT NULL GROUP BY CommitmentDiscountId)
            WHERE all_of_it <> told
            """)
}
