import ArgumentParser
import Foundation
import LoginCore
import Providers

/// `latchkey explain`: what is known of a provider's codes and rules, with where each comes from.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Print a provider's codes and rules, each with its source.",
        usage: "latchkey explain <provider> [<subject>] [--json]")

    @Argument(help: "The provider: \(ProviderRegistry.all.map(\.id).joined(separator: ", ")).")
    var provider: String

    @Argument(
        parsing: .allUnrecognized,  // a code may be negative, which would be an option elsewhere
        help: ArgumentHelp("A code such as 302, or a rule's id; everything when left out.", valueName: "subject"))
    var subjects: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    private var subject: String? { subjects.first }

    mutating func validate() throws {
        // The mark before what is no option comes along with the rest.
        if let mark = subjects.firstIndex(of: "--") { subjects.remove(at: mark) }
        if let option = subjects.first(where: { $0.hasPrefix("-") && Int($0) == nil }) {
            throw ValidationError("Unknown option “\(option)”")
        }
        guard subjects.count <= 1 else { throw ValidationError("explain takes one code or rule at a time") }
    }

    func run() throws {
        guard let provider = ProviderRegistry.provider(provider) else {
            let known = ProviderRegistry.all.map(\.id).joined(separator: ", ")
            throw Failure("there is no provider “\(provider)”; the providers are: \(known).")
        }
        var codes = provider.generations.flatMap { generation in
            generation.policy.codes.map { Row(generation: generation, code: $0) }
        }
        var rules = provider.rules.rules
        if let subject {
            codes = codes.filter { String($0.code.code) == subject }
            let ids = Set(codes.map(\.code.rule) + [RuleID(subject)])
            rules = rules.filter { ids.contains($0.id) }
            if codes.isEmpty, rules.isEmpty {
                throw Failure(
                    "\(provider.title) has no code or rule “\(subject)” here; "
                        + "latchkey explain \(provider.id) lists them all.")
            }
        }
        let left = subject == nil ? provider.rules.notModelled : []
        if json {
            Streams.put(Self.json(codes, rules, left))
        } else {
            Streams.put(lines: Self.text(codes, rules, left))
        }
    }

    /// A code as one generation takes it.
    private struct Row {
        let generation: Generation
        let code: LoginPolicy.CodeRule

        /// What the client clears when a login ends so.
        var clears: String {
            if let clears = code.clears { return clears ? "what the SDK kept of the login" : "nothing" }
            return switch (code.kind.erasesSavedLogin(isManual: true), code.kind.erasesSavedLogin(isManual: false)) {
            case (true, true): "the saved login"
            case (true, false): "the saved login after a manual login"
            case (false, true): "the saved login after an automatic login"
            case (false, false): "nothing"
            }
        }
    }

    private static func text(_ codes: [Row], _ rules: [Rule], _ left: [NotModelled]) -> String {
        var lines: [String] = []
        for row in codes {
            let code = row.code
            lines.append("\(code.code)  \(code.name)  (\(row.generation.title))")
            lines.append("     \(code.meaning)")
            lines.append("     manual login: \(code.manual.rawValue); automatic login: \(code.automatic.rawValue)")
            lines.append("     clears \(row.clears)")
            lines.append("     rule \(code.rule)")
        }
        for rule in rules {
            lines.append("\(rule.id)  [\(rule.tag.rawValue)] \(rule.source)")
            lines.append("     \(rule.text)")
        }
        for item in left {
            lines.append("\(item.id)  not modelled: \(item.text)")
            lines.append("     because \(item.because)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func json(_ codes: [Row], _ rules: [Rule], _ left: [NotModelled]) -> String {
        let value = JSONValue.fields([
            "codes": .array(
                codes.map { row in
                    .fields([
                        "automatic": .string(row.code.automatic.rawValue), "clears": .string(row.clears),
                        "code": .integer(Int64(row.code.code)),
                        "generation": .string(row.generation.id), "kind": .string(row.code.kind.rawValue),
                        "manual": .string(row.code.manual.rawValue), "meaning": .string(row.code.meaning),
                        "name": .string(row.code.name), "rule": .string(row.code.rule.text),
                    ])
                }),
            "notModelled": .array(
                left.map { item in
                    .fields([
                        "because": .string(item.because), "id": .string(item.id.text), "text": .string(item.text),
                    ])
                }),
            "rules": .array(
                rules.map { rule in
                    .fields([
                        "id": .string(rule.id.text), "source": .string(rule.source),
                        "tag": .string(rule.tag.rawValue), "text": .string(rule.text),
                    ])
                }),
        ])
        return String(decoding: value.encoded(), as: UTF8.self) + "\n"
    }
}
