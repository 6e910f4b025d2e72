import Foundation
import Scenarios
import TerminalFrame

/// The program's standard output and standard error.
enum Streams {
    /// Writes text to standard output.
    ///
    /// A reader that has gone away, as `head` does, wants no more, and the program goes on to its end. Any other trouble,
    /// such as a full disk behind a redirection, ends it: what was asked for would be missing.
    static func put(_ text: String) {
        let trouble = write(text, to: STDOUT_FILENO)
        guard trouble != 0, trouble != EPIPE else { return }
        complain("standard output cannot be written: \(String(cString: strerror(trouble))).")
        Foundation.exit(Failure.couldNotRun)
    }

    /// Writes lines for people to standard output; on a terminal the long ones are folded between words.
    ///
    /// Elsewhere they stay whole, so that other programs find a line's words in it. Words of a story's file or of a server
    /// may stand in them: what would steer the terminal is not passed on.
    static func put(lines text: String) {
        put(legible(text, on: STDOUT_FILENO))
    }

    private static func legible(_ text: String, on descriptor: Int32) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let width = columns(of: descriptor) else {
            return lines.map(RecordingFile.harmless).joined(separator: "\n")
        }
        return Wrap.hanging(lines.map(DisplayWidth.drawable).joined(separator: "\n"), width: width)
    }

    /// How many columns the terminal behind a descriptor has; nil when there is none.
    static func columns(of descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Says one sentence on standard error, with the program's name before it.
    ///
    /// Words of the command line, of a file or of a server may stand in it: what would steer the terminal is not passed on.
    static func complain(_ sentence: String) {
        note(legible("latchkey: \(RecordingFile.harmless(sentence))", on: STDERR_FILENO) + "\n")
    }

    /// Writes text to standard error; there is nobody to tell when that fails.
    static func note(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// Writes all of `text`; answers 0 or the system's error number.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
