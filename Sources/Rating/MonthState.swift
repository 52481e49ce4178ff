internal import PlimsollCore

/// What a billing account carries from one hour of a calendar month to the next, and not beyond it.
struct MonthState {
    /// How far into their tiers SKUs are.
    var tiers = TierState()
    /// How long what is pooled for sustained use was in use.
    var sustained: SustainedState

    /// The state at the beginning of `month`, which may be cut off by the window: fractions are of the whole
    /// calendar month all the same.
    init(_ month: HourGrid) {
        let first = month.start.monthStart
        sustained = SustainedState(monthHours: first.nextMonth.index - first.index)
    }
}
