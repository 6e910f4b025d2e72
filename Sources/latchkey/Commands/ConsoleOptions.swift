import ArgumentParser
import CloudServer
import LoginCore
import NIOPosix
import Providers
import Services

/// `--console NAME=VALUE`: settings of the provider's console, in its own names.
struct ConsoleOptions: ParsableArguments {
    @Option(
        name: .customLong("console"),
        help: ArgumentHelp(
            "A setting of the provider's console in its own name, such as webhookURL=http://127.0.0.1:9000/status; "
                + "several are allowed, a list has commas.", valueName: "name=value"))
    var settings: [String] = []

    /// The change that the settings ask for; nil without any.
    func patch(for provider: Provider) throws -> AppServerSettingsPatch? {
        guard !settings.isEmpty else { return nil }
        let known = provider.consoleSettings.members ?? []
        var members: [JSONMember] = []
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--console takes NAME=VALUE.") }
            guard let found = known.first(where: { $0.name == parts[0] }) else {
                let names = known.map(\.name).joined(separator: ", ")
                throw ValidationError("\(provider.title)'s console has no such setting; it has: \(names).")
            }
            guard let value = Self.value(parts[1], like: found.value) else {
                throw ValidationError("--console \(found.name) takes \(Self.wanted(found.value)).")
            }
            members.removeAll { $0.name == found.name }
            members.append(JSONMember(found.name, value))
        }
        return AppServerSettingsPatch(provider: .object(members))
    }

    /// Changes the settings of a backend that runs; they stay for the next run.
    static func apply(_ patch: AppServerSettingsPatch, to endpoints: BackendEndpoints, clock: LabClock) async throws {
        let trust = endpoints.authority.flatMap { TLSTrust(pem: $0) } ?? .system
        let http = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton, trust: trust)
        let answer = await OperatorClient(
            http: http, base: endpoints.appServer, key: endpoints.operatorKey, provider: nil, clock: clock
        ).send(.changeSettings(patch))
        await http.shutdown()
        if case .failure(let failure) = answer { throw Failure(failure.sentence + ".") }
    }

    /// `text` as a value of the same type as `known`; nil when it is none.
    private static func value(_ text: String, like known: JSONValue) -> JSONValue? {
        switch known {
        case .bool: ["true": .bool(true), "yes": .bool(true), "false": .bool(false), "no": .bool(false)][text]
        case .integer: Int64(text).map { .integer($0) }
        case .array(let items):
            list(text.split(separator: ",").map(String.init), like: items.first ?? .string(""))
        default: .string(text)
        }
    }

    private static func list(_ texts: [String], like known: JSONValue) -> JSONValue? {
        let values = texts.compactMap { value($0, like: known) }
        return values.count == texts.count ? .array(values) : nil
    }

    private static func wanted(_ known: JSONValue) -> String {
        switch known {
        case .bool: "yes or no"
        case .integer: "a whole number"
        case .array: "a list with commas"
        default: "a text"
        }
    }
}
