import ArgumentParser

/// The program: what it is, and its commands.
struct Plimsoll: ParsableCommand {
    /// Every command, one file each. A new command is added here and nowhere else.
    static let commands: [any ParsableCommand.Type] = [
        RunCommand.self,
        ReportCommand.self,
        SweepCommand.self, BacktestCommand.self,
        RateCommand.self,
        PlanCommand.self,
        VerifyCommand.self,
        ImportCommand.self,
        LedgerCommand.self,
        CostsCommand.self,
        SQLCommand.self,
        ExportCommand.self,
        ValidateCommand.self,
        InitCommand.self,
        ReconcileCommand.self,
        DiffCommand.self,
        PricesCommand.self,
        PluginCommand.self,
        SchemaCommand.self,
        CollectCommand.self, PolicyCommand.self,
        DoctorCommand.self,
    ]

    static let configuration = CommandConfiguration(
        commandName: "plimsoll",
        abstract: "Multi-cloud costs: bill, plan and prove.",
        discussion: """
            Examples:
              plimsoll run Scenarios/quickstart/quickstart.yaml --out result
              plimsoll report result --format md
              plimsoll rate --usage usage.csv --commitments commitments.csv
              plimsoll prices show --region us-east-1 --sku m4.large
              plimsoll schema usage

            Data goes to standard output, everything else to standard error. Exit codes: 0 done, \
            3 the answer is no or partial, 64 wrong options, 65 wrong input, 66 no input, 69 a tool is \
            missing, 70 a bug, 73 cannot write, 130 interrupted.
            """,
        version: "0.1.0",
        subcommands: commands)
}
