import Foundation
import Solver
import Testing

@Suite struct FailureTests {
    @Test func `every fault of a model is reported by name`() throws {
        var model = LinearModel(offset: .nan)
        let x = model.addVariable("x", lower: .nan, cost: .infinity)
        let y = model.addVariable("y", upper: 1e25)
        model.addVariable("y")
        model.addConstraint("r", [.init(.infinity, x), .init(1e-14, y)], lower: .infinity)
        model.addConstraint("r", [.init(1, x)])
        let faults = model.faults().map(\.description)
        #expect(
            faults == [
                "the offset is nan",
                "variable `x` has the lower bound nan",
                "variable `x` has the cost inf",
                "variable `y` has the upper bound 1e+25",
                "row `r` has the lower bound inf",
                "row `r` has the coefficient inf of `x`",
                "row `r` has the coefficient 1e-14 of `y`",
                "two variables are named `y`",
                "two rows are named `r`",
            ])
        let failure = #expect(throws: SolverFailure.self) { try Solver.solve(model) }
        #expect(failure?.code == .badModel)
        #expect(failure?.message.contains("variable `x` has the lower bound nan") == true)
    }

    @Test func `nameless variables and rows go by their position`() {
        var model = LinearModel()
        let first = model.addVariable()
        model.addVariable()
        let row = model.addConstraint("", [.init(1, first)], upper: 1)
        #expect(model.faults().isEmpty)
        #expect(model.name(of: first) == "variable 0")
        #expect(model.name(of: row) == "row 0")
    }

    @Test func `options out of range are refused by name`() {
        var options = SolverOptions()
        options.relativeGap = -1
        let failure = #expect(throws: SolverFailure.self) {
            try Solver.solve(LinearModel(), options: options)
        }
        #expect(failure?.code == .badOption)
        #expect(failure?.message.contains("`relativeGap`") == true)
    }

    @Test func `the library says where and what it is`() throws {
        #expect(Solver.isAvailable)
        #expect(try Solver.version().split(separator: ".").count == 3)
        #expect(Solver.libraryPath?.contains("libhighs") == true)
    }

    // A process loads the library once, so each of these is a process of its own.

    @Test func `a chosen library that is not there is an error that names it`() async {
        await #expect(processExitsWith: .success) {
            setenv("PLIMSOLL_HIGHS", "/nonexistent/libhighs.so.1", 1)
            let failure = #expect(throws: SolverFailure.self) { try Solver.version() }
            #expect(failure?.code == .missingLibrary)
            #expect(
                failure?.message.hasPrefix("PLIMSOLL_HIGHS: `/nonexistent/libhighs.so.1` cannot be loaded")
                    == true)
            #expect(!Solver.isAvailable)
            #expect(Solver.libraryPath == nil)
            #expect(throws: SolverFailure.self) { try Solver.solve(LinearModel()) }
        }
    }

    @Test func `a chosen file that is no library of the kind is an error`() async {
        await #expect(processExitsWith: .success) {
            let file = FileManager.default.temporaryDirectory.appending(path: "no-highs-\(getpid())")
            try Data("text".utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            setenv("PLIMSOLL_HIGHS", file.path, 1)
            let failure = #expect(throws: SolverFailure.self) { try Solver.version() }
            #expect(failure?.message.contains("cannot be loaded") == true)
        }
    }

    @Test func `a chosen library is the one used`() async throws {
        let path = try #require(Solver.libraryPath)
        try #require(path.hasPrefix("/"))
        await #expect(processExitsWith: .success) { [path = path as String] in
            setenv("PLIMSOLL_HIGHS", path, 1)
            #expect(Solver.libraryPath == path)
            #expect((try? Solver.solve(LinearModel()))?.status == .optimal)
        }
    }
}
