import Foundation
import Synchronization

/// Ctrl-C during work that can end early and still say what it has found.
///
/// The first one is a wish, which the work heeds where it can; the second ends the program at once.
enum Interrupt {
    private static let asked = Atomic(false)
    /// Whether a line that says how far the work is may stand where the words go.
    private static let isOnTerminal = isatty(STDERR_FILENO) == 1

    /// Whether somebody wishes that the work ends.
    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Takes the next Ctrl-C as a wish, unless whoever started the program wants it to be ignored.
    static func watch() {
        _ = (isAsked, isOnTerminal)  // so that they are made before a signal needs them
        var action = sigaction()
        sigaction(SIGINT, nil, &action)
        guard action.__sigaction_handler.sa_handler == nil else { return }  // there is no handler in the default
        // Nothing is called here but what a signal's handler may call.
        action.__sigaction_handler.sa_handler = { _ in
            Interrupt.asked.store(true, ordering: .relaxed)
            let trouble = errno
            let start: StaticString = Interrupt.isOnTerminal ? "\r\u{1B}[K" : ""
            let words: StaticString = "ending after the worlds under way; Ctrl-C again ends at once\n"
            _ = Foundation.write(STDERR_FILENO, start.utf8Start, start.utf8CodeUnitCount)
            _ = Foundation.write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
            errno = trouble
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        sigaction(SIGINT, &action, nil)
    }

    /// Ends the program as the signal would have, so that a script around it ends, too.
    static func end() -> Never {
        signal(SIGINT, SIG_DFL)
        raise(SIGINT)
        Foundation.exit(128 + SIGINT)
    }
}
