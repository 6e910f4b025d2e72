import TerminalFrame

/// Where a key has its meaning.
package enum KeyScope: String, Sendable, Hashable, CaseIterable {
    case lab
    /// While a film is on; the lab's keys that only look hold too.
    case film
    case everywhere
    case form
    /// Rows for the line being typed, in a form or in the filter.
    case text
    case menu
    case stories
    case entry
    case help
    case filter

    /// The heading of its part of the help.
    package var title: String {
        switch self {
        case .everywhere: "Everywhere"
        case .lab: "In the lab"
        case .film: "In a film"
        case .form: "In a form"
        case .text: "While typing"
        case .menu: "In a menu"
        case .stories: "In the list of stories"
        case .entry: "In an opened entry"
        case .help: "In the help"
        case .filter: "In the filter line"
        }
    }

    /// Whose rows hold too when this scope has none for a key, in order.
    var fallbacks: [KeyScope] {
        switch self {
        case .everywhere: []
        case .form, .filter, .stories: [.text, .everywhere]
        case .film: [.lab, .everywhere]
        case .lab, .text, .menu, .entry, .help: [.everywhere]
        }
    }
}

/// One row of the key table.
package struct KeyBinding: Sendable {
    package let keys: [Key]
    /// How the keys are written: `Ctrl-C`, `1-9`.
    package let label: String
    package let scope: KeyScope
    package let action: Action
    /// One or two words for the footer.
    package let hint: String
    /// A phrase for the help and the key table of the README.
    package let help: String
    /// Its place in the footer, the smaller the earlier; nil keeps it out.
    package let rank: Int?
}

/// What every key does: the only place that says so.
///
/// Input, the footer, the help and the README's key table are all made from these rows.
package enum KeyTable {
    package static let all: [KeyBinding] =
        lab + timeline + film + everywhere + forms + text + menus + stories + entry + help + filter

    /// The row that `key` has in `scope`; rows of `everywhere` hold in each scope.
    package static func binding(_ key: Key, in scope: KeyScope) -> KeyBinding? {
        for scope in [scope] + scope.fallbacks {
            if let binding = lookup[Slot(scope: scope, key: key)] { return binding }
        }
        return nil
    }

    /// The rows of one scope, in the order of the help.
    package static func bindings(in scope: KeyScope) -> [KeyBinding] {
        all.filter { $0.scope == scope }
    }

    /// The row of an action.
    package static func binding(for action: Action) -> KeyBinding? {
        all.first { $0.action == action }
    }

    /// The whole table as Markdown, one part a scope.
    package static func markdown() -> String {
        KeyScope.allCases.map { scope in
            let rows = bindings(in: scope).map { "| `\($0.label)` | \($0.help) |" }
            return (["### \(scope.title)", "", "| key | what it does |", "|---|---|"] + rows).joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n"
    }

    private struct Slot: Hashable {
        let scope: KeyScope
        let key: Key
    }

    private static let lookup: [Slot: KeyBinding] = {
        var table: [Slot: KeyBinding] = [:]
        for binding in all {
            for key in binding.keys where table[Slot(scope: binding.scope, key: key)] == nil {
                table[Slot(scope: binding.scope, key: key)] = binding
            }
        }
        return table
    }()

    private static func row(
        _ keys: [Key], _ label: String, _ scope: KeyScope, _ action: Action, _ hint: String, _ help: String,
        rank: Int? = nil
    ) -> KeyBinding {
        KeyBinding(keys: keys, label: label, scope: scope, action: action, hint: hint, help: help, rank: rank)
    }

    private static func lab(
        _ key: Character, _ action: Action, _ hint: String, _ help: String, rank: Int? = nil
    ) -> KeyBinding {
        row([.character(key)], String(key), .lab, action, hint, help, rank: rank)
    }

    private static let everywhere: [KeyBinding] = [
        row([.control("c")], "Ctrl-C", .everywhere, .quit, "quit", "quit; devices that are logged in stay so"),
        row([.control("l")], "Ctrl-L", .everywhere, .redraw, "redraw", "draw the screen again"),
        row([.control("z")], "Ctrl-Z", .everywhere, .suspend, "suspend", "suspend; `fg` comes back"),
    ]

    private static let lab: [KeyBinding] = [
        lab("l", .signIn, "log in", "log in manually: app server first, then IM with the token", rank: 10),
        lab("r", .register, "register", "register a new person; the app server makes the account", rank: 12),
        lab("a", .automaticLogin, "automatic", "log in automatically with the saved token", rank: 11),
        lab("f", .forcedLogin, "forced", "log in automatically, forced: without the device check", rank: 13),
        lab("t", .tokenLogin, "by token", "log in manually with a typed account and token", rank: 22),
        lab("o", .logOut, "log out", "log out", rank: 14),
        lab("e", .echo, "echo", "send an echo frame, which stands for a message", rank: 15),
        lab("k", .kickOthers, "kick", "kick other clients of the same account", rank: 16),
        lab("n", .networkMenu, "network", "network: offline, silent, refusing; all, link or app server", rank: 17),
        lab("x", .cut, "cut", "cut the device's connections with a reset", rank: 20),
        lab("g", .toggleBackground, "fore/background", "send the app to the background, or bring it back", rank: 24),
        lab("R", .restartApp, "restart", "end the app's process without a logout and start it again", rank: 19),
        lab("E", .toggleRunning, "end/start", "end the app's process without a logout, or start it", rank: 26),
        lab("w", .renewNow, "renew", "let the app fetch a new token now", rank: 23),
        lab("v", .toggleToken, "show token", "show or hide the token", rank: 25),
        lab("u", .operatorMenu, "operator", "operator: ban, unban, kick, delete, update or refresh token", rank: 18),
        lab("s", .settingsMenu, "settings", "settings: SDK, product form, platform, device policy, tokens", rank: 18),
        lab("b", .backendMenu, "backend", "backend: its addresses, kill it, start it again", rank: 21),
        lab("m", .storiesMenu, "stories", "stories: the built-in ones, each played as a film", rank: 23),
        row([.tab], "Tab", .lab, .nextDevice, "next device", "select the next device", rank: 21),
        row([.backTab], "Shift-Tab", .lab, .previousDevice, "previous device", "select the device before"),
        row(
            (1...9).map { .character(Character("\($0)")) }, "1-9", .lab, .selectDevice, "device",
            "select a device by its number"),
        lab("+", .addDevice, "add device", "add a device, nine at the most", rank: 30),
    ]

    private static let timeline: [KeyBinding] = [
        row([.enter], "Enter", .lab, .inspect, "open", "open the selected entry: all fields, causes, rules", rank: 19),
        row([.up], "Up", .lab, .timelineUp, "older", "select the entry before"),
        row([.down], "Down", .lab, .timelineDown, "newer", "select the next entry"),
        row([.pageUp], "PgUp", .lab, .timelinePageUp, "page up", "one page back in the timeline"),
        row([.pageDown], "PgDn", .lab, .timelinePageDown, "page down", "one page on in the timeline"),
        row([.home], "Home", .lab, .timelineStart, "oldest", "select the oldest entry"),
        row([.end], "End", .lab, .timelineEnd, "newest", "select the newest entry and follow"),
        lab("/", .filter, "filter", "show only entries that contain a text", rank: 28),
        lab(
            "h", .toggleHeartbeats, "heartbeats", "show or hide routine: heartbeats that succeeded, look-ups", rank: 31),
        lab("d", .toggleLane, "this device", "show only what this device did, or everything", rank: 29),
        lab("z", .zoomTimeline, "zoom", "give the timeline the whole screen, and back", rank: 27),
        row([.escape], "Esc", .lab, .clear, "clear", "drop the filter and follow the newest entry"),
        lab("?", .help, "help", "this help", rank: 1),
        lab(":", .palette, "find a command", "find a command by its words", rank: 32),
        row([.character("q")], "q", .lab, .quit, "quit", "quit; devices that are logged in stay so", rank: 2),
    ]

    private static func film(
        _ key: Character, _ label: String, _ action: Action, _ hint: String, _ help: String, rank: Int
    ) -> KeyBinding {
        row([.character(key)], label, .film, action, hint, help, rank: rank)
    }

    private static let film: [KeyBinding] = [
        film(" ", "Space", .filmPlay, "play/pause", "play, or pause", rank: 10),
        film(".", ".", .filmStep, "step", "go on to the next entry, and pause", rank: 11),
        film("+", "+", .filmFaster, "faster", "twice as fast, up to 1024 times", rank: 12),
        film("-", "-", .filmSlower, "slower", "half as fast, down to the pace of the recording", rank: 13),
        film("0", "0", .filmRewind, "rewind", "back to the beginning", rank: 14),
        film("j", "j", .filmJump, "jump", "jump to an entry, forward or back, such as A-17", rank: 15),
        film("q", "q", .filmLeave, "back", "leave the film; the lab is as it was", rank: 2),
    ]

    private static let forms: [KeyBinding] = [
        row(
            [.enter], "Enter", .form, .formSubmit, "next field or send", "go to the next field; in the last one, send",
            rank: 10),
        row([.tab], "Tab", .form, .formNextField, "next field", "go to the next field", rank: 13),
        row([.backTab], "Shift-Tab", .form, .formPreviousField, "field before", "go to the field before"),
        row([.up], "Up", .form, .formUp, "person before", "the person or the choice before, or the field before"),
        row([.down], "Down", .form, .formDown, "next person", "the next person or choice, or the next field"),
        row([.control("t")], "Ctrl-T", .form, .formShowSecrets, "show secret", "show or hide typed secrets", rank: 12),
        row([.escape], "Esc", .form, .formCancel, "cancel", "leave without sending", rank: 11),
    ]

    private static let text: [KeyBinding] = [
        row([.left], "Left", .text, .textLeft, "left", "cursor left"),
        row([.right], "Right", .text, .textRight, "right", "cursor right"),
        row([.home, .control("a")], "Home", .text, .textHome, "start", "cursor to the start"),
        row([.end, .control("e")], "End", .text, .textEnd, "end", "cursor to the end"),
        row([.backspace, .control("h")], "Backspace", .text, .textBackspace, "erase", "erase before the cursor"),
        row([.delete, .control("d")], "Delete", .text, .textDelete, "erase", "erase at the cursor"),
        row([.control("u")], "Ctrl-U", .text, .textDeleteToStart, "erase line", "erase to the start", rank: 15),
        row([.control("w")], "Ctrl-W", .text, .textDeleteWord, "erase word", "erase the word before the cursor"),
    ]

    private static let menus: [KeyBinding] = [
        row([.up], "Up", .menu, .menuUp, "up", "the row before"),
        row([.down], "Down", .menu, .menuDown, "down", "the next row", rank: 11),
        row([.home], "Home", .menu, .menuFirst, "first", "the first row"),
        row([.end], "End", .menu, .menuLast, "last", "the last row"),
        row(
            [.enter], "Enter", .menu, .menuChoose, "choose", "do what the row says; its letter does it at once",
            rank: 10),
        row([.escape], "Esc", .menu, .menuBack, "back", "back", rank: 12),
    ]

    private static let stories: [KeyBinding] = [
        row([.up], "Up", .stories, .storyUp, "up", "the story before"),
        row([.down], "Down", .stories, .storyDown, "down", "the next story", rank: 12),
        row([.pageUp], "PgUp", .stories, .storyPageUp, "page up", "one page up"),
        row([.pageDown], "PgDn", .stories, .storyPageDown, "page down", "one page down", rank: 13),
        row([.home], "Home", .stories, .storyFirst, "first", "the first story"),
        row([.end], "End", .stories, .storyLast, "last", "the last story"),
        row(
            [.enter], "Enter", .stories, .storyPlay, "play it",
            "play the story in virtual time and show it as a film", rank: 10),
        row([.escape], "Esc", .stories, .storyBack, "back", "back to the lab", rank: 11),
    ]

    private static let entry: [KeyBinding] = [
        row([.up], "Up", .entry, .inspectUp, "scroll", "one line up"),
        row([.down], "Down", .entry, .inspectDown, "scroll", "one line down", rank: 11),
        row([.pageUp], "PgUp", .entry, .inspectPageUp, "page up", "one page up"),
        row([.pageDown], "PgDn", .entry, .inspectPageDown, "page down", "one page down"),
        row([.home], "Home", .entry, .inspectStart, "top", "to the top"),
        row([.end], "End", .entry, .inspectEnd, "bottom", "to the bottom"),
        row([.left], "Left", .entry, .inspectCause, "its cause", "go to the entry that caused it", rank: 12),
        row(
            [.right], "Right", .entry, .inspectEffect, "what it caused", "go to the first entry that it caused",
            rank: 13),
        row([.escape, .enter, .character("q")], "Esc", .entry, .inspectBack, "back", "back to the lab", rank: 10),
    ]

    private static let help: [KeyBinding] = [
        row([.up], "Up", .help, .helpUp, "up", "the row before"),
        row([.down], "Down", .help, .helpDown, "down", "the next row", rank: 12),
        row([.pageUp], "PgUp", .help, .helpPageUp, "page up", "one page up"),
        row([.pageDown], "PgDn", .help, .helpPageDown, "page down", "one page down", rank: 13),
        row([.enter], "Enter", .help, .helpRun, "do it", "do what the row says", rank: 11),
        row([.backspace, .control("h")], "Backspace", .help, .helpErase, "erase", "erase the last typed letter"),
        row([.escape], "Esc", .help, .helpBack, "back", "back to the lab", rank: 10),
    ]

    private static let filter: [KeyBinding] = [
        row([.enter], "Enter", .filter, .filterKeep, "keep", "keep the filter and go on", rank: 10),
        row([.escape], "Esc", .filter, .filterDrop, "drop", "drop the filter", rank: 11),
    ]
}
