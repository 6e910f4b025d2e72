import ArgumentParser
import Curses
import Foundation
import LoginCore
import Providers
import Scenarios
import Services
import TerminalFrame
import TerminalUI

/// `latchkey tui`: the lab.
struct TuiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tui", abstract: "Open the lab in this terminal, on a backend of its own or another one.")

    @Option(help: ArgumentHelp("Use the backend behind this app server instead of an own one.", valueName: "url"))
    var connect: String?

    @Option(
        help: ArgumentHelp(
            "With --connect: the file that holds the backend's operator key.", valueName: "file"))
    var operatorKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "With --connect to https: a PEM file of the authority to trust besides the system's.", valueName: "file"))
    var caFile: String?

    @Option(
        help: ArgumentHelp("Play this recording, or this story, on the screen in place of a lab.", valueName: "file"))
    var film: String?

    @Option(
        help: ArgumentHelp(
            "How long the recording may become, in MB on disk, 1 to 256; then it stops, and says so.", valueName: "mb"))
    var recordingLimit = 64

    @OptionGroup var run: RunOptions

    func validate() throws {
        guard (1...RecordingFile.longest / LabConfiguration.megabyte).contains(recordingLimit) else {
            throw ValidationError("--recording-limit takes a whole number from 1 to 256.")
        }
    }

    func run() async throws {
        if let film {
            let reel = try Film.Reel(file: film)
            guard let provider = ProviderRegistry.provider(reel.recording.provider) else {
                throw Failure("this build does not know \(reel.recording.provider).")
            }
            return try await Self.play(reel, provider: provider)
        }
        var trust = TLSTrust.system
        if let caFile {
            guard let own = TLSTrust(file: caFile) else {
                throw Failure("cannot read a certificate in PEM from \(caFile); check the path and what is in it.")
            }
            trust = own
        }
        let directory = try StateDirectory.path()
        let clock = LabClock.live(scale: run.timeScale)
        let provider = try run.chosenProvider()
        var chance = SystemRandomNumberGenerator()
        let configuration = LabConfiguration(
            stateDirectory: directory, startsFresh: run.fresh, clock: clock, seed: run.seed ?? chance.next(),
            isProviderChosen: run.provider != nil,
            connect: connect.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }, operatorKeyFile: operatorKeyFile,
            trust: trust, recordingLimit: recordingLimit * LabConfiguration.megabyte, log: FileLog(directory: directory)
        )
        try await Self.play(configuration, provider: provider)
    }

    @MainActor
    private static func play(_ reel: Film.Reel, provider: Provider) async throws {
        let screen = try openScreen()
        let box = EventBox()
        let loop = TerminalLoop(
            screen: screen, box: box, clock: reel.clock, model: Model(provider: provider, size: screen.size))
        let film = Film(reel, provider: provider) { box.post($0) }
        let running = Task { await film.run() }
        await loop.run { film.send($0) }
        screen.close()
        film.end()
        await running.value
    }

    @MainActor
    private static func openScreen() throws -> Screen {
        let isPlain = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        do {
            return try Screen.open(colour: !isPlain)
        } catch {
            throw Failure("\(error.message) A backend without a screen is latchkey serve.")
        }
    }

    @MainActor
    private static func play(_ configuration: LabConfiguration, provider: Provider) async throws {
        let screen = try openScreen()
        let box = EventBox()
        let loop = TerminalLoop(
            screen: screen, box: box, clock: configuration.clock,
            model: Model(provider: provider, size: screen.size))
        if !screen.isUTF8 {
            box.post(.message("this terminal's locale is not UTF-8, so the lab draws with ASCII"))
        }
        let lab = Lab(configuration, provider: provider) { box.post($0) }
        let running = Task { await lab.run() }
        await loop.run { lab.send($0) }
        screen.close()
        lab.end()
        if let sentence = await running.value { throw Failure(sentence) }
    }
}

/// What every run can be given.
struct RunOptions: ParsableArguments {
    @Option(
        help: "The provider: \(ProviderRegistry.all.map(\.id).joined(separator: ", ")); the first when left out.")
    var provider: String?

    @Option(
        help: ArgumentHelp("How many seconds pass in the lab in one real second, 1 to 1000.", valueName: "n"))
    var timeScale = 1

    @Flag(help: "Forget what earlier runs kept and start empty.")
    var fresh = false

    @Option(help: ArgumentHelp("What all chance of this run comes from; made at random when left out.", valueName: "n"))
    var seed: UInt64?

    /// The provider that is asked for, or the one that the lab opens with.
    func chosenProvider() throws -> Provider {
        guard let found = provider.map({ ProviderRegistry.provider($0) }) ?? ProviderRegistry.all.first else {
            let known = ProviderRegistry.all.map(\.id).joined(separator: ", ")
            throw Failure("there is no such provider; the providers are: \(known).")
        }
        return found
    }

    func validate() throws {
        guard (1...1000).contains(timeScale) else {
            throw ValidationError("--time-scale takes a whole number from 1 to 1000.")
        }
    }
}
