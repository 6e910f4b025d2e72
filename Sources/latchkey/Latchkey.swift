import ArgumentParser
import Foundation

/// The composition root: puts the parts together and gives them the real world.
@main
struct Latchkey: AsyncParsableCommand {
    /// What `--version` prints; the first line of CHANGELOG.md with a number.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "latchkey",
        abstract: "A login laboratory: the app side of an instant-messaging login, played in a terminal.",
        discussion: """
            Without a command it opens the lab on a backend of its own; latchkey tui --help lists the lab's options. \
            Everything runs on this machine's loopback addresses; no provider is contacted.
            """,
        version: version,
        subcommands: [
            TuiCommand.self, RunCommand.self, ReplayCommand.self, ListCommand.self, ExploreCommand.self,
            ServeCommand.self, ExplainCommand.self, MachineCommand.self, TokenCommand.self,
        ],
        defaultSubcommand: TuiCommand.self
    )

    /// Runs the command line; exit code 0 fine, 1 expectation failed, 2 could not run.
    static func main() async {
        // A peer that hangs up is an error where it is written to, not a signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Streams.complain(failure.sentence)
            Foundation.exit(failure.code)
        } catch {
            if exitCode(for: error) == .success {
                Streams.put("\(fullMessage(for: error))\n")
                Foundation.exit(0)
            }
            let first = CommandLine.arguments.dropFirst().first ?? ""
            let names = configuration.subcommands.map { $0._commandName }
            let command = names.contains(first) ? first : "tui"
            let message = message(for: error).split(separator: "\n").joined(separator: " ")
            let sentence = message.hasSuffix(".") ? message.dropLast() : message[...]
            Streams.complain("\(sentence); see latchkey \(command) --help.")
            Foundation.exit(Failure.couldNotRun)
        }
    }
}

/// An end of the program that is not fine, in one sentence that says what to do.
struct Failure: Error {
    static let couldNotRun: Int32 = 2

    let sentence: String
    let code: Int32

    init(_ sentence: String, code: Int32 = Failure.couldNotRun) {
        self.sentence = sentence
        self.code = code
    }
}
