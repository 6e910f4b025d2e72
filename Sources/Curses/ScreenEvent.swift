import TerminalFrame

/// What the terminal tells the program.
nonisolated package enum ScreenEvent: Hashable, Sendable {
    /// A key was pressed; Ctrl-C is one of them, Ctrl-Z never is.
    case key(Key)
    /// Something was typed that the locale has no character for.
    case untypable
    /// The screen has another size now; the picture is to be drawn anew.
    case resized(Size)
    /// The program is to end: a signal asked for it, or the terminal is gone. Told once, as the last event.
    case terminate
}
