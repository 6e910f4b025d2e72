import Foundation
import Glibc
import Synchronization

/// A program that a test starts, listens to and ends.
///
/// Its blocking calls run on threads of their own, so that no other test has to wait for them.
final class ChildProcess: Sendable {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// How a program ended.
    struct Ending: Equatable {
        /// The exit code, or 128 and the signal's number.
        let code: Int32
        let output: String
        let errors: String
    }

    private struct State {
        var pending: [UInt8] = []
        var code: Int32?
    }

    let id: pid_t
    private let output: CInt
    private let errors: CInt
    private let state = Mutex(State())

    /// Starts `program`.
    ///
    /// - Parameters:
    ///   - environment: All of its environment.
    ///   - input: The file that it reads; an empty one when left out.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], input: String = "/dev/null"
    ) throws {
        var out: [CInt] = [0, 0]
        var err: [CInt] = [0, 0]
        // Socket pairs, since they can be made so that no child started meanwhile inherits them.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &out) == 0, socketpair(AF_UNIX, kind, 0, &err) == 0 else {
            throw Problem(description: "no socket pair: \(String(cString: strerror(errno)))")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO)
        // A tmux server lives on: sockets of other tests that it inherited would never close.
        for descriptor in (STDERR_FILENO + 1)..<min(getdtablesize(), 4096) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // The threads that run tests block most signals, and a program that blocks SIGTERM cannot be told to end.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let settings = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var started: pid_t = 0
        let code = posix_spawnp(&started, program, &actions, &attributes, words, settings)
        Glibc.close(out[1])
        Glibc.close(err[1])
        guard code == 0 else {
            Glibc.close(out[0])
            Glibc.close(err[0])
            throw Problem(description: "cannot start \(program): \(String(cString: strerror(code)))")
        }
        (id, output, errors) = (started, out[0], err[0])
    }

    deinit {
        if state.withLock({ $0.code }) == nil {
            kill(id, SIGKILL)
            _ = Self.wait(for: id)
        }
        Glibc.close(output)
        Glibc.close(errors)
    }

    /// Runs `program` to its end.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String], input: String = "/dev/null"
    ) async throws -> Ending {
        try await ChildProcess(program, arguments, environment: environment, input: input).ending()
    }

    /// The next line of its output, without the line's end; nil when there is no more.
    func line() async -> String? {
        await blocking { [self] in
            while true {
                let line = state.withLock { state -> String? in
                    guard let end = state.pending.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
                    let line = String(decoding: state.pending[..<end], as: UTF8.self)
                    state.pending.removeFirst(end + 1)
                    return line
                }
                if let line { return line }
                let bytes = Self.read(output)
                if bytes.isEmpty { return nil }
                state.withLock { $0.pending += bytes }
            }
        }
    }

    /// Sends a signal.
    func send(_ signal: CInt) {
        if state.withLock({ $0.code }) == nil { kill(id, signal) }
    }

    /// Waits until it has ended, and returns what it wrote after the lines that were read.
    func ending() async -> Ending {
        async let errors = blocking { [errors] in String(decoding: Self.readAll(errors), as: UTF8.self) }
        let rest = await blocking { [output] in Self.readAll(output) }
        let code = await blocking { [id] in Self.wait(for: id) }
        let pending = state.withLock { state in
            state.code = code
            defer { state.pending = [] }
            return state.pending
        }
        return Ending(code: code, output: String(decoding: pending + rest, as: UTF8.self), errors: await errors)
    }

    private static func wait(for id: pid_t) -> Int32 {
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private static func read(_ descriptor: CInt) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            return Array(buffer[..<max(0, count)])
        }
    }

    private static func readAll(_ descriptor: CInt) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = read(descriptor)
            if bytes.isEmpty { return all }
            all += bytes
        }
    }
}

/// Runs something that blocks on a thread that may.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(returning: body()) }
    }
}
