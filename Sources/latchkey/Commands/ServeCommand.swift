import ArgumentParser
import CloudServer
import Dispatch
import Foundation
import LoginCore
import Providers

/// `latchkey serve`: a backend for several terminals and for other people's clients.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Keep a backend up: app server, provider web API and IM link on loopback.",
        discussion:
            "It ends cleanly on SIGTERM, SIGINT and SIGHUP, and keeps accounts, tokens and bans for the next run.")

    @Flag(help: "Print one line of JSON with appServer, webAPI and imLink when it is ready.")
    var json = false

    @Option(help: ArgumentHelp("The app's key with the provider; made at random when left out.", valueName: "key"))
    var appKey: String?

    @Option(
        help: ArgumentHelp("The file that holds the app's secret with the provider.", valueName: "file"))
    var appSecretFile: String?

    @Option(help: ArgumentHelp("The app server's port; any free one when left out.", valueName: "port"))
    var appServerPort = 0

    @Option(help: ArgumentHelp("The web API's port; any free one when left out.", valueName: "port"))
    var webAPIPort = 0

    @Option(help: ArgumentHelp("The IM link's port; any free one when left out.", valueName: "port"))
    var imLinkPort = 0

    @Flag(help: "Speak TLS on all three listeners; the authority that vouches for them is written to a file.")
    var tls = false

    @OptionGroup var console: ConsoleOptions

    @OptionGroup var run: RunOptions

    func validate() throws {
        let provider = try run.chosenProvider()
        _ = try console.patch(for: provider)
        for (name, port) in [
            ("--app-server-port", appServerPort), ("--web-api-port", webAPIPort), ("--im-link-port", imLinkPort),
        ] where !(0...65_535).contains(port) {
            throw ValidationError("\(name) takes a port from 0 to 65535.")
        }
        if let problem = appKey.flatMap(provider.checkAppKey) {
            throw ValidationError("--app-key cannot be used: \(problem.message)")
        }
    }

    func run() async throws {
        let directory = try StateDirectory.path()
        let log = FileLog(directory: directory)
        let (ends, end) = AsyncStream<Void>.makeStream()
        let signals = endSignals { end.finish() }
        defer { signals.forEach { $0.cancel() } }
        let backend = Backend(
            BackendConfiguration(
                provider: try run.chosenProvider().id, stateDirectory: directory, startsFresh: run.fresh,
                appServerPort: appServerPort, webAPIPort: webAPIPort,
                imLinkPort: imLinkPort, appKey: appKey, appSecret: try appSecret(), usesTLS: tls,
                seed: run.seed, clock: .live(scale: run.timeScale), sink: Self.say,
                logger: log.logger("latchkey.backend")))
        let endpoints: BackendEndpoints
        do throws(BackendError) {
            endpoints = try await backend.start()
        } catch {
            throw Failure(error.message)
        }
        if let patch = try console.patch(for: try run.chosenProvider()) {
            try await ConsoleOptions.apply(patch, to: endpoints, clock: .live(scale: run.timeScale))
        }
        announce(endpoints, directory)
        for await _ in ends {}
        await backend.stop()
    }

    /// Tells the operator what the backend itself has to say, such as a state file that was set aside.
    private static func say(_ entry: TranscriptEntry) {
        guard entry.kind == .notice, entry.cause == nil else { return }  // a refused login has a cause
        Streams.complain(entry.title)
    }

    private func announce(_ endpoints: BackendEndpoints, _ directory: String) {
        let text: String
        if json {
            let value = JSONValue.fields([
                "appServer": .string(endpoints.appServer), "caFile": endpoints.authorityFile.map { .string($0) },
                "imLink": .string(endpoints.imLink), "webAPI": .string(endpoints.webAPI),
            ])
            text = String(decoding: value.encoded(), as: UTF8.self) + "\n"
        } else {
            let authority = endpoints.authorityFile
            let trust = authority.map { " --ca-file \($0)" } ?? ""
            let keys = endpoints.providers.map { "app key     \(endpoints.appKeys[$0] ?? "")  \($0)" }
                .joined(separator: "\n")
            text = """
                app server  \(endpoints.appServer)
                web API     \(endpoints.webAPI)
                IM link     \(endpoints.imLink)
                \(keys)
                operator    key in \(directory)/operator.key\(authority.map { "\nauthority   \($0)" } ?? "")

                Open a lab on it with: latchkey --connect \(endpoints.appServer)\(trust)

                """
        }
        Streams.put(text)
    }

    private func appSecret() throws -> Secret? {
        guard let appSecretFile else { return nil }
        guard let data = FileManager.default.contents(atPath: appSecretFile),
            let text = String(data: data, encoding: .utf8)?.trimmingCharacters(in: .whitespacesAndNewlines),
            !text.isEmpty, text.utf8.count <= 256
        else {
            throw Failure(
                "cannot read an app secret of 1 to 256 bytes from \(appSecretFile); check the path and what is in it.")
        }
        return Secret(text, kind: .appSecret)
    }
}

/// Sources for the signals that end a server; they report for as long as they are kept.
private func endSignals(_ report: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    [SIGTERM, SIGINT, SIGHUP].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: report)
        source.activate()
        return source
    }
}
