import Foundation
import Testing

/// A terminal with a shell in it, played by a tmux server of its own.
struct Terminal: Sendable {
    /// What the shell writes when it waits for a command.
    static let prompt = "ready> "

    /// What was waited for did not come.
    struct Missing: Error, CustomStringConvertible {
        let wanted: String
        let screen: String

        var description: String { "\(wanted) did not appear; the screen is:\n\(screen)" }
    }

    let folder: Folder
    private let environment: [String: String]
    private let output: PaneOutput

    /// Runs `body` with a terminal, which is gone afterwards whatever happens.
    ///
    /// - Parameters:
    ///   - folder: Where the state is; a new one when left out.
    ///   - settings: Added to the shell's environment.
    static func with(
        columns: Int = 80, rows: Int = 24, folder: Folder? = nil, settings: [String: String] = [:],
        _ body: (Terminal) async throws -> Void
    ) async throws {
        await Turnstile.shared.enter()
        do {
            try await Terminal(folder: try folder ?? Folder())
                .run(columns: columns, rows: rows, settings: settings, body)
        } catch {
            await Turnstile.shared.leave()
            throw error
        }
        await Turnstile.shared.leave()
    }

    /// Runs `body` with a further terminal on the state of `other`.
    static func beside(_ other: Terminal, _ body: (Terminal) async throws -> Void) async throws {
        // Not through the turnstile: pairs that wait for each other's second terminal would wait for ever.
        try await Terminal(folder: other.folder).run(columns: 80, rows: 24, settings: [:], body)
    }

    private func run(
        columns: Int, rows: Int, settings: [String: String], _ body: (Terminal) async throws -> Void
    ) async throws {
        do {
            try await open(columns: columns, rows: rows, settings: settings)
            try await body(self)
        } catch {
            _ = try? await tmux("kill-server")
            throw error
        }
        try await tmux("kill-server")
    }

    private init(folder: Folder) throws {
        self.folder = folder
        output = try PaneOutput()
        let id = UUID().uuidString.prefix(8)
        environment = Program.environment(folder, ["TMUX_TMPDIR": folder.path, "SOCKET": "t\(id)"])
    }

    private func open(columns: Int, rows: Int, settings: [String: String]) async throws {
        // With env, since a shell that runs only a command forgets PS1.
        let shell =
            ["env", "PS1=\(Self.prompt)"] + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            + ["bash", "--norc", "--noprofile", "-i"]
        try await tmux(["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", folder.path] + shell)
        try await tmux("pipe-pane", "-O", "exec cat > '\(output.path)'")
        try await showsPrompt()
    }

    // MARK: Input

    /// Types text as it is.
    func type(_ text: String) async throws {
        try await tmux("send-keys", "-l", "--", text)
    }

    /// Types a command line for the shell.
    func command(_ line: String) async throws {
        try await type(line)
        try await tmux("send-keys", "Enter")
    }

    /// Starts the lab; `arguments` are the command line's.
    func start(_ arguments: String = "") async throws {
        try await command("\"$LATCHKEY\" \(arguments)")
        try await shows("● backend ready", "lantern-42", "q quit")
    }

    /// Logs in with what the login form offers.
    func logIn() async throws {
        try await press("l", "Enter", "Enter")
    }

    /// Asks the lab for something by its command's name.
    func ask(_ command: String) async throws {
        try await press(":")
        try await type(command)
        try await press("Enter")
    }

    /// Leaves the lab, and waits for the shell.
    func quit() async throws {
        try await press("q")
        try await showsPrompt()
    }

    /// Presses keys, written as in the README's walk.
    func press(_ keys: String...) async throws {
        for key in keys { try await press(key: key) }
    }

    private func press(key: String) async throws {
        if key.hasPrefix("type:") {
            try await type(String(key.dropFirst(5)))
        } else if key.count == 1 {
            try await type(key)
        } else if key == "Esc" {
            // Before another key it would be the start of a sequence. One that means nothing, in the same write, ends it.
            try await tmux(["send-keys", "-H"] + "\u{1B}\u{1B}[999z".utf8.map { String($0, radix: 16) })
        } else if key.hasPrefix("Ctrl-") {
            try await tmux("send-keys", "C-" + key.dropFirst(5).lowercased())
        } else {
            let names = ["Shift-Tab": "BTab", "PgUp": "PPage", "PgDn": "NPage"]
            try await tmux("send-keys", names[key] ?? key)
        }
    }

    /// Changes the size of the window.
    func resize(columns: Int, rows: Int) async throws {
        try await tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    // MARK: Output

    /// What is on the screen, trailing blanks cut off.
    func screen() async throws -> String {
        try await tmux("capture-pane", "-p")
    }

    /// The same with the escape sequences of its styles.
    func styledScreen() async throws -> String {
        try await tmux("capture-pane", "-p", "-e")
    }

    /// The same with everything that was scrolled out of it.
    func scrollback() async throws -> String {
        try await tmux("capture-pane", "-p", "-S", "-")
    }

    /// Waits until all of `texts` are on the screen, and returns it.
    @discardableResult
    func shows(_ texts: String...) async throws -> String {
        try await shows(all: texts)
    }

    @discardableResult
    func shows(all texts: [String]) async throws -> String {
        try await until(texts.map { "\"\($0)\"" }.joined(separator: " and ")) { screen in
            texts.allSatisfy(screen.contains)
        }
    }

    /// Waits until the shell waits for a command.
    @discardableResult
    func showsPrompt() async throws -> String {
        try await until("the shell's prompt") { screen in
            let last = screen.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) } ?? ""
            return last == Self.prompt.dropLast()
        }
    }

    /// Waits for a screen that is as wanted; for half a minute, since other work may share the machine.
    @discardableResult
    func until(_ wanted: String, _ isAsWanted: (String) throws -> Bool) async throws -> String {
        let end = ContinuousClock.now + .seconds(30)
        while true {
            let now = try await screen()
            if try isAsWanted(now) { return now }
            // What has been written since the last look is waited for no longer than that.
            guard await output.comes(before: end) else { throw Missing(wanted: wanted, screen: now) }
        }
    }

    /// What tmux knows of the pane, such as `cursor_flag`.
    func fact(_ name: String) async throws -> String {
        try await tmux("display-message", "-p", "#{\(name)}").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @discardableResult
    private func tmux(_ arguments: String...) async throws -> String {
        try await tmux(arguments)
    }

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        let ending = try await ChildProcess.run(
            "tmux", ["-L", environment["SOCKET"] ?? "", "-f", "/dev/null"] + arguments, environment: environment)
        guard ending.code == 0 else {
            throw ChildProcess.Problem(description: "tmux \(arguments.first ?? ""): \(ending.errors)")
        }
        return ending.output
    }
}

/// Lets a few terminals run at once, so that a small machine keeps up with each.
actor Turnstile {
    static let shared = Turnstile(places: 4)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        self.places = places
    }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            places += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
