import ArgumentParser
import Foundation
import LoginCore
import Providers
import Scenarios

/// `latchkey machine`: the state machines as a search through them finds them.
struct MachineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machine",
        abstract: "Print the state machines as Mermaid diagrams, found by a search through every event in every state.")

    @Argument(help: "The provider: \(ProviderRegistry.all.map(\.id).joined(separator: ", ")).")
    var provider = ProviderRegistry.all[0].id

    @Option(help: ArgumentHelp("Which of the provider's SDKs; the usual one when left out.", valueName: "name"))
    var generation: String?

    @Option(help: ArgumentHelp("How many events deep to search, 1 to 1000.", valueName: "n"))
    var depth = MachineSearch.usualDepth

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(depth) else { throw ValidationError("--depth takes a whole number from 1 to 1000.") }
    }

    func run() throws {
        let policy: LoginPolicy
        do throws(DeedProblem) {
            policy = try DeviceKind(provider: provider, generation: generation).generation.policy
        } catch {
            throw Failure("\(error).")
        }
        let graphs =
            [MachineSearch.sdk(policy, depth: depth)]
            + ProductForm.allCases.map { MachineSearch.app(policy, form: $0, depth: depth) }
        let text =
            json
            ? String(decoding: JSONValue.array(graphs.map(\.json)).encoded(), as: UTF8.self) + "\n"
            : graphs.map(\.text).joined(separator: "\n")
        Streams.put(text)
        if graphs.contains(where: { !$0.problems.isEmpty }) { Foundation.exit(1) }
    }
}
