public import PlimsollCore

/// Bills usage by the vendors' rules.
public enum Rater {
    /// The bill of `input`. Throws ``Failure`` for input that has no meaning; usage without a price is
    /// no error: it is listed in ``Bill/unpriced``.
    public static func rate(_ input: RatingInput) throws(Failure) -> Bill {
        Bill(
            currency: "", window: input.window, total: Amounts(), commitments: [], unpriced: [],
            warnings: [], rows: [], months: [])
    }
}
