import Foundation
import Synchronization

/// Ctrl-C during work that can end early and still say what it has found.
///
/// The first one is a wish, which the work heeds where it can; the second ends the program at once.
enum Interrupt {
    private static let asked = Atomic(false)

    /// Whether somebody wishes that the work ends.
    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Takes the next Ctrl-C as a wish, unless whoever started the program wants it to be ignored.
    static func watch() {
        _ = isAsked  // so that it is made before a signal needs it
        var action = sigaction()
        sigaction(SIGINT, nil, &action)
        guard action.__sigaction_handler.sa_handler == nil else { return }  // there is no handler in the default
        // Nothing is called here but what a signal's handler may call.
        action.__sigaction_handler.sa_handler = { _ in
            Interrupt.asked.store(true, ordering: .relaxed)
            let words: StaticString = "\r\u{1B}[Kending after the worlds under way; Ctrl-C again ends at once\n"
            _ = Foundation.write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
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
