import Glibc
import Synchronization

struct ChildProblem: Error {
    let code: CInt
}

/// A running store-exerciser.
///
/// Its calls block: use them on a thread that may.
final class Child {
    private let id: pid_t
    private let output: CInt
    private var input: CInt
    private var pending: [UInt8] = []
    private var isOver = false

    /// Starts the exerciser that was built beside the test bundle.
    init(_ arguments: [String]) throws {
        let program = try Self.productsDirectory() + "/store-exerciser"
        // One at a time, lest a sibling started in between keeps the pipes' ends open.
        (id, input, output) = try Self.starting.withLock { _ in try Self.start(program, arguments) }
    }

    private static let starting = Mutex(())

    private static func start(
        _ program: String,
        _ arguments: [String]
    ) throws -> (id: pid_t, input: CInt, output: CInt) {
        var toChild: [CInt] = [0, 0]
        var fromChild: [CInt] = [0, 0]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw ChildProblem(code: errno) }
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var started: pid_t = 0
        let code = posix_spawn(&started, program, &actions, nil, words, environ)
        close(toChild[0])
        close(fromChild[1])
        guard code == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw ChildProblem(code: code)
        }
        return (started, toChild[1], fromChild[0])
    }

    deinit {
        kill()
        close(output)
    }

    /// The next line it printed; nil when it has ended.
    func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                return line
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
    }

    /// Every line from here to its end.
    func rest() -> [String] {
        var lines: [String] = []
        while let next = line() { lines.append(next) }
        return lines
    }

    /// `kill -9`, and waits until it is gone; what it printed can still be read.
    func kill() {
        guard !isOver else { return }
        Glibc.kill(id, SIGKILL)
        wait()
    }

    /// Lets a holding child end by itself.
    func finish() {
        guard !isOver else { return }
        close(input)
        input = -1
        wait()
    }

    private func wait() {
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        isOver = true
        if input >= 0 { close(input) }
        input = -1
    }

    private static func productsDirectory() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw ChildProblem(code: errno) }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    }
}
